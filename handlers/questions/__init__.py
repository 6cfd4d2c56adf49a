"""Questions people ask: answered from what is known, from the tables, or by the desk."""

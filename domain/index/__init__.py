"""The index of a regency: the estimate, and what would raise it."""

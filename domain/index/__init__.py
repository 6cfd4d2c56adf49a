"""The index of a regency: the estimate, what may be said of it, and what would raise it."""

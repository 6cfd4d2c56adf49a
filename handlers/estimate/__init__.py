"""The estimate of the index: what it is, why, and what would raise it."""

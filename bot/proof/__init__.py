"""The proof pack: what an auditor is given, and how it is verified without us."""

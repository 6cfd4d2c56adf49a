"""What people ask about: the entries, and finding them by their words."""

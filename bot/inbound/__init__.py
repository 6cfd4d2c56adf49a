"""From what the platform delivers to a finished turn."""

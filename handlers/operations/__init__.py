"""What the desk decides after the machine had trouble."""

"""From a committed row of the outbox to the platform, at its pace."""

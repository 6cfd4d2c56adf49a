"""Reminders as people meet them: the plan, putting off, what is expected now."""

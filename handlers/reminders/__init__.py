"""What people see of reminders: the plan, postponing, and their tasks now."""

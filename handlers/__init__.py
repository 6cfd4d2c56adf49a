"""What the bot does when somebody says something: one module per command, its words beside it."""

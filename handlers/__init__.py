"""What the bot does when a person says something: a module for each command, with its texts beside it."""

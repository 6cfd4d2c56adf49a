"""What the bot does when a person says something: a room for each part of the work, its texts beside it."""

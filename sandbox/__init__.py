"""An emulated platform with a chat page: the bot is used with no token and no network."""

"""Two emulated platforms with a page of phones: the bot is used with no token and no network."""

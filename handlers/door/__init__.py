"""The commands about oneself: start, help, language, privacy, cancel."""

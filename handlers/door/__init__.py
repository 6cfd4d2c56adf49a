"""The commands about oneself: start, help, language, linking, privacy, cancel."""

"""Coming in, being helped, going out: start, help, language, privacy, cancel."""

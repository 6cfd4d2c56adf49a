"""The program around the rules: settings, processes, HTTP, channels, dispatcher, sender, command line."""

__version__ = "0.1.0"

"""The shell: settings, processes, HTTP, channels, dispatcher, sender, command line."""

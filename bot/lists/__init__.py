"""Reads the spreadsheets that offices send: behind gates for size and shape, in a process of its own."""

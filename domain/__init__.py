"""The rules of the desk as pure functions: time, tables and texts are arguments."""

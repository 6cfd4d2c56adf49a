"""The rules, pure: told the time, the tables and the words, asking for nothing."""

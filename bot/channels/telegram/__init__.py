"""Telegram: calls, parsing, markup."""

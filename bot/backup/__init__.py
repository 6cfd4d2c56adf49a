"""Copies of database and evidence, and their way back."""

"""Decides who gets an unasked message, when, and in which words."""

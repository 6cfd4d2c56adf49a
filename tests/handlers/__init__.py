"""Tests of what the bot does when somebody says something."""

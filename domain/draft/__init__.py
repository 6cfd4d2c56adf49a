"""A draft of an innovation: its facts, the questions that apply, and what it must contain to be sent."""

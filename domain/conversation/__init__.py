"""The conversation over the form: one pure step from what a person said to what is kept and said back."""

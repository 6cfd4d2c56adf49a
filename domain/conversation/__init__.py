"""The conversation over the form: a pure function from what a person said to what is kept and said back."""

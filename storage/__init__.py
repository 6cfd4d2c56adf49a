"""What is kept: SQL above the function that runs it, plain functions that take a transaction."""

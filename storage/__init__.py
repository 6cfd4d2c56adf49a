"""The tables: each SQL statement stands above the function that runs it, in a given transaction."""

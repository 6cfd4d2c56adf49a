"""What runs the SQL: the database, its driver, its migrations."""

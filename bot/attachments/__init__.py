"""What is made at the moment of sending: pictures and small files."""

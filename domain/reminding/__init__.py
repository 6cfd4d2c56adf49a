"""Who is told what unasked, when, and in which words."""

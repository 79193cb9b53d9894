"""What every check is made of: exercises, reports, and what the book keeps out of reach."""

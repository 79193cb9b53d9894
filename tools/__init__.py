"""What the Makefile calls: building the book, releasing assignments, grading, JupyterLab."""

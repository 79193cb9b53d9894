"""What the Makefile calls: building the book, releasing assignments, grading, JupyterLab."""

import sys
from pathlib import Path

# Some of what the book's extensions know is of use here, too.
sys.path.append(str(Path(__file__).resolve().parent.parent / "_ext"))

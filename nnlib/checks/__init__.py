"""What a graded cell calls: one module per assignment."""

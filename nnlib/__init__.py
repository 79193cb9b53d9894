"""The reference library of *Neural Networks by Hand*, in the order of its chapters."""

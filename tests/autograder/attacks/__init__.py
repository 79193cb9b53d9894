"""Notebooks that try to win marks they have not earned, to read or to harm; and honest twins.

Each row is one notebook of a small assignment with two exercises. An attack leaves
`central_difference` unwritten or wrong and tries to get its 3 points all the same; its answer to
`forward_difference` is right, so what that is worth shows whether the attack spoils anything else.
Whatever an attack manages to get hold of it prints with the word LEAK.

In the sources {secret} is a file of the grader's, {port} a port on which the grader listens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

FORWARD = "def forward_difference(f, x, h=1e-8):\n    return (f(x + h) - f(x)) / h"
CENTRAL = "def central_difference(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)"
WRONG = "def central_difference(f, x, h=1e-5):\n    return 42.0"


@dataclass(frozen=True)
class Row:
    """One notebook.

    Attributes
    ----------
    name, tries : str
        What it is called, and what it tries.
    central : str
        The answer cell of `central_difference`, worth 3 points.
    before, after : tuple of str
        The student's own cells before everything and after everything.
    marks : tuple of two floats
        Of forward_difference and central_difference.
    files : mapping of str to str
        What lies beside the notebook.
    forward : str
        The other answer cell.
    shows : tuple of str
        What must be among the outputs.
    """

    name: str
    tries: str
    central: str = WRONG
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    marks: tuple[float, float] = (3, 0)
    files: Mapping[str, str] = field(default_factory=dict)
    forward: str = FORWARD
    shows: tuple[str, ...] = ()

"""Right answers to this assignment, differently written: none of them may lose a point.

Students must not see this file; `make certify` and the tests read it. It asks for four of each.
"""

import numpy as np


def with_a_loop(values):
    smallest = largest = values[0]
    for value in values:
        smallest, largest = min(smallest, value), max(largest, value)
    return largest - smallest


ALTERNATIVES = {
    "MODULE_NAME_example": (
        lambda values: np.ptp(values),
        lambda values: max(values) - min(values),
        lambda values: float(np.sort(values)[-1] - np.sort(values)[0]),
        with_a_loop,
    ),
}

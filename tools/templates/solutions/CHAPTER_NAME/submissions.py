"""The demonstration class of this assignment: who hands in what, and the marks they must get.

A function holds what one student has written. It is read and not called, see tools/answers.py.
"""

import numpy as np

from tools.demo import Submission

FULL = {"MODULE_NAME_example": 17}


def sign_turned():
    def MODULE_NAME_example(values):
        return np.min(values) - np.max(values)


SUBMISSIONS = (
    Submission("perfect", FULL),
    Submission("untouched", dict.fromkeys(FULL, 0), attempted=False),
    Submission("sign-turned", {"MODULE_NAME_example": 0}, code=sign_turned),
)

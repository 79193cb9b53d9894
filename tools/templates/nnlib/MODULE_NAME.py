"""THE_TITLE (chapter THE_NUMBER).

Say in two or three sentences what the functions of this module are for, and what they share.
"""

import numpy as np
import numpy.typing as npt

from nnlib._validation import as_float_array


def MODULE_NAME_example(values: npt.ArrayLike) -> float:
    """How far the values reach, from the smallest to the largest.

    It is an example that works; put the chapter's own first function in its place.

    Parameters
    ----------
    values : array_like

    Examples
    --------
    >>> MODULE_NAME_example([3, -1, 2])
    4.0
    """
    given = as_float_array("values", values)
    return float(np.max(given) - np.min(given))

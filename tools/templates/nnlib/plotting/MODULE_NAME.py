"""Pictures of chapter THE_NUMBER: THE_TITLE."""

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.plotting._drawing import panel_grid, styled


@styled()
def MODULE_NAME_picture(values: npt.ArrayLike) -> Figure:
    """Draw the values in their order.

    It is an example that works; put the chapter's own first picture in its place.

    Parameters
    ----------
    values : array_like of shape (n,)

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> MODULE_NAME_picture([3, -1, 2]).axes[0].get_xlabel()
    'number'
    """
    given = as_float_array("values", values, ndim=1)
    figure, (axes,) = panel_grid(1, 1, 2.6)
    axes.plot(np.arange(given.size), given, marker="o", linestyle="none")
    axes.set(xlabel="number", ylabel="value")
    return figure

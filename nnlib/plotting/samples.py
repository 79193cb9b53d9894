"""Pictures of samples and their classes (the capstone)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from nnlib._validation import as_float_array
from nnlib.plotting._drawing import BLACK, GREEN, panel_grid, styled
from nnlib.plotting.xor import CLASSES

#: The looks of classes 0, 1 and 2: two as everywhere, and one more.
LOOKS: tuple[dict[str, Any], ...] = (
    *CLASSES,
    {"marker": "s", "markerfacecolor": GREEN, "markeredgecolor": BLACK, "markeredgewidth": 0.8},
)


@styled()
def labelled_samples(
    panels: Mapping[str, tuple[npt.ArrayLike, npt.ArrayLike]], *, columns: int = 3
) -> Figure:
    """Draw samples of up to three classes, a panel for each set, in the set's own units.

    Parameters
    ----------
    panels : mapping from a title to samples of shape (n, 2) and labels of shape (n,)
    columns : int
        Panels in a row.

    Returns
    -------
    matplotlib.figure.Figure

    Examples
    --------
    >>> figure = labelled_samples({"two": ([[0, 0], [1, 1]], [0, 1])}, columns=1)
    >>> figure.axes[0].get_title()
    'two'
    """
    figure, all_axes = panel_grid(len(panels), columns, 7.2 / columns + 0.6)
    most = 0
    for axes, (title, (X, labels)) in zip(all_axes, panels.items(), strict=True):
        samples, classes = as_float_array("X", X, ndim=2), np.asarray(labels)
        for value in range(int(classes.max()) + 1):
            some = samples[classes == value]
            axes.plot(
                *some.T, **LOOKS[value], markersize=4.5, linestyle="none", label=f"class {value}"
            )
        most = max(most, int(classes.max()) + 1)
        axes.set(xlabel="$x_0$", ylabel="$x_1$", title=title)
        axes.locator_params(nbins=4)
    fullest = max(all_axes, key=lambda axes: len(axes.get_legend_handles_labels()[0]))
    handles, names = fullest.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=most)
    return figure

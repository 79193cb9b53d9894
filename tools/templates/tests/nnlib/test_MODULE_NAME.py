"""THE_TITLE: properties that the functions have for every input."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from nnlib import plotting
from nnlib.MODULE_NAME import MODULE_NAME_example


@pytest.mark.parametrize("shift", [-7.0, 0.0, 0.25])
def test_values_that_all_move_together_reach_as_far_as_before(shift):
    values = np.array([0.5, -2.0, 3.0])
    assert MODULE_NAME_example(values + shift) == MODULE_NAME_example(values) == 5.0


def test_the_picture_shows_every_value():
    (axes,) = plotting.MODULE_NAME_picture([3, -1, 2]).axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [3, -1, 2])
    plt.close("all")

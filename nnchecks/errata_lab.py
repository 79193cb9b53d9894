"""Checks of assignment `09-errata-lab`: ten broken programs, to be repaired.

The checks stand in two modules, the repaired programs in a third.
"""

from nnchecks.errata_formulas import (
    as_tanh_network,
    bipolar_logistic_slope,
    hidden_layer,
    mean_cross_entropy,
    ridge_gradient,
)
from nnchecks.errata_runs import (
    find_optimum,
    heavy_ball,
    leave_one_out_accuracy,
    saturated_units,
    weight_influence,
)

__all__ = [
    "as_tanh_network",
    "bipolar_logistic_slope",
    "find_optimum",
    "heavy_ball",
    "hidden_layer",
    "leave_one_out_accuracy",
    "mean_cross_entropy",
    "ridge_gradient",
    "saturated_units",
    "weight_influence",
]

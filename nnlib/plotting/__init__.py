"""The book's pictures: one function each, the figure returned; a module for each chapter.

Only this package uses matplotlib. Every picture is drawn on a white card, so that it can be read on
a dark page, and tells its lines apart by dashes and markers as well as by colour, so that it can be
read in grey.
"""

from nnlib.plotting.backprop_by_hand import (
    network_pass,
    opposite_pairs,
    path_sum,
    training_and_floor,
)
from nnlib.plotting.computational_graph import computational_graph, graph_overview
from nnlib.plotting.curves import compared_curves, marked_curves
from nnlib.plotting.differentiation import (
    error_curves,
    forward_and_central,
    number_line,
    partial_slices,
    rounded_values,
    tangent_and_secants,
    tangent_lines,
)
from nnlib.plotting.gradient_descent import basins, descent_on_curve, descent_paths
from nnlib.plotting.gradients import direction_sweep, gradient_fields, outer_product, ways_down
from nnlib.plotting.optimizers import median_curves, raced_paths, stability_map, walks_on_curve
from nnlib.plotting.races import measured_rows, raced_curves
from nnlib.plotting.samples import labelled_samples
from nnlib.plotting.vanishing_gradients import (
    cliff_walks,
    layer_profiles,
    sums_and_slope,
    training_runs,
)
from nnlib.plotting.xor import (
    boundaries,
    hidden_points,
    line_sweep,
    matrix_pass,
    mirrored_gaps,
    success_rates,
)

__all__ = [
    "basins",
    "boundaries",
    "cliff_walks",
    "compared_curves",
    "computational_graph",
    "descent_on_curve",
    "descent_paths",
    "direction_sweep",
    "error_curves",
    "forward_and_central",
    "gradient_fields",
    "graph_overview",
    "hidden_points",
    "labelled_samples",
    "layer_profiles",
    "line_sweep",
    "marked_curves",
    "matrix_pass",
    "measured_rows",
    "median_curves",
    "mirrored_gaps",
    "network_pass",
    "number_line",
    "opposite_pairs",
    "outer_product",
    "partial_slices",
    "path_sum",
    "raced_curves",
    "raced_paths",
    "rounded_values",
    "stability_map",
    "success_rates",
    "sums_and_slope",
    "tangent_and_secants",
    "tangent_lines",
    "training_and_floor",
    "training_runs",
    "walks_on_curve",
    "ways_down",
]

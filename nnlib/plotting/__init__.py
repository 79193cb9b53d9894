"""The book's pictures: one function each, the figure returned; a module for each chapter.

Only this package uses matplotlib. Every picture is drawn on a white card, so that it can be read on
a dark page, and tells its lines apart by dashes and markers as well as by colour, so that it can be
read in grey.

A picture is offered by one line here: it is called by the same name in its chapter's module.
"""

from nnlib.plotting.backprop_by_hand import network_pass as network_pass
from nnlib.plotting.backprop_by_hand import opposite_pairs as opposite_pairs
from nnlib.plotting.backprop_by_hand import path_sum as path_sum
from nnlib.plotting.backprop_by_hand import training_and_floor as training_and_floor
from nnlib.plotting.computational_graph import computational_graph as computational_graph
from nnlib.plotting.computational_graph import graph_overview as graph_overview
from nnlib.plotting.curves import compared_curves as compared_curves
from nnlib.plotting.curves import marked_curves as marked_curves
from nnlib.plotting.differentiation import error_curves as error_curves
from nnlib.plotting.differentiation import forward_and_central as forward_and_central
from nnlib.plotting.differentiation import number_line as number_line
from nnlib.plotting.differentiation import partial_slices as partial_slices
from nnlib.plotting.differentiation import rounded_values as rounded_values
from nnlib.plotting.differentiation import tangent_and_secants as tangent_and_secants
from nnlib.plotting.differentiation import tangent_lines as tangent_lines
from nnlib.plotting.gradient_descent import basins as basins
from nnlib.plotting.gradient_descent import descent_on_curve as descent_on_curve
from nnlib.plotting.gradient_descent import descent_paths as descent_paths
from nnlib.plotting.gradients import direction_sweep as direction_sweep
from nnlib.plotting.gradients import gradient_fields as gradient_fields
from nnlib.plotting.gradients import outer_product as outer_product
from nnlib.plotting.gradients import ways_down as ways_down
from nnlib.plotting.optimizers import median_curves as median_curves
from nnlib.plotting.optimizers import raced_paths as raced_paths
from nnlib.plotting.optimizers import stability_map as stability_map
from nnlib.plotting.optimizers import walks_on_curve as walks_on_curve
from nnlib.plotting.races import measured_rows as measured_rows
from nnlib.plotting.races import raced_curves as raced_curves
from nnlib.plotting.samples import labelled_samples as labelled_samples
from nnlib.plotting.vanishing_gradients import cliff_walks as cliff_walks
from nnlib.plotting.vanishing_gradients import layer_profiles as layer_profiles
from nnlib.plotting.vanishing_gradients import sums_and_slope as sums_and_slope
from nnlib.plotting.vanishing_gradients import training_runs as training_runs
from nnlib.plotting.xor import boundaries as boundaries
from nnlib.plotting.xor import hidden_points as hidden_points
from nnlib.plotting.xor import line_sweep as line_sweep
from nnlib.plotting.xor import matrix_pass as matrix_pass
from nnlib.plotting.xor import mirrored_gaps as mirrored_gaps
from nnlib.plotting.xor import success_rates as success_rates

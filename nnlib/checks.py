"""Forwards from notebooks released before the checks had a package of their own, `nnchecks`.

Such a notebook imports this module first, and then finds all else under its old name, too. Nothing
else in nnlib knows of the checks. This goes with version 0.2.
"""

import importlib
import sys
import warnings

import nnchecks

#: What has moved, and where to.
MOVED = {
    "variants": "nnchecks.variants",
    "descent": "nnlib.gradient_descent",
    "by_hand": "nnlib.backprop_by_hand",
    "graph": "nnlib.computational_graph",
}

warnings.warn(
    "The checks are called `nnchecks` now; a notebook that says `nnlib.checks` works as it is.",
    DeprecationWarning,
    stacklevel=2,
)
for old, new in MOVED.items():
    sys.modules[f"nnlib.{old}"] = importlib.import_module(new)
sys.modules[__name__] = nnchecks

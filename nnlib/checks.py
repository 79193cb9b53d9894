"""Forwards to `nnchecks`, where the checks are now, from notebooks released before they moved.

Nothing else in nnlib knows of it. Such notebooks import this module first, then a student's own
numbers from `nnlib.variants`. It goes with version 0.2.
"""

import sys
import warnings

import nnchecks.variants

warnings.warn(
    "The checks are called `nnchecks` now; a notebook that says `nnlib.checks` works as it is.",
    DeprecationWarning,
    stacklevel=2,
)

sys.modules[__name__] = nnchecks
sys.modules["nnlib.variants"] = nnchecks.variants

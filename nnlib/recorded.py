"""Numbers of chapter 5 that take too long to compute in a page.

They were computed once, by scripts in ``tests/facts``, and the tests hold this module to what was
recorded there. They also run the first part of every computation again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

#: How many starts were tried for each entry of `LEARNED`.
STARTS = 1000
#: After how many steps it was asked which of them had learned.
MARKS = (1000, 3000, 10_000)

SCALES = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
#: A row is the low input, the number of hidden units, and then for each of `SCALES` how many starts
#: had learned after each of `MARKS`.
_TABLE = """
    -1  2         0/0/0        0/0/45     0/400/860   694/841/858   648/669/675    65/126/186
    -1  3         0/0/0        0/0/75     7/612/979   951/993/995   917/939/950    75/124/186
    -1  4         0/0/0       0/0/122    15/759/994 988/1000/1000   898/942/965     53/99/141
    -1  6         0/0/0       0/0/208   32/903/1000 999/1000/1000   765/841/894      18/45/91
    -1 10         0/0/0       0/0/417  107/995/1000 1000/1000/1000   548/643/713       8/17/33
     0  2         0/0/0         0/0/4      0/72/632   122/702/798   401/517/532    87/132/163
     0  3         0/0/0         0/0/6     0/132/814   389/965/984   746/841/867   151/222/311
     0  4         0/0/0        0/0/12     0/213/894   595/995/998   898/945/960   143/226/304
     0  6         0/0/0        0/0/18     0/290/971 850/1000/1000   948/960/977   119/173/249
     0 10         0/0/0        0/0/31     0/563/998 991/1000/1000   872/909/932    77/123/180
"""

#: (low input, hidden units, scale of the starting weights): how many of the 1000 starts had learned
#: XOR after each of `MARKS`. Four points with the inputs low and 1, two outputs, logistic units,
#: biases that start at 0, all points in every step, learning rate 1. By
#: ``tests/facts/record_starts.py``.
LEARNED: Mapping[tuple[int, int, float], tuple[int, ...]] = MappingProxyType(
    {
        (int(low), int(hidden), scale): tuple(map(int, counts.split("/")))
        for low, hidden, *cells in map(str.split, _TABLE.strip().splitlines())
        for scale, counts in zip(SCALES, cells, strict=True)
    }
)


class BlowUp(NamedTuple):
    """A run of S3's 50 units with its wrong regulariser, until it overflows.

    Rate and strength are S3's, for gradients summed over 50 samples; the rate is divided by
    1 + decay·step. `lowest` is the step with the least loss, among every 500th (every 20th at the
    strength 1e-3), and `overflow` the first step at which the loss is no number.

    Examples
    --------
    >>> BLOW_UPS[0].overflow
    102695
    """

    rate: float
    strength: float
    decay: float
    lowest: int
    overflow: int


#: By ``tests/facts/record.py``.
BLOW_UPS: tuple[BlowUp, ...] = (
    BlowUp(0.003, 0.0001, 0, 91499, 102695),
    BlowUp(0.001, 0.0001, 0, 274500, 308043),
    BlowUp(0.003, 0.0001, 1e-05, 149500, 179218),
    BlowUp(0.003, 0.001, 0, 860, 11542),
    BlowUp(0.003, 1e-06, 0, 1401499, 2091110),
)

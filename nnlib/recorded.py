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

#: (low input, hidden units, scale of the starting weights): how many of the 1000 starts had learned
#: XOR after each of `MARKS`. Four points with the inputs low and 1, two outputs, logistic units,
#: biases that start at 0, all points in every step, learning rate 1. By
#: ``tests/facts/record_starts.py``.
LEARNED: Mapping[tuple[int, int, float], tuple[int, int, int]] = MappingProxyType(
    {
        (-1, 2, 0.01): (0, 0, 0),
        (-1, 2, 0.1): (0, 0, 45),
        (-1, 2, 0.3): (0, 400, 860),
        (-1, 2, 1.0): (694, 841, 858),
        (-1, 2, 3.0): (648, 669, 675),
        (-1, 2, 10.0): (65, 126, 186),
        (-1, 3, 0.01): (0, 0, 0),
        (-1, 3, 0.1): (0, 0, 75),
        (-1, 3, 0.3): (7, 612, 979),
        (-1, 3, 1.0): (951, 993, 995),
        (-1, 3, 3.0): (917, 939, 950),
        (-1, 3, 10.0): (75, 124, 186),
        (-1, 4, 0.01): (0, 0, 0),
        (-1, 4, 0.1): (0, 0, 122),
        (-1, 4, 0.3): (15, 759, 994),
        (-1, 4, 1.0): (988, 1000, 1000),
        (-1, 4, 3.0): (898, 942, 965),
        (-1, 4, 10.0): (53, 99, 141),
        (-1, 6, 0.01): (0, 0, 0),
        (-1, 6, 0.1): (0, 0, 208),
        (-1, 6, 0.3): (32, 903, 1000),
        (-1, 6, 1.0): (999, 1000, 1000),
        (-1, 6, 3.0): (765, 841, 894),
        (-1, 6, 10.0): (18, 45, 91),
        (-1, 10, 0.01): (0, 0, 0),
        (-1, 10, 0.1): (0, 0, 417),
        (-1, 10, 0.3): (107, 995, 1000),
        (-1, 10, 1.0): (1000, 1000, 1000),
        (-1, 10, 3.0): (548, 643, 713),
        (-1, 10, 10.0): (8, 17, 33),
        (0, 2, 0.01): (0, 0, 0),
        (0, 2, 0.1): (0, 0, 4),
        (0, 2, 0.3): (0, 72, 632),
        (0, 2, 1.0): (122, 702, 798),
        (0, 2, 3.0): (401, 517, 532),
        (0, 2, 10.0): (87, 132, 163),
        (0, 3, 0.01): (0, 0, 0),
        (0, 3, 0.1): (0, 0, 6),
        (0, 3, 0.3): (0, 132, 814),
        (0, 3, 1.0): (389, 965, 984),
        (0, 3, 3.0): (746, 841, 867),
        (0, 3, 10.0): (151, 222, 311),
        (0, 4, 0.01): (0, 0, 0),
        (0, 4, 0.1): (0, 0, 12),
        (0, 4, 0.3): (0, 213, 894),
        (0, 4, 1.0): (595, 995, 998),
        (0, 4, 3.0): (898, 945, 960),
        (0, 4, 10.0): (143, 226, 304),
        (0, 6, 0.01): (0, 0, 0),
        (0, 6, 0.1): (0, 0, 18),
        (0, 6, 0.3): (0, 290, 971),
        (0, 6, 1.0): (850, 1000, 1000),
        (0, 6, 3.0): (948, 960, 977),
        (0, 6, 10.0): (119, 173, 249),
        (0, 10, 0.01): (0, 0, 0),
        (0, 10, 0.1): (0, 0, 31),
        (0, 10, 0.3): (0, 563, 998),
        (0, 10, 1.0): (991, 1000, 1000),
        (0, 10, 3.0): (872, 909, 932),
        (0, 10, 10.0): (77, 123, 180),
    }
)


class BlowUp(NamedTuple):
    """A run of S3's 50 units with its wrong regulariser, until it overflows.

    Attributes
    ----------
    rate, strength : float
        S3's: for gradients summed over 50 samples.
    decay : float
        The rate is divided by 1 + decay·step.
    lowest, overflow : int
        The step with the least loss, among every 500th (every 20th at the strength 1e-3); the first
        step at which the loss is no number.

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

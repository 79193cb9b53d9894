"""What a submission may use up, in one table."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import LoggingConfigurable

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one submission may use up, and what the grader may do without a jail.

    In nbgrader_config.py the same names belong to `c.Judge`, for example
    ``c.Judge.seconds_per_cell = 60``.

    Attributes
    ----------
    seconds_per_cell : float
        Processor time for one cell: a student's, or all the calls that a test makes.
    seconds_per_submission : float
        Processor time for the whole notebook, restarts included.
    patience : float
        By the clock a cell may take twice its processor time and so many seconds: programs wait,
        and the machine may be busy. The same holds for the whole notebook.
    grace : float
        A workspace that does not heed its interrupt is killed after so many seconds more.
    restarts : int
        How often a workspace that died or hung is started again, so that the other cells count.
    memory : int
        Bytes of address space. Python, NumPy and Matplotlib alone take about 500 MiB of it.
    disk : int
        Bytes of the private folder, which lies in memory.
    file_size : int
        Bytes of one file.
    open_files : int
        Open files and sockets. (Further processes are not to be had at all.)
    output : int
        Bytes of output kept of one cell; the rest is cut off and the cut is said.
    notebook_output : int
        Bytes of output kept of all the student's cells together; what does not fit is left out.
    message : int
        Bytes of one message between judge and workspace: a result that is larger counts as wrong.
    depth : int
        How deep lists in lists may go in a message, and calls back and forth.
    items : int
        How many numbers, strings and containers outside of arrays one message may have.
    submitted_file : int
        Bytes of a submitted notebook, and of all files beside it together.
    accept_no_jail : bool
        Grade although this machine can jail nothing. Students' code then runs with your rights.

    Examples
    --------
    >>> Limits(seconds_per_cell=5).seconds_per_cell
    5
    >>> Limits(memory=-1)
    Traceback (most recent call last):
        ...
    ValueError: memory is -1; a limit is a positive number.
    """

    seconds_per_cell: float = 30.0
    seconds_per_submission: float = 180.0
    patience: float = 30.0
    grace: float = 2.0
    restarts: int = 3
    memory: int = 3072 * MIB
    disk: int = 64 * MIB
    file_size: int = 32 * MIB
    open_files: int = 128
    output: int = 2 * MIB
    notebook_output: int = 8 * MIB
    message: int = 32 * MIB
    depth: int = 24
    items: int = 200_000
    submitted_file: int = 32 * MIB
    accept_no_jail: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in ("accept_no_jail", "restarts") and not value > 0:
                raise ValueError(f"{field.name} is {value}; a limit is a positive number.")

    def by_the_clock(self, seconds: float) -> float:
        """Return how long something may take that may use so many seconds of processor time.

        Examples
        --------
        >>> Limits(patience=5).by_the_clock(30)
        65
        """
        return 2 * seconds + self.patience

    def as_data(self) -> dict[str, Any]:
        """Return the table for a message."""
        return asdict(self)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Limits":
        """Return the defaults with some of them replaced.

        Raises
        ------
        ValueError
            If there is no limit of that name.
        """
        known = [field.name for field in fields(cls)]
        if unknown := sorted(set(settings) - set(known)):
            raise ValueError(
                f"There is no limit called {', '.join(unknown)}; there are {', '.join(known)}."
            )
        return cls(**settings)


def _traits() -> dict[str, Any]:
    """Return a trait for each limit, so that ``c.Judge.seconds_per_cell = 60`` can be written."""
    kinds: dict[type, Any] = {bool: Bool, int: Integer, float: Float}
    return {
        name: kinds[type(value)](value, help=f"See {__name__}.Limits.{name}.").tag(config=True)
        for name, value in asdict(Limits()).items()
    }


_Kind: Any = type(LoggingConfigurable)
_WithLimits: Any = _Kind("_WithLimits", (LoggingConfigurable,), _traits())


class Judge(_WithLimits):  # type: ignore[misc]
    """What nbgrader_config.py says about grading: each of the `Limits`, and the secret.

    A time limit that was set for nbgrader's own `Execute` is not read.
    """

    secret = Unicode(
        help="What the random inputs of hidden tests depend on, besides the notebook itself. Where "
        "it is empty, the course's own is used, which is made when it is first needed."
    ).tag(config=True)

    def limits(self) -> Limits:
        """Return the limits that the configuration gives."""
        return Limits(**{name: getattr(self, name) for name in asdict(Limits())})

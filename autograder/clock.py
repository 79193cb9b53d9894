"""Time that no other limit covers: reading and cleaning, and whatever hangs."""

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Between one reminder that time is up and the next, for code that swallows the first.
_AGAIN = 0.25


class Overdue(BaseException):
    """Work of our own on what a student has handed in took longer than it may."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt what runs after some seconds, a regular expression as well.

    It must hold nothing that has to be put back. Signals reach the main thread alone, so elsewhere,
    as in a worker of Dask's, there is no limit.

    Raises
    ------
    Overdue

    Examples
    --------
    >>> with limited(0.01):
    ...     while True:
    ...         pass
    Traceback (most recent call last):
        ...
    autograder.clock.Overdue
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: Any) -> None:
        raise Overdue

    def unraisable(lost: Any) -> None:
        # Python swallows what is raised in a destructor, and would tell the instructor of it.
        if not isinstance(lost.exc_value, Overdue):
            hook(lost)

    before, hook = signal.signal(signal.SIGALRM, late), sys.unraisablehook
    try:
        sys.unraisablehook = unraisable
        try:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), _AGAIN)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # also when a last signal came just before the timer was stopped
        sys.unraisablehook = hook
        signal.signal(signal.SIGALRM, before)


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End this process after some seconds, whatever it does, unless this is left before."""
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

"""Ends a check whose student's function does not come back, without a traceback of ours.

In the notebook nobody but the student could stop an endless loop. The judge has limits of its own.
"""

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds of processor time for one check, and seconds on the clock: a loop runs out of the first,
#: a function that waits or sleeps out of the second. The machine's other work costs neither.
PROCESSOR, CLOCK = 10.0, 120.0
#: Seconds between two interruptions: a student's `except:` may swallow one.
_AGAIN = 0.2


class OutOfTime(BaseException):
    """A function ran for too long; no Exception, so that few students' handlers catch it.

    Examples
    --------
    >>> issubclass(OutOfTime, Exception)
    False
    """


@contextmanager
def limited(processor: float = PROCESSOR, clock: float = CLOCK) -> Iterator[None]:
    """Raise OutOfTime in what takes longer than it may.

    Python can be interrupted in its main thread only; in another one nothing happens.

    Parameters
    ----------
    processor : float
        Seconds of processor time.
    clock : float
        Seconds in all.

    Examples
    --------
    >>> with limited():
    ...     sum(range(10))
    45
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    start = time.process_time(), time.monotonic()
    over, done = threading.Event(), threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupted(number: int, frame: object) -> None:
        if done.is_set():
            return  # it came back just in time
        if over.is_set():
            raise OutOfTime
        raise KeyboardInterrupt

    def watch() -> None:
        while not done.wait(_AGAIN):
            spent = time.process_time() - start[0], time.monotonic() - start[1]
            if spent[0] > processor or spent[1] > clock:
                over.set()
                _interrupt_main()

    watching = threading.Thread(target=watch, daemon=True)
    signal.signal(signal.SIGINT, interrupted)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
        signal.signal(signal.SIGINT, before)


def _interrupt_main() -> None:
    """Send the main thread an interrupt; where there are real signals, out of a sleep as well."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGINT)
    else:  # Windows
        _thread.interrupt_main()

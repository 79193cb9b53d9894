"""How far a long run is, in a line of text."""

import sys
import time


class ProgressBar:
    """A line of text that shows how far a long run is; short runs show nothing.

    It appears first after `wait` seconds, and changes every so many.

    Examples
    --------
    >>> ProgressBar(wait=60.0)(1, 100, 0.25)  # nothing yet
    """

    def __init__(self, wait: float = 2.0, every: float = 0.2) -> None:
        self.every, self.next, self.shown = every, time.monotonic() + wait, False

    def __call__(self, step: int, steps: int, loss: float) -> None:
        """Show the step's number, the share of the run, and the loss, if it is time to."""
        now = time.monotonic()
        if now < self.next and not (self.shown and step == steps):
            return
        self.next, self.shown = now + self.every, True
        bar = "#" * (20 * step // steps)
        line = f"\r[{bar:<20}] {step} of {steps} steps, loss {loss:.6g} "
        print(line, end="\n" if step == steps else "", file=sys.stderr, flush=True)

"""What a race is, and how it is run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Run = Callable[[], Any]


@dataclass(frozen=True)
class Race:
    """One piece of work, and everyone who does it.

    Attributes
    ----------
    name : str
        What is done.
    ours : callable
        Prepares nnlib's run and returns it: a function without arguments that does all of the
        work and returns the result as an array.
    peers : dict from str to callable
        The same for each peer. A peer imports what it needs itself, so that a missing package
        is found out here and spoils nothing else.
    target : dict from str to float
        The ratio that must be reached: how many times as long the peer must take at least.
    turns : int
        How often everybody runs.
    tolerance : float
        How far a peer's result may be from ours, for the work to be the same work.
    """

    name: str
    ours: Callable[[], Run]
    peers: dict[str, Callable[[], Run]]
    target: dict[str, float]
    tolerance: float = 1e-9
    turns: int = 15


@dataclass(frozen=True)
class Result:
    """One peer in one race.

    Attributes
    ----------
    name, peer : str
    ratio : float or None
        Median over the turns of the peer's time by ours; None if the peer is missing.
    spread : tuple of two floats or None
        The quartiles of that ratio.
    ours_ms, peer_ms : float or None
        Median times.
    target : float or None
    note : str
        What is missing, if something is.
    """

    name: str
    peer: str
    ratio: float | None
    spread: tuple[float, float] | None
    ours_ms: float | None
    peer_ms: float | None
    target: float | None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None if there is none or the peer is missing."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio >= self.target


def run(race: Race, turns: int | None = None) -> list[Result]:
    """Let everyone who is there run in turns, and compare.

    Time is that of the thread, so that other programs on the machine count as little as they can.

    Raises
    ------
    AssertionError
        If a peer's result is another than ours: then it is no race.
    """
    runs, missing = {"nnlib": race.ours()}, {}
    for peer, prepare in race.peers.items():
        try:
            runs[peer] = prepare()
        except ModuleNotFoundError as error:
            missing[peer] = f"{error.name} is not installed"
    result = {name: np.asarray(one(), dtype=float) for name, one in runs.items()}  # warms up, too
    for peer, value in result.items():
        np.testing.assert_allclose(
            value, result["nnlib"], rtol=race.tolerance, atol=race.tolerance, err_msg=peer
        )
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(turns or race.turns):
        for name, one in runs.items():
            start = time.thread_time()
            one()
            times[name].append(time.thread_time() - start)
    return [
        _compared(race, peer, times)
        if peer in times
        else Result(race.name, peer, None, None, None, None, race.target.get(peer), missing[peer])
        for peer in race.peers
    ]


def _compared(race: Race, peer: str, times: dict[str, list[float]]) -> Result:
    ratios = [theirs / ours for theirs, ours in zip(times[peer], times["nnlib"], strict=True)]
    low, median, high = statistics.quantiles(ratios, n=4)
    return Result(
        name=race.name,
        peer=peer,
        ratio=round(median, 2),
        spread=(round(low, 2), round(high, 2)),
        ours_ms=round(statistics.median(times["nnlib"]) * 1e3, 4),
        peer_ms=round(statistics.median(times[peer]) * 1e3, 4),
        target=race.target.get(peer),
    )

"""What a race is, and how it is run."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
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
    tolerance : float
        How far a peer's result may be from ours, for the work to be the same work.
    turns : int
        How often everybody runs.
    size : int or None
        The number of parameters, where the same race is held at several sizes.
    steps : int
        How many times a run does the work; the times are those of one.
    bound : str
        The peer that does only what nobody can leave out. Its ratio is the share of the bound that
        we reach.
    left_out : dict from str to str
        Who does not take part at this size, and why.
    """

    name: str
    ours: Callable[[], Run]
    peers: dict[str, Callable[[], Run]]
    target: dict[str, float]
    tolerance: float = 1e-9
    turns: int = 15
    size: int | None = None
    steps: int = 1
    bound: str = ""
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Timing:
    """One peer in one race.

    Attributes
    ----------
    name, peer : str
    size : int or None
    ratio : float or None
        Median over the turns of the peer's time by ours; None if the peer did not run.
    spread : tuple of two floats or None
        The quartiles of that ratio.
    ours_ms, peer_ms : float or None
        Median times.
    ours_spread, peer_spread : tuple of two floats or None
        Their quartiles.
    target : float or None
    bound : bool
        Whether this is no peer, but what nobody can leave out.
    note : str
        Why the peer did not run.
    """

    name: str
    peer: str
    size: int | None = None
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    ours_ms: float | None = None
    ours_spread: tuple[float, float] | None = None
    peer_ms: float | None = None
    peer_spread: tuple[float, float] | None = None
    target: float | None = None
    bound: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None if there is none or the peer did not run."""
        if self.ratio is None or self.target is None:
            return None
        return self.ratio >= self.target

    def as_json(self) -> dict[str, Any]:
        """Return all of it, as the record has it."""
        return asdict(self) | {"reached": self.reached}


def run(race: Race, turns: int | None = None) -> list[Timing]:
    """Let everyone who is there run in turns, and compare.

    Time is that of all the processors that the process keeps busy: other programs on the machine
    count as little as they can, and nobody gains by a second thread.

    Raises
    ------
    AssertionError
        If a peer's result is another than ours: then it is no race.
    """
    runs, missing = {"nnlib": race.ours()}, dict(race.left_out)
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
            start = time.process_time()
            one()
            times[name].append((time.process_time() - start) / race.steps)
    return [_compared(race, peer, times, missing) for peer in (*race.peers, *race.left_out)]


def _compared(
    race: Race, peer: str, times: dict[str, list[float]], missing: dict[str, str]
) -> Timing:
    known = {"name": race.name, "peer": peer, "size": race.size, "target": race.target.get(peer)}
    if peer in missing:
        return Timing(**known, note=missing[peer])
    ratios = [theirs / ours for theirs, ours in zip(times[peer], times["nnlib"], strict=True)]
    ratio, spread = _quartiles(ratios, 2)
    ours_ms, ours_spread = _quartiles([1e3 * one for one in times["nnlib"]], 5)
    peer_ms, peer_spread = _quartiles([1e3 * one for one in times[peer]], 5)
    return Timing(
        **known,
        ratio=ratio,
        spread=spread,
        ours_ms=ours_ms,
        ours_spread=ours_spread,
        peer_ms=peer_ms,
        peer_spread=peer_spread,
        bound=peer == race.bound,
    )


def _quartiles(numbers: list[float], digits: int) -> tuple[float, tuple[float, float]]:
    """The median, and the quartiles around it."""
    low, median, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return round(median, digits), (round(low, digits), round(high, digits))

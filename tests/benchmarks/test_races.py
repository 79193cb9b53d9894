"""That races can be run and lost, that cheats are found, and that missing peers are named."""

import numpy as np
import pytest

from benchmarks import __main__ as program
from benchmarks import sizes
from benchmarks.race import Race, run

#: Larger networks are raced by the same code, and would take minutes.
RACES = [
    race
    for name in (*program.RACES, "sizes")
    for race in program.races_of(name)
    if race.size is None or race.size <= 100
]


@pytest.mark.parametrize("race", RACES, ids=lambda race: f"{race.name} {race.size or ''}".strip())
def test_every_race_runs_with_the_peers_that_are_here_and_names_the_others(race):
    results = run(race, turns=2)
    assert [result.peer for result in results] == [*race.peers, *race.left_out]
    assert {*race.target, *filter(None, [race.bound])} <= race.peers.keys()
    for result in results:
        if result.ratio is None:
            assert result.note.endswith("is not installed")
            assert "missing" in program.line(result)
        else:
            assert result.ratio > 0
            assert result.spread[0] <= result.ratio <= result.spread[1]
            assert result.bound == (result.peer == race.bound)
            assert result.peer in program.line(result)


def test_the_networks_of_every_size_have_as_many_parameters_as_their_name_says():
    for size, (n_in, hidden, n_out) in sizes.NETWORKS.items():
        assert n_in * hidden + hidden + hidden * n_out + n_out == size


def test_whoever_is_left_out_at_a_size_is_named_with_the_reason():
    (large,) = (race for race in sizes.RACES if (race.name, race.size) == ("training step", 10_000))
    assert "micrograd" not in large.peers
    assert large.left_out["micrograd"]


def test_who_is_left_out_stands_among_the_results():
    race = Race("sum", lambda: lambda: 1.0, {}, target={}, left_out={"slow": "it takes a day"})
    (result,) = run(race, turns=2)
    assert (result.ratio, result.note) == (None, "it takes a day")


def test_a_peer_with_another_result_runs_no_race():
    race = Race("sum", lambda: lambda: 1.0, {"cheat": lambda: lambda: 2.0}, target={})
    with pytest.raises(AssertionError, match="cheat"):
        run(race, turns=2)


def test_a_target_is_reached_or_not():
    def slow():
        return lambda: np.sum(np.sort(np.ones(100_000))) * 0

    race = Race("work", lambda: lambda: 0.0, {"slow": slow}, target={"slow": 1.0})
    (result,) = run(race, turns=2)
    assert result.reached
    backwards = Race("work", slow, {"fast": lambda: lambda: 0.0}, target={"fast": 1.0})
    (result,) = run(backwards, turns=2)
    assert result.reached is False


def test_the_times_are_those_of_one_step():
    def long():
        return lambda: np.sum(np.sort(np.ones(300_000))) * 0

    once = Race("work", long, {"peer": long}, target={})
    many = Race("work", long, {"peer": long}, target={}, steps=1000)
    (one,), (thousandth,) = run(once, turns=3), run(many, turns=3)
    assert thousandth.ours_ms < one.ours_ms
    assert thousandth.peer_ms < one.peer_ms


def test_an_unknown_part_is_refused_with_the_names_there_are(capsys):
    with pytest.raises(SystemExit):
        program.main(["sprint"])
    assert "no part sprint; there are races, sizes" in capsys.readouterr().err

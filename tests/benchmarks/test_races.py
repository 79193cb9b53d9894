"""That races can be run and lost, that cheats are found, and that missing peers are named."""

import importlib
import json

import numpy as np
import pytest

from benchmarks import __main__ as program
from benchmarks.race import Race, run

FILES = program.races([])


@pytest.mark.parametrize("name", FILES)
def test_every_race_runs_with_the_peers_that_are_here_and_names_the_others(name):
    for race in importlib.import_module(f"benchmarks.{name}").RACES:
        results = run(race, turns=2)
        assert [result.peer for result in results] == [*race.peers]
        assert race.target.keys() <= race.peers.keys()
        for result in results:
            if result.ratio is None:
                assert result.note.endswith("is not installed")
                assert "missing" in program.line(result)
            else:
                assert result.ratio > 0
                assert result.spread[0] <= result.ratio <= result.spread[1]
                assert result.peer in program.line(result)


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


def test_the_program_writes_what_it_prints(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["benchmarks", "differentiation"])
    program.main()
    results = json.loads((tmp_path / "_build" / "bench.json").read_text())["results"]
    printed = capsys.readouterr().out
    assert results
    for result in results:
        assert {"name", "peer", "ratio", "spread", "target", "reached"} <= result.keys()
        assert result["name"] in printed


def test_an_unknown_race_is_refused_with_the_names_there_are():
    with pytest.raises(SystemExit, match="no race file sprint; there are adam"):
        program.races(["sprint"])

"""Run all races, or those whose file is named: ``python -m benchmarks [adam graph ...]``."""

import importlib
import json
import pkgutil
import platform
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

import benchmarks
from benchmarks.race import Result, run

TARGET = Path("_build/bench.json")


def races(names: list[str]) -> list[str]:
    """Names of the files here that hold races, or those of them that are asked for."""
    files = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    known = [name for name in files if name not in ("__main__", "race")]
    if unknown := set(names) - set(known):
        sys.exit(f"There is no race file {', '.join(unknown)}; there are {', '.join(known)}.")
    return names or known


def line(result: Result) -> str:
    """One row of the table."""
    if result.ratio is None or result.spread is None:
        return f"{result.name:44} {result.peer:24} {'missing':>8}   {result.note}"
    verdict = {None: "", True: "reached", False: "NOT reached"}[result.reached]
    target = f"{result.target:g}" if result.target else ""
    spread = f"{result.spread[0]:g} … {result.spread[1]:g}"
    return (
        f"{result.name:44} {result.peer:24} {result.ratio:8.2f}   {spread:15} "
        f"{result.ours_ms:10.3f} {result.peer_ms:10.3f} {target:>7} {verdict}"
    )


def main() -> None:
    """Run, print the table, write the results."""
    print(
        f"{'race':44} {'peer':24} {'ratio':>8}   {'quartiles':15} "
        f"{'ours/ms':>10} {'peer/ms':>10} {'target':>7}"
    )
    results = []
    for name in races(sys.argv[1:]):
        for race in importlib.import_module(f"benchmarks.{name}").RACES:
            for result in run(race):
                results.append(asdict(result) | {"reached": result.reached})
                print(line(result), flush=True)
    TARGET.parent.mkdir(exist_ok=True)
    report = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "results": results,
    }
    TARGET.write_text(json.dumps(report, indent=1) + "\n")
    print(f"A ratio is the peer's time by ours: above 1, nnlib is faster. Written: {TARGET}")


if __name__ == "__main__":
    main()

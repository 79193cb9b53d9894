"""Train XOR from 1000 starts for each width and scale, once, and record who learned it.

    python tests/facts/record_starts.py

Takes half an hour on one core; a number behind it says on how many processes. For each case
there is a line of hexadecimal digits for each mark, with one bit for each start: had it learned by
then? `nnlib.recorded.LEARNED` holds the counts. The tests compare the two, and train some of the
starts again.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from nnlib.datasets import xor_points
from nnlib.reliability import learned, random_starts, train_starts

RECORDED = Path(__file__).with_name("recorded_starts.json")
STARTS = 1000
WIDTHS = (2, 3, 4, 6, 10)
SCALES = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
MARKS = (1000, 3000, 10_000)
#: The low input is −1 or 0; hidden units; scale of the starting weights.
CASES = [(low, width, scale) for low in (-1, 0) for width in WIDTHS for scale in SCALES]


def follow(low: int, width: int, scale: float, seeds=range(STARTS), marks=MARKS) -> np.ndarray:
    """Return for each mark and start whether it had learned by then, shape (marks, starts)."""
    X, T, _ = xor_points(low)
    nets, found = random_starts(seeds, width, scale), []
    for before, mark in pairwise((0, *marks)):
        nets = train_starts(nets, X, T, steps=mark - before, learning_rate=1.0)
        found.append(learned(nets, X, T))
    return np.array(found)


def record(case: tuple[int, int, float]) -> list[str]:
    return ["".join(map(str, row.astype(int))) for row in follow(*case)]


def name(low: int, width: int, scale: float) -> str:
    return f"low {low}, width {width}, scale {scale:g}"


def main() -> None:
    lines = []
    with ProcessPoolExecutor(int(sys.argv[1]) if len(sys.argv) > 1 else None) as pool:
        for case, rows in zip(CASES, pool.map(record, CASES), strict=True):
            print(name(*case), [row.count("1") for row in rows], flush=True)
            # Bits in hexadecimal, a line for each case.
            lines.append(f"{json.dumps(name(*case))}: {json.dumps([as_hex(row) for row in rows])}")
    RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def as_hex(bits: str) -> str:
    return f"{int(bits, 2):0{len(bits) // 4}x}"


def as_bits(text: str) -> np.ndarray:
    return np.array([int(bit) for bit in f"{int(text, 16):0{4 * len(text)}b}"], dtype=bool)


if __name__ == "__main__":
    main()

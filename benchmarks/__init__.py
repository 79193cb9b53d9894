"""How fast nnlib is beside its peers: ``python -m benchmarks``.

A race is one piece of work done by nnlib and by its peers, in turns, in one process with one BLAS
thread; a file here that defines RACES is a set of them. What counts is the ratio of times within a
turn, so that a busy machine slows both. `grading` and `classes` grade, `building` waits for the
book. Everything goes into one tracked record, and the page *How fast, and beside whom* is made from
it by `page`. Peers that are not installed are named as missing.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported, or it is too late
os.environ["JAX_PLATFORMS"] = "cpu"

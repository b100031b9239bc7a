"""Matrices are multiplied in one thread."""

from __future__ import annotations

import subprocess
import sys

from assistant.onethread import BLAS_THREADS

PROGRAM = f"""
import os
from assistant.onethread import one_thread
with one_thread():
    import numpy as np
matrix = np.ones((700, 700), dtype=np.float32)
assert (matrix @ matrix)[0, 0] == 700.0
print(len(os.listdir("/proc/self/task")), os.environ.get("{BLAS_THREADS}"))
"""


def told(environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        (sys.executable, "-c", PROGRAM), env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_numpy_takes_one_core_and_other_programs_are_told_nothing() -> None:
    assert told({"PATH": "/usr/bin"}) == ["1", "None"]


def test_the_owner_may_want_more() -> None:
    threads, kept = told({"PATH": "/usr/bin", BLAS_THREADS: "2"})
    assert kept == "2"
    assert int(threads) in {1, 2}  # no more than the machine has cores

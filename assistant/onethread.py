"""Matrices are multiplied in one thread.

numpy would take one for each core; ours are so small that these mostly wait for each other, and
they wait busily (``OPENBLAS_NUM_THREADS=2 scripts/bench turn`` tells by how much).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

BLAS_THREADS = "OPENBLAS_NUM_THREADS"
"""Read once, when numpy is loaded."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Load numpy herein, or start a process that does, unless the owner says otherwise.

    Programs that are started from here later are told nothing of it.
    """
    told = os.environ.get(BLAS_THREADS)
    os.environ[BLAS_THREADS] = told or "1"
    try:
        yield
    finally:
        if told is None:
            del os.environ[BLAS_THREADS]

"""Other processes that measure.

Each is begun anew: one that is forked off another in which onnxruntime has threads may wait for
ever, and what is loaded in that one would count as its memory.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def workers(
    jobs: int, begin: Callable[..., None] | None = None, *arguments: Any
) -> ProcessPoolExecutor:
    """So many, each of which calls ``begin`` first."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, context, begin, arguments)


def alone(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call it in a process of its own."""
    with workers(1) as pool:
        return pool.submit(function, *arguments).result()

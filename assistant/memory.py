"""The C library's memory."""

from __future__ import annotations

import ctypes


def give_back_memory() -> None:
    """Have the C library return what was freed (malloc_trim(3)), where it can.

    What one thread has freed is otherwise of no use to another, and what loading takes for a while
    stays with the process for ever.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)

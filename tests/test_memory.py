"""Memory that was freed."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from assistant.memory import give_back_memory


def test_the_c_library_is_asked_to_return_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Library:
        malloc_trim = staticmethod(asked.append)

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    give_back_memory()
    assert asked == [0]


def test_a_library_that_cannot_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other: Any = object()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: other)
    give_back_memory()

"""Whether there is anything new to learn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.recognizers.phones.training.adaptation import Recording, Task
from assistant.recognizers.phones.training.changes import fingerprint
from assistant.recognizers.phones.training.lesson import Vocabulary
from tests.recordings import grammar_of

TASK = Task([grammar_of("lamp on")], Vocabulary({}, {}), "en")
NONE = Path("none.npz")
SILENCE = Recording(np.zeros(10, dtype=np.int16), "lamp on")


def test_the_same_lesson_has_the_same_fingerprint() -> None:
    again = Task([grammar_of("lamp on")], Vocabulary({}, {}), "en")
    assert fingerprint(TASK, NONE) == fingerprint(again, NONE)
    assert len(fingerprint(TASK, NONE)) == 64


def test_whatever_is_learnt_changes_it() -> None:
    noise = replace(SILENCE, samples=np.ones(10, dtype=np.int16))
    others = [
        replace(TASK, grammars=[grammar_of("lamp off")]),
        replace(TASK, sentences=100),
        replace(TASK, recordings=[SILENCE]),
        replace(TASK, recordings=[SILENCE, SILENCE]),
        replace(TASK, recordings=[noise]),
        replace(TASK, recordings=[replace(SILENCE, text="lamp")]),
    ]
    assert len({fingerprint(one, NONE) for one in (TASK, *others)}) == 1 + len(others)


def test_another_network_that_came_with_an_update_is_trained_anew(tmp_path: Path) -> None:
    shipped = tmp_path / "en.npz"
    shipped.write_bytes(b"one")
    before = fingerprint(TASK, shipped)
    assert before != fingerprint(TASK, NONE)
    shipped.write_bytes(b"two")
    assert fingerprint(TASK, shipped) != before

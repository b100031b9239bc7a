"""How live wake scores look."""

from __future__ import annotations

from typing import Any

import pytest
from rich.console import Console

from assistant.cli.scoreview import ScoreView


@pytest.fixture
def view() -> ScoreView:
    return ScoreView({"alexa": 0.5}, times=2)


def heard(view: ScoreView, *scores: float | None, level_dbfs: float = -30.0) -> None:
    """Chunks with these scores; None is a chunk without any."""
    for score in scores:
        known: dict[str, Any] = {} if score is None else {"alexa": score}
        chunk = {"event": "chunk-heard", "level_dbfs": level_dbfs, "wake_score": 0.0}
        view.take(chunk | {"scores": known})


def drawn(view: ScoreView) -> list[str]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(view)
    return [line.strip("│ ") for line in capture.get().splitlines()]


def test_a_word_has_a_bar_with_its_threshold_and_peak(view: ScoreView) -> None:
    heard(view, 0.8, 0.1, level_dbfs=-30.0)
    view.take({"event": "wake-detected", "wake": {"name": "alexa", "score": 0.8}})
    title, level, gate, word, request, _ = drawn(view)
    assert " wake word " in title
    assert level.split() == ["level", "━" * 15 + "╌" * 15, "-30", "dBFS"]
    assert gate.split() == ["gate", "open"]
    assert word.split() == [
        "alexa", "━" * 3 + "╌" * 12 + "│" + "╌" * 8 + "◆" + "╌" * 5, "0.10", "peak", "0.80", "1",
        "detected",
    ]  # fmt: skip
    assert request == "Say “alexa” twice, two seconds apart, and end with Ctrl-C."


def test_a_chunk_without_scores_is_not_yet_a_closed_gate(view: ScoreView) -> None:
    heard(view, 0.3, None, None)
    assert view.plain()["gate_open"]
    assert view.plain()["scores"] == {"alexa": 0.3}
    heard(view, None, None, None)
    assert not view.plain()["gate_open"]
    assert view.plain()["scores"] == {"alexa": 0.0}


def test_at_the_end_a_threshold_is_proposed(view: ScoreView) -> None:
    for score in (0.9, 0.2, 0.8):
        heard(view, score, *[None] * 20)
    (proposal,) = view.proposals()
    assert proposal.threshold == 0.5


def test_other_events_and_other_words_are_nothing_to_it(view: ScoreView) -> None:
    before = view.plain()
    view.take({"event": "wake-detected", "wake": {"name": "computer", "score": 0.8}})
    view.take({"event": "ready", "source": "default"})
    assert view.plain() == before

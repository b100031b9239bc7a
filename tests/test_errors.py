"""How errors and mistakes read."""

from __future__ import annotations

from assistant.errors import ActionError, DeviceError, IntentError, Place, Problem


def test_a_sentence_is_left_as_it_is() -> None:
    error = DeviceError("docs is a folder, not a recording.", "Give a recording.")
    assert str(error) == "docs is a folder, not a recording. Give a recording."


def test_words_fit_to_be_spoken_become_a_sentence() -> None:
    error = ActionError("the bridge is not running", "Start assistant-bridge.")
    assert str(error) == "The bridge is not running. Start assistant-bridge."
    assert error.message == "the bridge is not running"


def test_a_mistake_is_drawn_with_its_line_and_a_caret() -> None:
    place = Place("lights.yaml", 12, 4, "\tturn (on", 2)
    problem = Problem("unclosed '(' opened here", place, "close it")
    assert str(problem) == (
        "lights.yaml:12:4: unclosed '(' opened here\n    \tturn (on\n    \t  ^^\n    close it"
    )


def test_all_mistakes_are_told_at_once() -> None:
    first = Problem("one", Place("a.yaml", 1, 1))
    second = Problem("two", Place("b.yaml", 2, 2), warning=True)
    assert str(IntentError([first, second])) == "a.yaml:1:1: one\nb.yaml:2:2: warning: two"

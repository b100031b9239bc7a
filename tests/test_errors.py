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


def test_of_a_long_line_what_is_around_the_mistake_is_drawn() -> None:
    line = "a" * 9_000 + "(" + "b" * 9_000
    drawn, under = Place("lights.yaml", 1, 9_001, line, 9_001).drawn()
    assert drawn == f"    {'a' * 250}({'b' * 249}"
    assert under == f"    {' ' * 250}{'^' * 250}"
    drawn, under = Place("lights.yaml", 1, 18_001, line).drawn()
    assert (drawn, under) == (f"    {'b' * 500}", f"    {' ' * 499}^")


def test_all_mistakes_are_told_at_once() -> None:
    first = Problem("one", Place("a.yaml", 1, 1))
    second = Problem("two", Place("b.yaml", 2, 2), warning=True)
    assert str(IntentError([first, second])) == "a.yaml:1:1: one\nb.yaml:2:2: warning: two"

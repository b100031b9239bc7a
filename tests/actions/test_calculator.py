"""Arithmetic: what is said is what comes out, to the last digit that can be listened to."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.actions.calculator import OPERATORS, calculate
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match, Slot
from assistant.values import Percent, SlotValue


def result_of(left: SlotValue, operator: str, right: SlotValue | None = None) -> ActionResult:
    slots = {"left": left, "operator": operator} | ({} if right is None else {"right": right})
    said = tuple(Slot(name, value, str(value)) for name, value in slots.items())
    return calculate(Match("Calculate", said, "said", "a template", "a.yaml:1:1"))


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        (12, "times", 7, 84),
        (105, "minus", 40, 65),
        (3, "minus", 5, -2),
        (0.1, "plus", 0.2, 0.3),
        (1.1, "times", 1.1, 1.21),
        (12500, "divided", 8, 1562.5),
        (0, "divided", 8, 0),
        (15, "percent", 80, 12),
        (Percent(15), "percent", 80, 12),
        (9, "squared", None, 81),
        (81, "root", None, 9),
        (0.25, "root", None, 0.5),
        (999999, "times", 999999, 999998000001),
        (1, "divided", 1000, 0.001),
        (1, "divided", 8000, 0.000125),
    ],
)
def test_exactly(left: SlotValue, operator: str, right: SlotValue | None, result: float) -> None:
    found = result_of(left, operator, right)
    assert found == ActionResult("done", {"result": result})
    assert type(found.values["result"]) is type(result)


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        (1, "divided", 3, 0.333),
        (200, "divided", 3, 66.667),
        (1, "divided", 7000, 0.000143),
        (-1, "divided", 3, -0.333),
        (2, "root", None, 1.414),
        (1000001, "root", None, 1000),
        (99999, "divided", 100000.01, 1),
    ],
)
def test_about(left: SlotValue, operator: str, right: SlotValue | None, result: float) -> None:
    assert result_of(left, operator, right) == ActionResult("about", {"result": result})


@pytest.mark.parametrize("zero", [0, 0.0])
def test_nothing_is_divided_by_zero(zero: float) -> None:
    assert result_of(5, "divided", zero) == ActionResult("by_zero")


def test_a_negative_number_has_no_root() -> None:
    assert result_of(-4, "root") == ActionResult("no_root")


@given(
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.sampled_from(OPERATORS),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
)
def test_whatever_is_asked_has_an_answer_that_can_be_said(
    left: float, operator: str, right: float
) -> None:
    found = result_of(left, operator, right)
    for value in found.values.values():
        assert math.isfinite(value)
        assert abs(value) < 1 or len(repr(value).partition(".")[2]) <= 3
    assert bool(found.values) == (found.outcome in {"done", "about"})


def test_error_without_a_number() -> None:
    with pytest.raises(ActionError) as caught:
        result_of(5, "plus")
    assert caught.value.message == "the intent 'Calculate' calculates without a number"
    assert caught.value.hint == "Give it the slot right, at a.yaml:1:1."


def test_error_of_an_operator() -> None:
    with pytest.raises(ActionError) as caught:
        result_of(5, "modulo", 3)
    assert caught.value.message == "the slot 'operator' of 'Calculate' is no operator"
    assert "plus, minus, times, divided, percent, squared, root" in caught.value.hint

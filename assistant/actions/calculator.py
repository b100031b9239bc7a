"""Arithmetic: two numbers and what is done with them, exactly, and rounded for speech."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from assistant.actions.rounding import rounded
from assistant.actions.slots import number
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

PLACES = 3
"""After the point; of a number below 1, those that tell something."""

WITH_TWO: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = MappingProxyType(
    {
        "plus": lambda left, right: left + right,
        "minus": lambda left, right: left - right,
        "times": lambda left, right: left * right,
        "divided": lambda left, right: left / right,
        "percent": lambda left, right: left * right / 100,
    }
)
OPERATORS = (*WITH_TWO, "squared", "root")


def calculate(match: Match) -> ActionResult:
    """Calculate the slots ``left``, ``operator`` (one of OPERATORS) and ``right``.

    'done' with the ``result``, 'about' where it is rounded, 'by_zero', or 'no_root' of a number
    below 0. Raises ActionError when a slot is missing or of another kind.
    """
    operator = match.values().get("operator")
    left = _operand(match, "left")
    if operator == "squared":
        return _told(left * left)
    if operator == "root":
        return ActionResult("no_root") if left < 0 else _told(*_root(left))
    if not isinstance(operator, str) or operator not in WITH_TWO:
        raise ActionError(
            f"the slot 'operator' of '{match.intent}' is no operator",
            f"Make it one of {', '.join(OPERATORS)}, at {match.place}.",
        )
    right = _operand(match, "right")
    if operator == "divided" and not right:
        return ActionResult("by_zero")
    return _told(WITH_TWO[operator](left, right))


def _operand(match: Match, name: str) -> Fraction:
    value = number(match, name)
    if value is None:
        raise ActionError(
            f"the intent '{match.intent}' calculates without a number",
            f"Give it the slot {name}, at {match.place}.",
        )
    return Fraction(str(value))  # 0.1 is a tenth, not the nearest binary fraction


def _root(square: Fraction) -> tuple[Fraction, bool]:
    """The square root, and whether that is all of it."""
    root = Fraction(math.isqrt(square.numerator), math.isqrt(square.denominator))
    if root * root == square:
        return root, True
    return Fraction(math.sqrt(square)), False


def _told(result: Fraction, exact: bool = True) -> ActionResult:
    value, whole = rounded(result, PLACES)
    return ActionResult("done" if exact and whole else "about", {"result": value})

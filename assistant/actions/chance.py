"""Dice, a coin, a number: by a source of chance that is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from assistant.actions.slots import number
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

Chance: TypeAlias = Callable[[int], int]
"""Chooses from 0 to n - 1, as random.randrange does."""

SIDES = 6
MOST_DICE = 20


def roll(chance: Chance, match: Match) -> ActionResult:
    """Roll as many dice as the slot ``dice`` says, one where it is absent.

    'done' with the ``number``, 'several' with the ``numbers`` and their ``total``, 'too_many'.
    """
    dice = _whole(match, "dice", 1)
    if not 1 <= dice <= MOST_DICE:
        return ActionResult("too_many")
    numbers = [chance(SIDES) + 1 for _ in range(dice)]
    if dice == 1:
        return ActionResult(values={"number": numbers[0]})
    return ActionResult("several", {"numbers": numbers, "total": sum(numbers)})


def flip(chance: Chance) -> ActionResult:
    """Flip a coin: 'heads' or 'tails'."""
    return ActionResult("tails" if chance(2) else "heads")


def pick(chance: Chance, match: Match) -> ActionResult:
    """Pick a whole ``number`` between the slots ``low`` and ``high``, both included."""
    low, high = sorted((_whole(match, "low", 1), _whole(match, "high", 10)))
    return ActionResult(values={"number": low + chance(high - low + 1)})


def _whole(match: Match, name: str, usual: int) -> int:
    value = number(match, name)
    if value is None:
        return usual
    if value != int(value):
        raise ActionError(f"{value:g} is not a whole number")
    return int(value)

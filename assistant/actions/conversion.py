"""Conversion of units, by pint, which is loaded with the first one.

pint's own registry has a thousand units, and reading them takes twice as long as importing it;
``assistant.units`` has those of a home.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from assistant.actions import slots
from assistant.actions.rounding import rounded
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match
from assistant.units import UNITS
from assistant.values import Quantity

if TYPE_CHECKING:
    import pint

SIGNIFICANT = 3
"""Digits, where there are not more before the point: 16.1 kilometres, 1609 metres."""

NOISE = Fraction(1, 10**15)
"""What Decimal's 28 digits leave of a result that is a round number."""


def convert(match: Match) -> ActionResult:
    """Convert the slots ``amount`` (1 when absent) and ``unit`` into the unit ``into``.

    'done' with the ``quantity`` and the ``result``; 'about' where that is rounded; 'different'
    where the units do not measure the same. Raises ActionError for a unit that is not in UNITS.
    """
    said = slots.number(match, "amount")
    quantity = Quantity(1 if said is None else said, _unit(match, "unit"))
    into = _unit(match, "into")
    found = converted(quantity.number, quantity.unit, into)
    if found is None:
        return ActionResult("different", {"quantity": quantity})
    value, exact = rounded(found, _places(found))
    values = {"quantity": quantity, "result": Quantity(value, into)}
    return ActionResult("done" if exact else "about", values)


def _unit(match: Match, slot: str) -> str:
    name = slots.text(match, slot)
    if name not in UNITS:
        raise ActionError(
            f"the slot '{slot}' of '{match.intent}' is no unit",
            f"Known are {', '.join(UNITS)}; see {match.place}.",
        )
    return name


def converted(number: int | float, unit: str, into: str) -> Fraction | None:
    """So many of a unit in another one; None where they do not measure the same."""
    from pint import DimensionalityError

    amount = _registry().Quantity(Decimal(str(number)), unit)
    try:
        result = Fraction(amount.to(into).magnitude)
    except DimensionalityError:
        return None
    near = round(result, 12)
    return near if abs(result - near) < NOISE else result


@cache
def _registry() -> pint.UnitRegistry[Decimal]:
    import pint

    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(None, non_int_type=Decimal)
    registry.load_definitions([f"{name} = {unit.definition}" for name, unit in UNITS.items()])
    return registry


def _places(value: Fraction) -> int:
    if not value:
        return 0
    return max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))

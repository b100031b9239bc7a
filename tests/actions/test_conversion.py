"""Conversion of units: known results, and every unit into each that measures the same."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest

from assistant.actions.conversion import convert, converted
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match, Slot
from assistant.units import UNITS
from assistant.values import Quantity, SlotValue


def result_of(**slots: SlotValue) -> ActionResult:
    said = tuple(Slot(name, value, str(value)) for name, value in slots.items())
    return convert(Match("Convert", said, "said", "a template", "a.yaml:1:1"))


@pytest.mark.parametrize(
    ("amount", "unit", "into", "outcome", "result"),
    [
        (2, "pound", "gram", "about", 907),
        (10, "mile", "kilometre", "about", 16.1),
        (350, "fahrenheit", "celsius", "about", 177),
        (212, "fahrenheit", "celsius", "done", 100),
        (-40, "celsius", "fahrenheit", "done", -40),
        (20, "celsius", "fahrenheit", "done", 68),
        (0, "celsius", "kelvin", "about", 273),
        (1, "cup", "millilitre", "about", 237),
        (1, "tablespoon", "teaspoon", "done", 3),
        (2, "metric_pound", "kilogram", "done", 1),
        (0.5, "metric_cup", "millilitre", "done", 125),
        (1, "gallon", "litre", "about", 3.79),
        (1, "imperial_pint", "millilitre", "about", 568),
        (1, "mile", "metre", "about", 1609),
        (1, "foot", "inch", "done", 12),
        (90, "minute", "hour", "done", 1.5),
        (100, "kilometre_per_hour", "mile_per_hour", "about", 62.1),
        (1, "kilowatt_hour", "kilojoule", "done", 3600),
        (1, "acre", "square_metre", "about", 4047),
        (1, "gram", "tonne", "done", 0.000001),
    ],
)
def test_known_results(amount: float, unit: str, into: str, outcome: str, result: float) -> None:
    found = result_of(amount=amount, unit=unit, into=into)
    assert found == ActionResult(
        outcome, {"quantity": Quantity(amount, unit), "result": Quantity(result, into)}
    )


def test_one_of_it_where_no_number_was_said() -> None:
    assert result_of(unit="foot", into="inch").values["quantity"] == Quantity(1, "foot")


def test_what_does_not_measure_the_same() -> None:
    found = result_of(amount=2, unit="pound", into="metre")
    assert found == ActionResult("different", {"quantity": Quantity(2, "pound")})


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_has_others_there_and_back(unit: str) -> None:
    alike = [other for other in UNITS if converted(3, unit, other) is not None]
    assert len(alike) > 1
    for other in alike:
        there = converted(3, unit, other)
        assert there is not None
        back = converted(float(there), other, unit)
        assert back is not None
        assert abs(back - 3) < Fraction(1, 10**9)


def test_error_of_a_unit_that_is_none() -> None:
    with pytest.raises(ActionError) as caught:
        result_of(amount=2, unit="cubit", into="metre")
    assert caught.value.message == "the slot 'unit' of 'Convert' is no unit"
    assert caught.value.hint.startswith("Known are gram, milligram,")


def test_pint_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, assistant.actions.registry as _; from assistant.actions import conversion\n"
        "assert 'pint' not in sys.modules\n"
        "conversion.converted(1, 'foot', 'inch')\n"
        "assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)

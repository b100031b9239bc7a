"""Units of measurement that somebody says at home: how they relate, and what CLDR calls them.

Factors are exact: the international yard and pound of 1959, the US gallon of 231 cubic inches, the
imperial gallon of 4.54609 litres (NIST Handbook 44, appendix C).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its relation to others, as pint writes it, and CLDR's name for it in speech."""

    definition: str
    cldr: str


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "gram": Unit("[mass]", "mass-gram"),
        "milligram": Unit("0.001 * gram", "mass-milligram"),
        "kilogram": Unit("1000 * gram", "mass-kilogram"),
        "tonne": Unit("1000 * kilogram", "mass-tonne"),
        "pound": Unit("453.59237 * gram", "mass-pound"),
        "ounce": Unit("28.349523125 * gram", "mass-ounce"),
        "stone": Unit("14 * pound", "mass-stone"),
        # The German Pfund of today.
        "metric_pound": Unit("500 * gram", "mass-pound"),
        "metre": Unit("[length]", "length-meter"),
        "millimetre": Unit("0.001 * metre", "length-millimeter"),
        "centimetre": Unit("0.01 * metre", "length-centimeter"),
        "kilometre": Unit("1000 * metre", "length-kilometer"),
        "inch": Unit("0.0254 * metre", "length-inch"),
        "foot": Unit("12 * inch", "length-foot"),
        "yard": Unit("3 * foot", "length-yard"),
        "mile": Unit("1760 * yard", "length-mile"),
        "square_metre": Unit("metre * metre", "area-square-meter"),
        "square_foot": Unit("foot * foot", "area-square-foot"),
        "hectare": Unit("10000 * square_metre", "area-hectare"),
        "acre": Unit("4840 * yard * yard", "area-acre"),
        "litre": Unit("0.001 * metre * metre * metre", "volume-liter"),
        "millilitre": Unit("0.001 * litre", "volume-milliliter"),
        "centilitre": Unit("0.01 * litre", "volume-centiliter"),
        "decilitre": Unit("0.1 * litre", "volume-deciliter"),
        "gallon": Unit("3.785411784 * litre", "volume-gallon"),
        "quart": Unit("0.25 * gallon", "volume-quart"),
        "pint": Unit("0.125 * gallon", "volume-pint"),
        "cup": Unit("0.0625 * gallon", "volume-cup"),
        "fluid_ounce": Unit("0.0078125 * gallon", "volume-fluid-ounce"),
        "tablespoon": Unit("0.5 * fluid_ounce", "volume-tablespoon"),
        "teaspoon": Unit("tablespoon / 3", "volume-teaspoon"),
        "imperial_gallon": Unit("4.54609 * litre", "volume-gallon-imperial"),
        "imperial_pint": Unit("0.125 * imperial_gallon", "volume-pint"),
        # Those of German kitchens.
        "metric_cup": Unit("250 * millilitre", "volume-cup"),
        "metric_tablespoon": Unit("15 * millilitre", "volume-tablespoon"),
        "metric_teaspoon": Unit("5 * millilitre", "volume-teaspoon"),
        "kelvin": Unit("[temperature]", "temperature-kelvin"),
        "celsius": Unit("kelvin; offset: 273.15", "temperature-celsius"),
        "fahrenheit": Unit(
            "0.5555555555555555555555555556 * kelvin; offset: 255.3722222222222222222222222",
            "temperature-fahrenheit",
        ),
        "second": Unit("[time]", "duration-second"),
        "minute": Unit("60 * second", "duration-minute"),
        "hour": Unit("60 * minute", "duration-hour"),
        "day": Unit("24 * hour", "duration-day"),
        "week": Unit("7 * day", "duration-week"),
        "kilometre_per_hour": Unit("kilometre / hour", "speed-kilometer-per-hour"),
        "mile_per_hour": Unit("mile / hour", "speed-mile-per-hour"),
        "kilojoule": Unit(
            "1000 * gram * metre * metre / second / second * 1000", "energy-kilojoule"
        ),
        "kilocalorie": Unit("4.184 * kilojoule", "energy-kilocalorie"),
        "kilowatt_hour": Unit("3600 * kilojoule", "energy-kilowatt-hour"),
    }
)

"""Reads lists that are worked out: ranges of numbers, and the names of days and months."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import get_day_names, get_month_names

from assistant.intents.model import ListValue
from assistant.intents.reading import Reader
from assistant.intents.template import Choice, Part, Words
from assistant.intents.words import base_language, number_words, ordinal_words, spell
from assistant.yamlsource import Node, Text, did_you_mean

MAXIMUM_RANGE = 2_000
# Of all ranges. A desktop computer puts so many large numbers into words in three seconds. The
# shipped ranges have 700.
MAXIMUM_NUMBERS = 10_000
RANGE_KEYS = (
    "from", "to", "step", "fractions", "multiplier", "words", "type", "digits", "words_language",
)  # fmt: skip
FRACTIONS = {"halves": (Decimal("0.5"),), "tenths": tuple(Decimal(n) / 10 for n in range(1, 10))}
CALENDARS = ("weekdays", "months")


def read_range(reader: Reader, node: Node, what: str, language: str) -> list[ListValue]:
    """Read ``{from, to}`` with what else it may have: the numbers in words, with their values."""
    mapping = reader.mapping(node, f"the range of {what}", RANGE_KEYS)
    if mapping is None:
        return []
    first_node, last_node, step_node = mapping.get("from"), mapping.get("to"), mapping.get("step")
    if first_node is None or last_node is None:
        reader.report(f"the range of {what} needs 'from' and 'to'", mapping.place)
        return []
    first, last = reader.number(first_node, "'from'"), reader.number(last_node, "'to'")
    step = reader.number(step_node, "'step'") if step_node is not None else 1
    fractions = _fractions(reader, mapping.get("fractions"))
    factor = _multiplier(reader, mapping.get("multiplier"))
    ordinal = _ordinal(reader, mapping.get("words"))
    if first is None or last is None or step is None:
        return []
    if first > last:
        hint = f"write {{from: {last}, to: {first}}}"
        reader.report(f"the range goes down, from {first} to {last}", first_node.place, hint)
        return []
    if step < 1 and step_node is not None:
        reader.report(f"'step' must be 1 or more, not {step}", step_node.place)
        return []
    whole = range(first, last + 1, step)
    count = len(whole) * (1 + len(fractions))
    if count > MAXIMUM_RANGE:
        message = f"a range of {count:,} numbers; at most {MAXIMUM_RANGE:,} are possible"
        reader.report(message, first_node.place)
        return []
    reader.ranges.append(count)
    if sum(reader.ranges) > MAXIMUM_NUMBERS:
        message = f"all ranges together have more than {MAXIMUM_NUMBERS:,} numbers with this one"
        reader.report(message, first_node.place)
        return []
    values = []
    for number in whole:
        ways = ordinal_words(number, language) if ordinal else number_words(number, language)
        values.append(ListValue(_either(ways), _product(Decimal(number), factor)))
        for fraction in fractions:
            said = spell(str(number + fraction), language)
            values.append(ListValue(Words(said), _product(number + fraction, factor)))
    return values


def read_calendar(reader: Reader, node: Node, what: str, language: str) -> list[ListValue]:
    """Read ``weekdays`` (Monday is 0) or ``months`` (January is 1), named as the language does."""
    text = reader.text(node, f"'calendar' of {what}")
    if text is None:
        return []
    if text.text not in CALENDARS:
        hint = did_you_mean(text.text, CALENDARS) or f"known: {', '.join(CALENDARS)}"
        reader.report(f"there is no calendar '{text.text}'", text.place, hint)
        return []
    names = get_day_names if text.text == "weekdays" else get_month_names
    found = names("wide", locale=base_language(language))
    return [ListValue(Words(str(name)), number) for number, name in sorted(found.items())]


def _fractions(reader: Reader, node: Node | None) -> tuple[Decimal, ...]:
    text = reader.text(node, "'fractions'") if node is not None else None
    if text is None:
        return ()
    if text.text not in FRACTIONS:
        hint = f"known: {', '.join(FRACTIONS)}"
        reader.report(f"there are no fractions '{text.text}'", text.place, hint)
        return ()
    return FRACTIONS[text.text]


def _multiplier(reader: Reader, node: Node | None) -> Decimal:
    text = reader.text(node, "'multiplier'") if node is not None else None
    if text is None:
        return Decimal(1)
    number = reader.decimal(text, "'multiplier'")
    return number if number is not None else Decimal(1)


def _ordinal(reader: Reader, node: Node | None) -> bool:
    """Whether 'words' is 'ordinals'; as Home Assistant writes it, it may also be true or false."""
    if node is None:
        return False
    if isinstance(node, Text) and node.text == "ordinals":
        return True
    reader.boolean(node, "'words'")
    return False


def _product(number: Decimal, factor: Decimal) -> int | float:
    product = number * factor
    return int(product) if product == product.to_integral_value() else float(product)


def _either(ways: tuple[str, ...]) -> Part:
    return Words(ways[0]) if len(ways) == 1 else Choice(tuple(Words(way) for way in ways))

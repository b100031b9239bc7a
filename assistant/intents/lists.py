"""Reads slot lists: the values that ``{name}`` may be, written out or as a range of numbers."""

from __future__ import annotations

from assistant.intents.model import ListValue, SlotList
from assistant.intents.reading import Reader, slot_value
from assistant.intents.template import Choice, Part, Words, parse_template, references
from assistant.intents.words import normalise, number_words
from assistant.turn import SlotValue
from assistant.yamlsource import Mapping, Node, Text

MAXIMUM_RANGE = 1000


def read_list(reader: Reader, key: Text, node: Node, language: str) -> SlotList:
    """Read ``values: […]`` or ``range: {from, to, step}``; a list with mistakes has no values."""
    what = f"list '{key.text}'"
    values: list[ListValue] = []
    mapping = reader.mapping(node, what, ("values", "range"))
    if mapping is not None:
        written, numbers = mapping.get("values"), mapping.get("range")
        if (written is None) == (numbers is None):
            reader.report(f"{what} has either 'values' or a 'range'", key.place)
        elif written is not None:
            for one in reader.items(written, f"'values' of {what}"):
                values += _value(reader, one, what, language)
        elif numbers is not None:
            values += _range(reader, numbers, what, language)
    return SlotList(key.text, tuple(values), key.place)


def _value(reader: Reader, node: Node, what: str, language: str) -> list[ListValue]:
    """Read a text, or ``in:`` (a template, or several) with ``out:`` (the value)."""
    texts: list[Text] = []
    value: SlotValue | None = None
    if isinstance(node, Mapping):
        reader.mapping(node, f"a value of {what}", ("in", "out"))
        said, means = node.get("in"), node.get("out")
        if said is None or means is None:
            reader.report(f"a value of {what} needs both 'in' and 'out'", node.place)
            return []
        texts = reader.texts(said, "'in'")
        out = reader.text(means, "'out'")
        value = slot_value(out) if out else ""
    elif text := reader.text(node, f"a value of {what}"):
        texts = [text]
    values = []
    for text in texts:
        tree = parse_template(text, reader.problems)
        if tree is None:
            continue
        if inner := next(iter(references(tree)), None):
            place = text.at(inner.offset)
            reader.report("a list value cannot hold lists or rules", place, "use (a|b) and [a]")
        elif not isinstance(tree, Words) or value is not None:
            values.append(ListValue(tree, value))
        elif normalise(tree.text, language):
            values.append(ListValue(tree, text.text))
        else:
            reader.report(f"a value of {what} has no word in it", text.place)
    return values


def _range(reader: Reader, node: Node, what: str, language: str) -> list[ListValue]:
    mapping = reader.mapping(node, f"the range of {what}", ("from", "to", "step"))
    if mapping is None:
        return []
    first_node, last_node, step_node = mapping.get("from"), mapping.get("to"), mapping.get("step")
    if first_node is None or last_node is None:
        reader.report(f"the range of {what} needs 'from' and 'to'", mapping.place)
        return []
    first, last = reader.number(first_node, "'from'"), reader.number(last_node, "'to'")
    step = reader.number(step_node, "'step'") if step_node is not None else 1
    if first is None or last is None or step is None:
        return []
    if first > last:
        hint = f"write {{from: {last}, to: {first}}}"
        reader.report(f"the range goes down, from {first} to {last}", first_node.place, hint)
        return []
    if step < 1 and step_node is not None:
        reader.report(f"'step' must be 1 or more, not {step}", step_node.place)
        return []
    numbers = range(first, last + 1, step)
    if len(numbers) > MAXIMUM_RANGE:
        message = f"a range of {len(numbers):,} numbers; at most {MAXIMUM_RANGE:,} are possible"
        reader.report(message, first_node.place)
        return []
    return [ListValue(_said(number, language), number) for number in numbers]


def _said(number: int, language: str) -> Part:
    ways = number_words(number, language)
    return Words(ways[0]) if len(ways) == 1 else Choice(tuple(Words(way) for way in ways))

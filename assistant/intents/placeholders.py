"""Puts what was said where the owner wrote ``{slot}``: as data, in whatever it is put into.

Nothing here reads a value again: in an address it is percent-encoded, in JSON it is a value, and
what a topic has no place for is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

from assistant.errors import ActionError
from assistant.intents.model import Data
from assistant.values import Plain

PLACEHOLDER = re.compile(r"\{(\w+)\}")

# What may stand as it is in a path and a query (RFC 3986), and '%' of what is encoded already.
_WRITTEN = "/?:@!$&'()*+,;=-._~%[]"
# The levels and the wildcards of MQTT (version 5, section 4.7), and control characters.
_NOT_IN_A_TOPIC = re.compile(r"[+#/\x00-\x1f\x7f-\x9f]")
MAXIMUM_TOPIC_BYTES = 65_535


class _Nothing:
    """Stands for a slot that was not said."""


_NOTHING: Final = _Nothing()


def as_text(value: Plain) -> str:
    """A value as somebody would write it: 20, not 20.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def in_text(text: str, slots: Mapping[str, Plain]) -> str:
    """Fill a text; a slot that was not said is ''."""
    return PLACEHOLDER.sub(lambda found: as_text(slots.get(found[1], "")), text)


def in_json(tree: Data, slots: Mapping[str, Plain]) -> Data:
    """Fill a tree: a text that is nothing but a slot becomes its value, a number a number.

    A key or an item that is a slot that was not said is left out.
    """
    filled = _in_tree(tree, slots)
    return None if isinstance(filled, _Nothing) else filled


def _in_tree(tree: Data, slots: Mapping[str, Plain]) -> Data | _Nothing:
    match tree:
        case str():
            if whole := PLACEHOLDER.fullmatch(tree):
                return slots.get(whole[1], _NOTHING)
            return in_text(tree, slots)
        case list():
            items = (_in_tree(one, slots) for one in tree)
            return [one for one in items if not isinstance(one, _Nothing)]
        case dict():
            pairs = ((key, _in_tree(one, slots)) for key, one in tree.items())
            return {key: one for key, one in pairs if not isinstance(one, _Nothing)}
    return tree


def in_pairs(pairs: Mapping[str, str], slots: Mapping[str, Plain]) -> str:
    """Write pairs as ``application/x-www-form-urlencoded``, all of it encoded.

    A pair whose value is a slot that was not said is left out. Raises ActionError for half of a
    surrogate pair.
    """
    filled = ((key, _in_tree(text, slots)) for key, text in pairs.items())
    return "&".join(
        f"{_encoded(key)}={_encoded(as_text(value))}"
        for key, value in filled
        if isinstance(value, str | int | float)
    )


def in_target(target: str, slots: Mapping[str, Plain]) -> str:
    """Fill path and query of an address; every value is encoded, also its '/', '?' and '&'.

    Raises ActionError where a value would be a segment of the path that means another one: empty,
    '.' or '..'.
    """
    path, mark, query = target.partition("?")
    segments = [_segment(segment, slots) for segment in path.split("/")]
    return "/".join(segments) + mark + _in_written(query, slots)


def _segment(segment: str, slots: Mapping[str, Plain]) -> str:
    filled = _in_written(segment, slots)
    if (found := PLACEHOLDER.search(segment)) and unquote(filled) in {"", ".", ".."}:
        said = "is" if slots.get(found[1]) not in {None, ""} else "was not said, and is"
        raise ActionError(f"the slot '{found[1]}' {said} no part of an address")
    return filled


def _in_written(text: str, slots: Mapping[str, Plain]) -> str:
    """Encode values, and of what the owner wrote only what no address can hold."""
    parts = PLACEHOLDER.split(text)  # written, name, written, name, ... written
    return "".join(
        _encoded(as_text(slots.get(part, ""))) if number % 2 else quote(part, _WRITTEN)
        for number, part in enumerate(parts)
    )


def in_topic(topic: str, slots: Mapping[str, Plain]) -> str:
    """Fill an MQTT topic. Raises ActionError for a value that a level of it cannot be."""

    def level(found: re.Match[str]) -> str:
        value = as_text(slots.get(found[1], ""))
        # Topics that begin with $ are the broker's own.
        its_own = found.start() == 0 and value.startswith("$")
        if not value or _NOT_IN_A_TOPIC.search(value) or its_own or not _is_unicode(value):
            message = f"the slot '{found[1]}' cannot be part of an MQTT topic"
            raise ActionError(message, "It is empty, or has one of / + # or the like in it.")
        return value

    filled = PLACEHOLDER.sub(level, topic)
    if len(filled.encode()) > MAXIMUM_TOPIC_BYTES:
        raise ActionError("what was said is too long for an MQTT topic")
    return filled


def in_bytes(text: str, slots: Mapping[str, Plain]) -> bytes:
    """Fill a text that is sent. Raises ActionError for half of a surrogate pair."""
    try:
        return in_text(text, slots).encode()
    except UnicodeEncodeError as error:
        raise _cannot_be_sent() from error


def _encoded(text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError as error:
        raise _cannot_be_sent() from error


def _cannot_be_sent() -> ActionError:
    return ActionError("what was said holds a character that cannot be sent")


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)

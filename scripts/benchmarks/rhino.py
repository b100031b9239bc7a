"""Reads a grammar in the syntax of Picovoice's Rhino, and writes it as an intent file.

``[a, b]`` is one of them, ``(a, b)`` one of them or nothing, ``$kind:name`` a slot; the words are
written in lower case, as they are heard. Macros (``@name``) and Rhino's own slots (``$pv.``) are
not read: no grammar measured here has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_BRACKETS = {"[": "(", "]": ")", "(": "[", ")": "]"}
_OPENING = {"]": "[", ")": "("}
_PIECE = re.compile(
    r"\$(?P<slot>(?P<kind>[A-Za-z]\w*):(?P<name>[A-Za-z]\w*))"
    r"|(?P<comma>,)\s*|(?P<open>[\[(])\s*|(?P<close>[\])])|(?P<words>[^$@,\[\]()]+)"
)


def template(expression: str) -> str:
    """Write one expression as a sentence template. Raises ValueError for what it cannot read."""
    written: list[str] = []
    unclosed: list[str] = []
    position = 0
    while position < len(expression):
        piece = _PIECE.match(expression, position)
        if piece is None:
            raise ValueError(f"cannot be read from column {position + 1} on: {expression!r}")
        position = piece.end()
        if written and (piece["comma"] or piece["close"]):
            written[-1] = written[-1].rstrip()
        if piece["slot"]:
            written.append(f"{{{piece['kind']}:{piece['name']}}}")
        elif piece["words"]:
            written.append(re.sub(r"\s+", " ", piece["words"].lower()))
        elif piece["comma"] and unclosed:
            written.append("|")
        elif piece["open"]:
            unclosed.append(piece["open"])
            written.append(_BRACKETS[piece["open"]])
        elif piece["close"] and unclosed and unclosed.pop() == _OPENING[piece["close"]]:
            written.append(_BRACKETS[piece["close"]])
        else:
            raise ValueError(f"column {piece.start() + 1} has no bracket to it: {expression!r}")
    if unclosed:
        raise ValueError(f"an unclosed '{unclosed[-1]}': {expression!r}")
    return "".join(written).strip()


def intent_file(grammar: Mapping[str, Any]) -> str:
    """Write a whole grammar (``context: {expressions, slots}``) as the text of an intent file."""
    context = grammar["context"]
    intents = {
        intent: {"sentences": [template(one) for one in expressions], "reply": "ok"}
        for intent, expressions in context["expressions"].items()
    }
    lists = {
        kind: {"values": [template(value) for value in values]}
        for kind, values in context.get("slots", {}).items()
    }
    document = {"language": "en", "intents": intents, "lists": lists}
    return yaml.safe_dump(document, sort_keys=False, width=1000)

"""What is wrong in the file, in words, at its place."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from assistant.config.settings import Settings, entry_of, keys_of
from assistant.errors import Place, Problem
from assistant.yamlsource import Items, Mapping, Node, Text, did_you_mean


class Mistake(TypedDict):
    """What pydantic says of one mistake."""

    type: str
    loc: tuple[str | int, ...]
    msg: str
    ctx: NotRequired[dict[str, Any]]


# pydantic's error type -> what the value must be; the rest is told by its own message.
_EXPECTED = {
    "less_than_equal": "at most {le:g}",
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "more than {gt:g}",
    "literal_error": "{expected}",
    "float_parsing": "a number",
    "int_parsing": "a whole number",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "string_type": "a text",
    "path_type": "a path",
    "float_type": "a number",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "model_type": "a mapping: 'key: value' lines",
    "dict_type": "a mapping: 'key: value' lines",
    "value_error": "{error}",
}


def problem_of(mistake: Mistake, top: Mapping) -> Problem:
    """Put a mistake into words at its place in the file."""
    place, value = _find(mistake, top)
    names = [str(part) for part in mistake["loc"] if isinstance(part, str)]
    section, key, *within = names if len(names) > 1 else (names[0], "")
    entry = entry_of(section, key) if within else None
    if mistake["type"] == "extra_forbidden":
        if entry is not None:
            known = list(entry.model_fields)
            message = f"unknown key '{within[1]}' of '{within[0]}' in '{section}.{key}'"
        elif key:
            known = keys_of(section)
            message = f"unknown key '{key}' in section '{section}'"
        else:
            known = list(Settings.model_fields)
            message = f"unknown section '{section}'"
        return Problem(
            message, place, did_you_mean(names[-1], known) or f"known: {', '.join(known)}"
        )
    if entry is not None:
        one = f"'{within[0]}' in '{section}.{key}'"
        what = one if len(within) == 1 else f"'{within[1]}' of {one}"
    else:
        listed = len(mistake["loc"]) > 1 and not key
        whole = f"each of '{section}'" if listed else f"section '{section}'"
        what = f"'{key}' in section '{section}'" if key else whole
    if mistake["type"] == "missing":
        return Problem(f"{what} is missing", place, f"known: {', '.join(keys_of(section))}")
    expected = _EXPECTED.get(mistake["type"])
    if expected is None:
        return Problem(f"{what}: {mistake['msg']}", place)
    given = f", not '{value.text}'" if isinstance(value, Text) else ""
    return Problem(f"{what} must be {expected.format(**mistake.get('ctx', {}))}{given}", place)


def _find(mistake: Mistake, top: Mapping) -> tuple[Place, Node]:
    """Find the value that pydantic means, and its place; of an unknown key, that of the key."""
    node: Node = top
    place = top.place
    for part in mistake["loc"]:
        if isinstance(node, Mapping) and isinstance(part, str):
            if part not in node.entries:  # what is missing stands nowhere
                break
            key, node = node.entries[part]
            place = key.place if mistake["type"] == "extra_forbidden" else node.place
        elif isinstance(node, Items) and isinstance(part, int):
            node = node.items[part]
            place = node.place
    return place, node

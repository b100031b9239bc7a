"""Finds values for replies in the answer of a device: JMESPath expressions over JSON.

jmespath is imported with the first expression; a house without any does without it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

from assistant.errors import ActionError

MAXIMUM_BYTES = 1_000_000
"""The longest answer that is read."""

MAXIMUM_ITEMS = 100
MAXIMUM_CHARACTERS = 2_000
"""Of a value in all; more than anybody would listen to."""

WHOLE = "@"
"""The expression for the answer itself, which then need not be JSON."""

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | list[Scalar]


def mistake_in(expression: str) -> tuple[str, int] | None:
    """What is wrong with an expression, and at which character; None when it is right."""
    import jmespath  # noqa: PLC0415 - loaded when the first intent has values
    from jmespath import exceptions  # noqa: PLC0415

    try:
        jmespath.compile(expression).search({})
    except exceptions.ParseError as error:
        position = min(error.lex_position, max(len(expression) - 1, 0))
        return f"'{expression}' is no JMESPath expression", position
    except exceptions.UnknownFunctionError as error:
        return f"JMESPath has no function '{str(error).rpartition(' ')[2]}'", 0
    except exceptions.JMESPathTypeError:  # of nothing it makes nothing
        return None
    except (exceptions.JMESPathError, RecursionError):
        return f"'{expression}' is no JMESPath expression", 0
    return None


def find_values(paths: Mapping[str, str], answer: bytes, of_whom: str) -> dict[str, Value]:
    """Find the values by name. Raises ActionError where one is missing, or cannot be said."""
    if not paths:
        return {}
    found: Any = None
    text = answer.decode("utf-8", errors="replace")
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        if set(paths.values()) != {WHOLE}:
            raise ActionError(f"the answer of {of_whom} is no JSON") from error
        found = text.strip()
    return {name: _found(name, path, found, of_whom) for name, path in paths.items()}


def are_values(values: Mapping[Any, Any]) -> TypeGuard[Mapping[str, Value]]:
    """Whether these are values as ``find_values`` returns them."""
    return all(isinstance(name, str) and _is_value(value) for name, value in values.items())


def _found(name: str, path: str, answer: Any, of_whom: str) -> Value:
    import jmespath  # noqa: PLC0415
    from jmespath.exceptions import JMESPathError  # noqa: PLC0415

    try:
        value = jmespath.search(path, answer)
    except JMESPathError as error:
        hint = f"The expression '{path}' does not go with it."
        raise ActionError(f"the answer of {of_whom} is not what was expected", hint) from error
    if value is None:
        hint = f"Nothing is at '{path}'."
        raise ActionError(f"the answer of {of_whom} lacks the value '{name}'", hint)
    if not _is_value(value):
        hint = f"A text, a number, or a list of them has to be at '{path}', and not too long a one."
        raise ActionError(f"the value '{name}' of {of_whom} cannot be said", hint)
    return value


def _is_value(value: Any) -> TypeGuard[Value]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MAXIMUM_ITEMS or not all(map(_is_scalar, items)):
        return False
    return sum(len(str(item)) for item in items) <= MAXIMUM_CHARACTERS


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | bool) or (isinstance(value, int) and abs(value) < 10**100)


def _refuse(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads but JSON does not know."""
    raise ValueError(f"{name} is not a number")

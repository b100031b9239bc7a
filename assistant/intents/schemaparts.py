"""Pieces that the JSON Schema of intent files is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]


def mapping_of(properties: Mapping[str, Schema], *required: str) -> Schema:
    """A mapping with these keys only."""
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": list(required)} if required else {})


def named(schema: Schema, names: Schema | None = None) -> Schema:
    """A mapping of names, which may be any or have to be like ``names``."""
    found: Schema = {"type": "object", "additionalProperties": schema}
    return found | ({"propertyNames": names} if names else {})


def one_or_more(schema: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


def reference(definition: str) -> Schema:
    """What is defined under this name."""
    return {"$ref": f"#/$defs/{definition}"}


def described(description: str, schema: Schema | None = None) -> Schema:
    """What a key is for, and what it may hold; without ``schema`` anything."""
    return {"description": description} | (schema or {})

"""Reads the conditions of a block on the context."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.intents.model import Requirement
from assistant.intents.reading import Reader, data
from assistant.yamlsource import Mapping, Node, Text


def read_requirements(reader: Reader, node: Mapping, name: str) -> Iterator[Requirement]:
    """Read conditions on the context: a value, several, none for any, or with a slot."""
    for key, value in reader.any_pairs(node.get(name), f"'{name}'"):
        wanted, slot = data(value), ""
        if isinstance(wanted, dict):
            into = wanted.get("slot")
            slot = into if isinstance(into, str) else key.text if into else ""
            wanted = wanted.get("value")
        values = wanted if isinstance(wanted, list) else [] if wanted is None else [wanted]
        yield Requirement(key.text, tuple(values), slot)


def read_domains(reader: Reader, node: Node | None) -> tuple[Requirement, ...]:
    """Read Home Assistant's 'name_domains': the domains that names may be of."""
    if node is None or isinstance(node, Text):
        return ()  # 'default' is any
    texts = reader.texts(node, "a domain", "'name_domains'")
    return (Requirement("domain", tuple(text.text for text in texts)),)

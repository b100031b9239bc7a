"""An intent that a skill does: which skill, and what it promises to deliver for the reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.errors import Place
from assistant.intents.builtins import Delivered, Outcomes
from assistant.intents.reading import Reader
from assistant.yamlsource import Items, Mapping, Node, Text

SKILL_KEYS = ("skill", "outcomes", "timeout_seconds")
_VALUE = re.compile(r"(?P<always>[A-Za-z_]\w*)|\((?P<sometimes>[A-Za-z_]\w*)\)")


@dataclass(frozen=True, slots=True)
class SkillCall:
    """A call of a skill. ``place`` is that of the skill's name.

    ``outcomes`` are those that it may come to, each with its values. ``timeout_seconds`` is None
    for the limit of the settings.
    """

    skill: str
    outcomes: Outcomes
    place: Place
    timeout_seconds: float | None = None


def read_skill_call(reader: Reader, node: Mapping) -> SkillCall | None:
    """Read ``{skill: weather, outcomes: {done: [sky, (degrees)], unknown: []}}``.

    A value in brackets is sometimes left out.
    """
    reader.mapping(node, "'action'", SKILL_KEYS)
    skill = node.get("skill")
    if skill is None:
        hint = "write the name of its folder: 'skill: weather'"
        reader.report("the action has no skill", node.place, hint)
    name = reader.text(skill, "'skill'") if skill is not None else None
    outcomes = {
        key.text: _delivered(reader, one, f"outcome '{key.text}'")
        for key, one in reader.any_pairs(node.get("outcomes"), "'outcomes'")
    }
    timeout = node.get("timeout_seconds")
    limit = reader.seconds(timeout, "'timeout_seconds'") if timeout is not None else None
    if name is None:
        return None
    return SkillCall(name.text, outcomes or {"done": Delivered(frozenset())}, name.place, limit)


def _delivered(reader: Reader, node: Node, what: str) -> Delivered:
    """Names of values; nothing at all, or an empty list, is an outcome without any."""
    if isinstance(node, Text) and node.empty:
        return Delivered(frozenset())
    always: set[str] = set()
    sometimes: set[str] = set()
    for text in reader.texts(node, f"a value of {what}") if not _is_empty_list(node) else ():
        found = _VALUE.fullmatch(text.text)
        if found is None:
            hint = "use letters, digits and '_'; in (brackets) if it is sometimes left out"
            reader.report(f"'{text.text}' cannot name a value", text.place, hint)
            continue
        (sometimes if found["sometimes"] else always).add(found["sometimes"] or found["always"])
    return Delivered(frozenset(always), frozenset(sometimes))


def _is_empty_list(node: Node) -> bool:
    return isinstance(node, Items) and not node.items

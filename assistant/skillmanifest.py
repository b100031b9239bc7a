"""The settings of a skill: ``skill.yaml`` in its folder, which need not be there."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import ConfigError, Problem
from assistant.yamlsource import Mapping, Text, did_you_mean, parse

DEFAULT_MEGABYTES = 128


class Manifest(BaseModel):
    """What a skill says of itself, and what it may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str = ""
    memory_megabytes: Annotated[int, Field(ge=16, le=4096)] = DEFAULT_MEGABYTES


def load_manifest(text: str, path: str) -> Manifest:
    """Read it. Raises ConfigError with every mistake of the file; an empty one is all defaults."""
    problems: list[Problem] = []
    if all(line.strip()[:1] in {"", "#"} for line in text.splitlines()):
        return Manifest()
    top = parse(text, path, problems)
    if top is not None:
        given = {
            key.text: _plain(node)
            for key, node in top
            if not (isinstance(node, Text) and node.empty)
        }
        try:
            return Manifest.model_validate(given)
        except ValidationError as error:
            problems += [_problem(top, str(one["loc"][0]), one["type"]) for one in error.errors()]
    raise ConfigError(problems)


def _plain(node: object) -> object:
    return node.text if isinstance(node, Text) else node


def _problem(top: Mapping, name: str, kind: str) -> Problem:
    key, node = top.entries[name]
    if kind == "extra_forbidden":
        known = Manifest.model_fields
        hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
        return Problem(f"unknown key '{name}' in the settings of a skill", key.place, hint)
    if name == "memory_megabytes":
        return Problem("'memory_megabytes' must be a whole number, 16 to 4096", node.place)
    return Problem(f"'{name}' must be a text", node.place)

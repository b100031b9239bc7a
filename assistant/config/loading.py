"""Reading the configuration file: every mistake of it, with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from assistant.config.mistakes import Mistake, problem_of
from assistant.config.settings import Settings, entry_of
from assistant.config.sound import AudioSettings, WakeSettings
from assistant.contradictions import contradictions
from assistant.errors import ConfigError, Problem
from assistant.intents.reading import data
from assistant.yamlsource import Items, Node, Text, Written, parse


def load_settings(text: str, path: str, base: Path | None = None) -> Settings:
    """Read a configuration file, given as text; relative paths in it start at ``base``.

    Raises ConfigError with every mistake of the file. An empty file is all defaults.
    """
    problems: list[Problem] = []
    if _says_nothing(text):
        return Settings()
    top = parse(text, path, problems)
    settings = Settings()
    if top is not None:
        try:
            settings = Settings.model_validate(_plain(top), context={"base": base})
        except ValidationError as error:
            problems += [problem_of(cast("Mistake", one), top) for one in error.errors()]
        problems += contradictions(top, WakeSettings().word, AudioSettings().source)
    if problems:
        raise ConfigError(sorted(problems, key=lambda one: (one.place.line, one.place.column)))
    return settings


def _plain(node: Node, *names: str) -> Any:
    """Texts, lists and dictionaries; a key with nothing after it is left out, as a default.

    ``names`` lead to the node. A mapping that is the value of a setting is data, as in intent
    files, unless it holds sections by name; of these, one with nothing after it is there.
    """
    if isinstance(node, Text):
        return Written(node.text, node.place)
    if isinstance(node, Items):
        return [_plain(item, *names, "") for item in node]
    if len(names) == 2 and entry_of(*names):
        return {
            Written(key.text, key.place): {}
            if isinstance(value, Text) and value.empty
            else _plain(value, *names, key.text)
            for key, value in node
        }
    in_list = len(names) == 2 and not names[1]
    if not in_list and (len(names) > 3 or (len(names) > 1 and not entry_of(*names[:2]))):
        return data(node)
    return {
        key.text: _plain(value, *names, key.text)
        for key, value in node
        if not (isinstance(value, Text) and value.empty)
    }


def _says_nothing(text: str) -> bool:
    return all(line.strip()[:1] in {"", "#"} for line in text.splitlines())

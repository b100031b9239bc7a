"""Composition of triggers: from settings to the keys and buttons that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import ConfigError, Problem
from assistant.triggering import Wired
from assistant.triggers.buttons import ButtonTrigger
from assistant.triggers.keys import KeyTrigger, known_keys
from assistant.yamlsource import did_you_mean, place_of

if TYPE_CHECKING:
    from assistant.config import Settings, TriggerEntry
    from assistant.ports import Trigger


def build_triggers(settings: Settings) -> list[Wired]:
    """Return the triggers; whether they are plugged in is found out when they are watched.

    Raises ConfigError for keys that Linux does not know, EngineError where a package is missing.
    """
    keys = {entry.key for entry in settings.triggers if entry.key is not None}
    problems = [_unknown_key(key) for key in sorted(keys - set(known_keys()))] if keys else []
    if problems:
        raise ConfigError(problems)
    return [Wired(_trigger(entry), entry.do.strip()) for entry in settings.triggers]


def _trigger(entry: TriggerEntry) -> Trigger:
    if entry.gpio is not None:
        return ButtonTrigger(entry.gpio)
    return KeyTrigger(str(entry.device), str(entry.key))


def _unknown_key(key: str) -> Problem:
    hint = did_you_mean(key, known_keys()) or "evtest shows the names of the keys of a device"
    return Problem(f"there is no key '{key}'", place_of(key), hint)

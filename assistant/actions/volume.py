"""The volume, from 0 to 100: the assistant's own, kept as a setting, or that of the system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from assistant.actions.slots import number
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

SETTING = "volume"
DEFAULT = 70
STEP = 10


class SettingsStore(Protocol):
    """Where settings survive a restart. Both methods raise StateError when they cannot."""

    def setting(self, key: str, default: Any = None) -> Any:
        """Look up a setting, else ``default``."""
        ...

    def set_setting(self, key: str, value: Any) -> None:
        """Store a setting."""
        ...


class Level(Protocol):
    """A volume, from 0 to 100. Both methods raise StateError or ActionError when they cannot."""

    def volume(self) -> int:
        """Percent now."""
        ...

    def set_volume(self, percent: int) -> None:
        """Set it."""
        ...


@dataclass(frozen=True, slots=True)
class OwnVolume:
    """The assistant's own, beside other sound of the machine."""

    settings: SettingsStore

    def volume(self) -> int:
        """Percent now."""
        return current(self.settings)

    def set_volume(self, percent: int) -> None:
        """Set it."""
        self.settings.set_setting(SETTING, percent)


def current(settings: SettingsStore) -> int:
    """Volume of the assistant's own voice now, 0..100."""
    return int(settings.setting(SETTING, DEFAULT))


def set_to(level: Level, match: Match) -> ActionResult:
    """Set it to the slot ``volume``, or to the nearest end of 0..100.

    Raises ActionError without the slot.
    """
    wanted = number(match, "volume")
    if wanted is None:
        raise ActionError(
            f"the intent '{match.intent}' sets no volume",
            f"Give it the slot volume, at {match.place}.",
        )
    return _change(level, wanted)


def turn_up(level: Level, match: Match) -> ActionResult:
    """Turn it up by the slot ``step``, else by ``STEP``; 'loudest' when it cannot go up."""
    before = level.volume()
    if before == 100:
        return ActionResult("loudest", {"volume": before})
    return _change(level, before + _step(match))


def turn_down(level: Level, match: Match) -> ActionResult:
    """Turn it down by the slot ``step``, else by ``STEP``; 'quietest' when it cannot go down."""
    before = level.volume()
    if before == 0:
        return ActionResult("quietest", {"volume": before})
    return _change(level, before - _step(match))


def _step(match: Match) -> float:
    step = number(match, "step")
    return STEP if step is None else step


def _change(level: Level, wanted: float) -> ActionResult:
    volume = max(0, min(100, round(wanted)))
    level.set_volume(volume)
    return ActionResult(values={"volume": volume})

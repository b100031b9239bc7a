"""The assistant's own volume, from 0 to 100; kept as a setting."""

from __future__ import annotations

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


def current(settings: SettingsStore) -> int:
    """Volume now, 0..100."""
    return int(settings.setting(SETTING, DEFAULT))


def set_to(settings: SettingsStore, match: Match) -> ActionResult:
    """Set it to the slot ``volume``, or to the nearest end of 0..100.

    Raises ActionError without the slot.
    """
    wanted = number(match, "volume")
    if wanted is None:
        raise ActionError(
            f"the intent '{match.intent}' sets no volume",
            f"Give it the slot volume, at {match.place}.",
        )
    return _change(settings, wanted)


def turn_up(settings: SettingsStore, match: Match) -> ActionResult:
    """Turn it up by the slot ``step``, else by ``STEP``; 'loudest' when it cannot go up."""
    before = current(settings)
    if before == 100:
        return ActionResult("loudest", {"volume": before})
    return _change(settings, before + _step(match))


def turn_down(settings: SettingsStore, match: Match) -> ActionResult:
    """Turn it down by the slot ``step``, else by ``STEP``; 'quietest' when it cannot go down."""
    before = current(settings)
    if before == 0:
        return ActionResult("quietest", {"volume": before})
    return _change(settings, before - _step(match))


def _step(match: Match) -> float:
    step = number(match, "step")
    return STEP if step is None else step


def _change(settings: SettingsStore, wanted: float) -> ActionResult:
    volume = max(0, min(100, round(wanted)))
    settings.set_setting(SETTING, volume)
    return ActionResult(values={"volume": volume})

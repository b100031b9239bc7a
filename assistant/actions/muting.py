"""Turning the microphones off and on."""

from __future__ import annotations

from typing import Protocol

from assistant.actions.slots import duration
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match


class Switch(Protocol):
    """What turns the microphones off and on. Both raise StateError when that cannot be kept."""

    def mute(self, seconds: float | None = None) -> None:
        """Turn them off, for so many seconds or for good."""
        ...

    def unmute(self) -> bool:
        """Turn them on; false where they were."""
        ...


class NoMicrophones:
    """Where no assistant runs, there is nothing to turn off."""

    def mute(self, seconds: float | None = None) -> None:  # noqa: ARG002
        """Raises ActionError."""
        raise ActionError("no assistant is running here", "Start it with: assistant run")

    def unmute(self) -> bool:
        """Raises ActionError."""
        raise ActionError("no assistant is running here", "Start it with: assistant run")


def mute(switch: Switch, match: Match) -> ActionResult:
    """Turn them off, for the ``duration`` where there is one. What follows would not be heard."""
    length = duration(match)
    if length is None:
        switch.mute()
        return ActionResult(closing=True)
    switch.mute(length.total_seconds())
    return ActionResult("timed", {"duration": length}, closing=True)


def unmute(switch: Switch) -> ActionResult:
    """Turn them on; 'none' where they were."""
    return ActionResult("done" if switch.unmute() else "none")

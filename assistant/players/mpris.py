"""Programs that play, by MPRIS: D-Bus on the session bus, which is a Unix socket.

https://specifications.freedesktop.org/mpris-spec/latest/ has the names.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ActionError
from assistant.ports import MediaCommand, Track

if TYPE_CHECKING:
    from jeepney import Message

PREFIX = "org.mpris.MediaPlayer2."
OBJECT = "/org/mpris/MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
LIMIT_SECONDS = 5.0
MOST_PLAYERS = 20

ANSWER_SECONDS = 1.0
"""For what a program plays; one that hangs is none."""

METHODS = {
    MediaCommand.PLAY: "Play",
    MediaCommand.PAUSE: "Pause",
    MediaCommand.NEXT: "Next",
    MediaCommand.PREVIOUS: "Previous",
    MediaCommand.STOP: "Stop",
}


def session_bus(environment: Mapping[str, str]) -> str | None:
    """Address of the bus of the user's session; None where there is none."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    socket = Path(environment.get("XDG_RUNTIME_DIR") or "/nowhere") / "bus"
    return f"unix:path={socket}" if socket.exists() else None


@dataclass(frozen=True, slots=True)
class _Program:
    """A program that plays: its name on the bus, and what it says of itself."""

    name: str
    status: str
    track: Track


class MprisPlayers:
    """All programs of the session that play.

    What is said is for the one that plays; "play" for the one that was paused last by voice, or
    else is paused, or else is there.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._last = ""

    async def do(self, command: MediaCommand) -> Track | None:
        """Do it to one of them. Raises ActionError without a session bus, or when it refuses."""
        from jeepney import DBusErrorResponse  # noqa: PLC0415 - loaded when it is used

        address = session_bus(self._environment)
        if address is None:
            raise ActionError(
                "there is no session bus here",
                "A service of the system sees no player of a user: have it use MPD (media.mpd), or "
                "start it in the user's session.",
            )
        try:
            async with asyncio.timeout(LIMIT_SECONDS), _connected(address) as bus:
                found = self._choose(command, await bus.programs())
                if found is None:
                    return None
                if command is not MediaCommand.LOOK:
                    self._last = found.name
                    await bus.call(found.name, METHODS[command])
                return found.track
        except TimeoutError as error:
            raise ActionError("the music player does not answer", "Is it hanging?") from error
        except DBusErrorResponse as error:
            raise ActionError("the music player refuses", f"D-Bus says: {error}.") from error
        except (OSError, EOFError, RuntimeError, ValueError) as error:
            raise ActionError(
                "the session bus cannot be reached", f"It is at {address}: {error}."
            ) from error

    def _choose(self, command: MediaCommand, programs: list[_Program]) -> _Program | None:
        def of(*statuses: str) -> list[_Program]:
            fitting = [one for one in programs if one.status in statuses]
            return sorted(
                fitting, key=lambda one: (statuses.index(one.status), one.name != self._last)
            )

        match command:
            case MediaCommand.PLAY:
                order = of("Playing", "Paused", "Stopped")
            case MediaCommand.LOOK | MediaCommand.PAUSE:
                order = of("Playing")
            case _:
                order = of("Playing", "Paused")
        return order[0] if order else None


@dataclass(frozen=True, slots=True)
class _Bus:
    router: Any

    async def programs(self) -> list[_Program]:
        """Return all that play; one that does not tell what it does is left out."""
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415

        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        (names,) = await self._ask(new_method_call(bus, "ListNames"))
        players = sorted(one for one in names if one.startswith(PREFIX))[:MOST_PLAYERS]
        programs = await asyncio.gather(*map(self._program, players))
        return [one for one in programs if one is not None]

    async def _program(self, name: str) -> _Program | None:
        from jeepney import DBusAddress, DBusErrorResponse, new_method_call  # noqa: PLC0415

        properties = DBusAddress(OBJECT, name, "org.freedesktop.DBus.Properties")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                (told,) = await self._ask(new_method_call(properties, "GetAll", "s", (PLAYER,)))
        except (DBusErrorResponse, TimeoutError):  # it has just ended, or hangs
            return None
        return _program(name, told)

    async def call(self, name: str, method: str) -> None:
        """Have a program do something."""
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415

        await self._ask(new_method_call(DBusAddress(OBJECT, name, PLAYER), method))

    async def _ask(self, message: Message) -> tuple[Any, ...]:
        from jeepney.wrappers import unwrap_msg  # noqa: PLC0415

        body: tuple[Any, ...] = unwrap_msg(await self.router.send_and_get_reply(message))
        return body


def _program(name: str, told: Mapping[str, tuple[str, Any]]) -> _Program:
    status = str(told.get("PlaybackStatus", ("s", "Stopped"))[1])
    _, metadata = told.get("Metadata", ("a{sv}", {}))
    if not isinstance(metadata, dict):
        metadata = {}
    _, title = metadata.get("xesam:title", ("s", ""))
    _, artists = metadata.get("xesam:artist", ("as", []))
    artist = ", ".join(map(str, artists)) if isinstance(artists, list) else str(artists)
    return _Program(name, status, Track(str(title), artist, status == "Playing"))


@contextlib.asynccontextmanager
async def _connected(address: str) -> AsyncIterator[_Bus]:
    from jeepney.io.asyncio import open_dbus_router  # noqa: PLC0415

    async with open_dbus_router(address) as router:
        yield _Bus(router)

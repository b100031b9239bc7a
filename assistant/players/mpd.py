"""A Music Player Daemon (MPD), by its protocol of lines; a connection for each request.

The core reaches it by its Unix socket. One that listens on TCP only is reached by the bridge, which
uses the same ``MpdPlayer``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ActionError
from assistant.ports import MediaCommand, Track

DEFAULT_SOCKET = Path("/run/mpd/socket")
LIMIT_SECONDS = 5.0
LIMIT_BYTES = 16_384
"""Of a line; MPD's own limit for the texts of a track is smaller."""
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class MpdPlayer:
    """The one at ``address``: the path of its socket, or host:port."""

    address: str

    async def do(self, command: MediaCommand) -> Track | None:
        """Do it, and tell what was playing; None where nothing is, or nothing is there to play.

        Raises ActionError when it cannot be reached, or refuses.
        """
        try:
            async with asyncio.timeout(LIMIT_SECONDS), self._connected() as mpd:
                return await _do(mpd, command)
        except TimeoutError as error:
            raise ActionError("the music player does not answer", self._hint()) from error
        except (OSError, EOFError, ValueError) as error:
            raise ActionError("the music player cannot be reached", self._hint()) from error

    def _hint(self) -> str:
        return f"Is MPD running, and does it listen at {self.address}? See media.mpd."

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Connection]:
        host, _, port = self.address.rpartition(":")
        if self.address.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(self.address, limit=LIMIT_BYTES)
        else:
            reader, writer = await asyncio.open_connection(host, int(port), limit=LIMIT_BYTES)
        try:
            greeting = await reader.readline()
            if not greeting.startswith(b"OK MPD "):
                raise ValueError(f"this is no MPD: {greeting!r}")
            yield _Connection(reader, writer)
        finally:
            writer.close()


@dataclass(frozen=True, slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, command: str) -> Mapping[str, str]:
        """Send a command of this file; returns the fields of the answer, the first of each name."""
        self.writer.write(command.encode() + b"\n")
        await self.writer.drain()
        fields: dict[str, str] = {}
        for _ in range(MOST_LINES):
            line = await self.reader.readline()
            if not line.endswith(b"\n"):
                raise EOFError
            text = line.decode(errors="replace").rstrip("\n")
            if text == "OK":
                return fields
            if text.startswith("ACK "):
                raise ActionError(
                    "the music player refuses", f"MPD says: {text.rpartition('} ')[2]}."
                )
            name, _, value = text.partition(": ")
            fields.setdefault(name, value)
        raise ValueError("the answer has no end")


async def _do(mpd: _Connection, command: MediaCommand) -> Track | None:
    status = await mpd.ask("status")
    state = status.get("state", "stop")
    current = await mpd.ask("currentsong") if "song" in status else {}
    track = Track(
        current.get("Title") or current.get("Name") or Path(current.get("file", "")).stem,
        current.get("Artist", ""),
        state == "play",
    )
    match command:
        case MediaCommand.LOOK:
            return track if state == "play" else None
        case MediaCommand.PLAY if state == "pause":
            await mpd.ask("pause 0")
        case MediaCommand.PLAY if state == "play":
            pass
        case MediaCommand.PLAY if int(status.get("playlistlength", "0")):
            await mpd.ask("play")
        case MediaCommand.PAUSE if state == "play":
            await mpd.ask("pause 1")
        case MediaCommand.NEXT | MediaCommand.PREVIOUS | MediaCommand.STOP if state != "stop":
            await mpd.ask(str(command))
        case _:
            return None
    return track

"""The core's side of the bridge: asks it to do what its own intent files say.

A request names an intent or a list and never a command, so whoever takes over the core can only
ask for what the owner wrote.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.actions.command import LIST_SECONDS
from assistant.errors import ActionError
from assistant.intents.jsonpaths import are_values
from assistant.ports import MediaCommand, Track
from assistant.turn import ActionResult, Match

MARGIN_SECONDS = 5.0
"""Beyond the command's own limit: the bridge ends it (2 s) and says so."""

MAXIMUM_REPLIES = 500
"""To one request; the bridge needs 200 for the longest list."""

MEDIA_SECONDS = 5.0
"""For what is asked of a player of music."""

RELOAD_SECONDS = 60.0
"""For reading the intent files; a Raspberry Pi takes seconds for thousands of sentences."""


@dataclass(frozen=True, slots=True)
class BridgeAction:
    """An action that the bridge does. ``timeout_seconds`` is the limit of its steps together."""

    socket_path: Path
    timeout_seconds: float

    async def __call__(self, match: Match, part: int = 0, *, undo: bool = False) -> ActionResult:
        """Ask the bridge and wait for its answer; cancelling ends what it does.

        ``part`` is which of the intent's parts is to be done (``Steps.parts``), and ``undo`` asks
        for the steps that take the intent back.

        Raises ActionError when the action failed, or the bridge is not there or does not answer.
        """
        request: dict[str, Any] = {
            "intent": match.intent,
            "slots": match.plain_values(),
            "text": match.text,
        }
        if part:
            request["part"] = part
        if undo:
            request["undo"] = True
        limit_seconds = self.timeout_seconds + MARGIN_SECONDS
        match await _ask(self.socket_path, request, limit_seconds):
            case [{"speech": str(speech), "values": dict(values)}] if are_values(values):
                return ActionResult(speech=speech, values=values)
        raise _another_answer()


async def reload_bridge(socket_path: Path) -> None:
    """Have the bridge read the intent files again.

    Raises ActionError when it finds mistakes in them, is not there or does not answer.
    """
    match await _ask(socket_path, {"reload": True}, RELOAD_SECONDS):
        case [{"commands": int()}]:
            return
    raise _another_answer()


async def list_from_bridge(socket_path: Path, name: str) -> str:
    """Have the bridge run the program of a list, and return what it prints.

    Raises ActionError when the program fails, the bridge is not there or does not answer.
    """
    replies = await _ask(socket_path, {"list": name}, LIST_SECONDS + MARGIN_SECONDS)
    parts = [reply["text"] for reply in replies if isinstance(reply.get("text"), str)]
    if len(parts) < len(replies):
        raise _another_answer()
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class BridgePlayer:
    """A player of music in the network, which only the bridge can reach."""

    socket_path: Path

    async def do(self, command: MediaCommand) -> Track | None:
        """Have the bridge do it. Raises ActionError when it cannot."""
        limit_seconds = MEDIA_SECONDS + MARGIN_SECONDS
        match await _ask(self.socket_path, {"media": str(command)}, limit_seconds):
            case [{"track": None}]:
                return None
            case [
                {"track": {"title": str(title), "artist": str(artist), "playing": bool(playing)}}
            ]:
                return Track(title, artist, playing)
        raise _another_answer()


async def _ask(
    socket_path: Path, fields: Mapping[str, Any], limit_seconds: float
) -> list[dict[str, Any]]:
    """Send a request and return the replies. Raises ActionError, also with what the bridge says."""
    request_id = secrets.token_hex(8)
    try:
        line = wire.encode({"id": request_id} | dict(fields))
    except wire.WireError as error:
        raise ActionError("that is too long for the bridge", f"{error}.") from error
    try:
        async with asyncio.timeout(limit_seconds):
            replies = await _exchange(socket_path, line)
    except TimeoutError as error:
        raise ActionError(
            "the bridge does not answer", "See the log of assistant-bridge."
        ) from error
    except (wire.WireError, ValueError, ConnectionError) as error:
        raise ActionError("the bridge gave no answer", f"What it sent: {error}.") from error
    if any(reply.get("id") != request_id for reply in replies):
        raise _another_answer()
    match replies[-1]:
        case {"error": str(message), "hint": str(hint)}:
            raise ActionError(message, hint)
    return replies


async def _exchange(socket_path: Path, request: bytes) -> list[dict[str, Any]]:
    """Send a line; a reply is one line, or as many as there are until one is not ``more``."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket_path, limit=wire.LIMIT_BYTES)
    except OSError as error:
        raise ActionError(
            "the bridge is not running",
            f"Start assistant-bridge; nothing answers at {socket_path}: {error.strerror or error}.",
        ) from error
    try:
        writer.write(request)
        await writer.drain()
        replies = [wire.decode(await reader.readline())]
        while replies[-1].get("more") is True and len(replies) < MAXIMUM_REPLIES:
            replies.append(wire.decode(await reader.readline()))
        return replies
    finally:
        writer.close()


def _another_answer() -> ActionError:
    return ActionError("the bridge gave another answer than was asked for", "Is it as new as this?")

"""The core's side of the bridge: asks it to do what its own intent files say.

A request names an intent or a list and never a command, so whoever takes over the core can only
ask for what the owner wrote.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.actions.command import LIST_SECONDS
from assistant.errors import ActionError
from assistant.intents.jsonpaths import are_values
from assistant.ports import MediaCommand, Track
from assistant.speech.spoken import spoken
from assistant.turn import ActionResult, Match, Slot
from assistant.typedvalues import from_json, to_json
from assistant.values import SlotValue

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

    async def take_back(self, match: Match) -> None:
        """Have the steps done that take the intent back. Raises ActionError."""
        await self(match, undo=True)


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
        connection = _connect(socket_path)
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=wire.LIMIT_BYTES)
    except BlockingIOError as error:
        raise TimeoutError from error
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


def _connect(path: Path) -> socket.socket:
    """Connect at once, or not at all.

    Raises BlockingIOError where as many wait already as have room, because the bridge hangs;
    asyncio takes such a socket for a connected one.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.ExitStack() as unless_connected:
        unless_connected.callback(connection.close)
        connection.setblocking(False)
        connection.connect(str(path))
        unless_connected.pop_all()
    return connection


def _another_answer() -> ActionError:
    return ActionError("the bridge gave another answer than was asked for", "Is it as new as this?")


# --- skills ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SkillAction:
    """An action that a skill does. ``timeout_seconds`` is the limit of the skill itself."""

    socket_path: Path
    timeout_seconds: float

    async def __call__(self, match: Match) -> ActionResult:
        """Have the bridge ask the skill; cancelling ends the skill's process.

        Raises ActionError when the skill failed, or the bridge is not there or does not answer.
        """
        slots = {slot.name: to_json(slot.value) for slot in match.slots}
        request = {"skill_intent": match.intent, "slots": slots, "text": match.text}
        limit_seconds = self.timeout_seconds + MARGIN_SECONDS
        match await _ask(self.socket_path, request, limit_seconds):
            case [{"outcome": str(), "values": dict(), "speech": str()} as answer]:
                return result_of(answer)
        raise _another_answer()

    async def take_back(self, match: Match, intent: str, fixed: Mapping[str, SlotValue]) -> None:
        """Do ``intent`` with the slots of ``match``, and over them those ``fixed``.

        Raises ActionError as a call does, and when it comes to anything but 'done'.
        """
        slots = tuple(slot for slot in match.slots if slot.name not in fixed)
        slots += tuple(Slot(name, value, "") for name, value in fixed.items())
        outcome = (await self(match._replace(intent=intent, slots=slots))).outcome
        if outcome != "done":
            raise ActionError(f"the skill did not take it back: '{outcome}'")


def result_of(answer: Mapping[str, Any]) -> ActionResult:
    """Make the result of a skill's answer. Raises ActionError where it cannot be spoken."""
    now = datetime.now().astimezone()
    try:
        values = {name: from_json(value) for name, value in answer["values"].items()}
        for value in values.values():
            spoken(value, now=now)
    except (ValueError, ArithmeticError, LookupError, TypeError) as error:
        raise ActionError(
            "the skill has failed: what it gave cannot be spoken", f"{error}."
        ) from error
    return ActionResult(answer["outcome"], values, answer["speech"])

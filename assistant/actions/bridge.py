"""The core's side of the bridge: asks it to do what its own intent files say about an intent.

The request names an intent and never a command, so whoever takes over the core can only ask for
what the owner wrote.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

MARGIN_SECONDS = 5.0
"""Beyond the command's own limit: the bridge ends it (2 s) and says so."""


@dataclass(frozen=True, slots=True)
class BridgeAction:
    """An action that the bridge does. ``timeout_seconds`` is the limit of the command itself."""

    socket_path: Path
    timeout_seconds: float

    async def __call__(self, match: Match) -> ActionResult:
        """Ask the bridge and wait for its answer; cancelling ends the command.

        Raises ActionError when the action failed, or the bridge is not there or does not answer.
        """
        request_id = secrets.token_hex(8)
        request = {
            "id": request_id,
            "intent": match.intent,
            "slots": match.values(),
            "text": match.text,
        }
        try:
            line = wire.encode(request)
        except wire.WireError as error:
            raise ActionError("that is too long for the bridge", f"{error}.") from error
        try:
            async with asyncio.timeout(self.timeout_seconds + MARGIN_SECONDS):
                reply = wire.decode(await self._exchange(line))
        except TimeoutError as error:
            raise ActionError(
                "the bridge does not answer", "See the log of assistant-bridge."
            ) from error
        except (wire.WireError, ValueError, ConnectionError) as error:
            raise ActionError("the bridge gave no answer", f"What it sent: {error}.") from error
        return _result(reply, request_id)

    async def _exchange(self, request: bytes) -> bytes:
        try:
            reader, writer = await asyncio.open_unix_connection(
                self.socket_path, limit=wire.LIMIT_BYTES
            )
        except OSError as error:
            raise ActionError(
                "the bridge is not running",
                f"Start assistant-bridge; nothing answers at {self.socket_path}: "
                f"{error.strerror or error}.",
            ) from error
        try:
            writer.write(request)
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()


def _result(reply: dict[str, Any], request_id: str) -> ActionResult:
    match reply:
        case {"id": str(answered), "speech": str(speech)} if answered == request_id:
            return ActionResult(speech=speech)
        case {"id": str(answered), "error": str(message), "hint": str(hint)} if (
            answered == request_id
        ):
            raise ActionError(message, hint)
    raise ActionError("the bridge gave another answer than was asked for", "Is it as new as this?")

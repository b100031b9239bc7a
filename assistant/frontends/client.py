"""The other end of the control socket, for the command line: plain blocking calls."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant import wire
from assistant.errors import ControlError, IntentError, Place, Problem

CONNECT_SECONDS = 5.0


class NotRunningError(ControlError):
    """Nothing listens where the assistant would."""


class ControlClient:
    """A connection to the running assistant, at the first of ``paths`` where one listens.

    Raises ControlError when there is none, or when it is another user's.
    """

    def __init__(self, *paths: Path) -> None:
        self._socket = _connect(paths)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> ControlClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._socket.close()

    def ask(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send one request and return the answer.

        Raises ControlError with what it says, IntentError where it tells mistakes in files.
        """
        self._send({"command": command} | fields)
        answer = self._receive()
        if "problems" in answer:
            raise IntentError([_problem(**one) for one in answer["problems"]])
        if not answer.get("ok"):
            raise ControlError(str(answer.get("error")), str(answer.get("hint", "")))
        return answer

    def events(self, *, levels: bool = False) -> Iterator[dict[str, Any]]:
        """Return the events from now on, as they happen, until the assistant ends."""
        self.ask("events", levels=levels)
        return (wire.decode(line) for line in self._lines)

    @property
    def process_id(self) -> int:
        """The process at the other end, as the kernel tells it; 0 where it does not see it."""
        size = struct.calcsize("3i")
        told = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        return int(struct.unpack("3i", told)[0])

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._socket.sendall(wire.encode(message))
        except OSError as error:
            raise ControlError("The assistant has hung up.", "See its log.") from error

    def _receive(self) -> dict[str, Any]:
        try:
            line = self._lines.readline(wire.LIMIT_BYTES + 1)
        except OSError as error:
            raise ControlError("The assistant has hung up.", "See its log.") from error
        if not line:
            raise ControlError("The assistant has hung up.", "See its log.")
        return wire.decode(line)


def _problem(message: str, place: dict[str, Any], hint: str, warning: bool) -> Problem:
    return Problem(message, Place(**place), hint, warning)


def is_running(*paths: Path) -> bool:
    """Tell whether an assistant listens at one of these sockets.

    Raises ControlError when it does and is another user's.
    """
    try:
        _connect(paths).close()
    except NotRunningError:
        return False
    return True


def _connect(paths: Sequence[Path]) -> socket.socket:
    refused: OSError | None = None
    for path in paths:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            if isinstance(error, PermissionError):
                refused = error
        else:
            connection.settimeout(None)
            return connection
    if refused is not None:
        raise ControlError(
            "The assistant runs as another user.", "Put sudo in front of the command."
        ) from refused
    raise NotRunningError("The assistant is not running.", "Start it with: assistant run")

"""The other end of the control socket, for the command line: plain blocking calls."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant import wire
from assistant.errors import ControlError

CONNECT_SECONDS = 5.0


class ControlClient:
    """A connection to the running assistant. Raises ControlError when there is none."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(CONNECT_SECONDS)
        try:
            self._socket.connect(str(path))
        except OSError as error:
            self._socket.close()
            raise ControlError(
                "The assistant is not running.", f"Start it with: assistant run ({path})."
            ) from error
        self._socket.settimeout(None)
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
        """Send one request and return the answer. Raises ControlError with what it says."""
        self._send({"command": command} | fields)
        answer = self._receive()
        if not answer.get("ok"):
            raise ControlError(str(answer.get("error")), str(answer.get("hint", "")))
        return answer

    def events(self, *, levels: bool = False) -> Iterator[dict[str, Any]]:
        """Yield events as they happen, until the assistant ends."""
        self.ask("events", levels=levels)
        for line in self._lines:
            yield wire.decode(line)

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


def is_running(path: Path) -> bool:
    """Tell whether an assistant listens at this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(CONNECT_SECONDS)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True

"""Unix sockets that only their owner may use: the daemon's control socket and the bridge's."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import socket
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from assistant.errors import ControlError

BACKLOG = 16


@contextlib.contextmanager
def listening(path: Path, what: str, mode: int = 0o600) -> Iterator[socket.socket]:
    """Listen at ``path``, in a folder that is made, with mode 0700, when there is none.

    The file of a process that ended without removing it is replaced; this one's is removed in the
    end. ``what`` names who listens here, for the message. Raises ControlError when another one
    listens already, when the folder is not this user's alone, or the socket cannot be made.
    """
    _check_folder(path.parent)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        try:
            if somebody_listens(path):
                raise ControlError(
                    f"another {what} is already running", f"It listens at {path}; stop it first."
                )
            path.unlink(missing_ok=True)
            # Between bind and chmod the umask decides; the folder keeps others out in any case.
            listener.bind(str(path))
            path.chmod(mode)
            listener.listen(BACKLOG)
        except OSError as error:
            raise ControlError(
                f"the {what} cannot listen at {path}: {error.strerror or error}",
                "Check its folder.",
            ) from error
        listener.setblocking(False)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


async def close_server(server: asyncio.Server, listener: socket.socket) -> None:
    """Accept no more. Who was accepted already has become a client when this returns."""
    asyncio.get_running_loop().remove_reader(listener)
    # asyncio makes a client of an accepted socket in a task of its own, within two turns of the
    # loop; a server that is closed before, or a loop that ends, would leave that socket open.
    for _ in range(3):
        await asyncio.sleep(0)
    server.close()


def peer_user_id(connection: socket.socket) -> int:
    """User of the process that connected, told by the kernel (SO_PEERCRED, unix(7))."""
    return peer(connection)[1]


def peer(connection: socket.socket) -> tuple[int, int]:
    """Process that connected, and its user."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    process, user, _group = struct.unpack("iII", credentials)
    return int(process), int(user)


def has_hung_up(connection: socket.socket) -> bool:
    """Tell whether the other end is gone already, also where it has sent something before."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


def _check_folder(folder: Path) -> None:
    """Refuse a folder in which somebody else could put a socket of their own at our name."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise ControlError(
            f"the folder {folder} cannot be made: {error.strerror}",
            "Set XDG_RUNTIME_DIR to a folder of yours.",
        ) from error
    ours = found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISDIR(found.st_mode) or not ours:
        raise ControlError(
            f"the folder {folder} is not this user's alone",
            "Remove it, or set XDG_RUNTIME_DIR to a folder of yours.",
        )


def somebody_listens(path: Path) -> bool:
    """Tell whether a process listens at this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except BlockingIOError:  # its backlog is full: somebody listens, slowly
            return True
    return True

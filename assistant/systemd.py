"""Talking to the service manager: ready, alive, stopping. Without one, nothing is said."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

MICROSECONDS = 1_000_000


def notify(*fields: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send fields such as ``READY=1`` or ``STATUS=listening`` to the service manager.

    True when they were sent, False when there is no service manager. The protocol is that of
    sd_notify(3): one datagram, a field a line; '@' begins an address in the abstract namespace.
    Raises OSError when the service manager's socket does not take it.
    """
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.sendto("\n".join(fields).encode(), address)
    return True


def watchdog_interval_seconds(
    environment: Mapping[str, str] = os.environ, process_id: int | None = None
) -> float | None:
    """How often to send ``WATCHDOG=1``: half the limit, as sd_watchdog_enabled(3) recommends.

    None when this process is not watched.
    """
    limit = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", "")
    if not limit.isdecimal() or int(limit) == 0:
        return None
    if watched and watched != str(os.getpid() if process_id is None else process_id):
        return None
    return int(limit) / MICROSECONDS / 2

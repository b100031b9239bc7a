"""Talking to the service manager: ready, alive, stopping. Without one, nothing is said."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator, Mapping

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


@contextlib.contextmanager
def reloading(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Tell the service manager that the configuration is being read again, and when that is over.

    ``MONOTONIC_USEC`` is for ``Type=notify-reload`` (systemd 253), which compares it with the time
    of its own request.
    """
    microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    notify("RELOADING=1", f"MONOTONIC_USEC={microseconds}", environment=environment)
    try:
        yield
    finally:
        notify("READY=1", environment=environment)


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

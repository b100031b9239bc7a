"""Twenty-five clients of a control socket in a process of their own: ``crowd.py PATH KIND``.

They stay until the standard input ends. A line on standard output says that all of them are there.
"""

from __future__ import annotations

import contextlib
import socket
import sys

CLIENTS = 25
STATUS = b'{"command":"status"}\n'
SAID = {
    "silent": b"",
    "slow": b'{"comm',
    "endless": b"x" * 400_000,
    "garbage": b"\xff\xfe{]\n" * 1_000,
    "deaf": STATUS * 20_000,
}
"""What each kind sends; the deaf ask, and never read an answer."""


def main() -> None:
    path, kind = sys.argv[1:]
    clients = []
    for _ in range(CLIENTS):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(0.05)  # whoever is not listened to any more goes on to the next one
        with contextlib.suppress(OSError):
            client.connect(path)
            client.sendall(SAID[kind])
        clients.append(client)
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()

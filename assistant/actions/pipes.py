"""A command's standard streams, so that no command can fill the memory or block the bridge."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator

KEPT_BYTES = 64 * 1024
"""How much of an output is kept; what comes after is read, so that nothing blocks, and dropped."""


@contextlib.contextmanager
def input_of(data: bytes) -> Iterator[int]:
    """Give a descriptor to read ``data`` from: in memory, so a command need not read it."""
    descriptor = os.memfd_create("request", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, data)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


class Output:
    """Keeps the first ``kept_bytes`` that a command writes to ``write_end``.

    asyncio's own pipes are not used, because waiting for those to end is waiting for every process
    that the command left behind.
    """

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._kept = bytearray()
        self.cut_off = False
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._take)

    def close(self) -> None:
        """Stop reading; a process that still writes gets SIGPIPE."""
        self.close_write_end()
        self._loop.remove_reader(self._read_end)
        os.close(self._read_end)

    def close_write_end(self) -> None:
        """Leave the writing end to the command."""
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def text(self) -> str:
        """What was written so far, in UTF-8 with U+FFFD for what is not."""
        while not self.cut_off and self._take():
            pass
        return self._kept.decode("utf-8", errors="replace")

    def _take(self) -> bool:
        """Read once; false when there is nothing more for now."""
        try:
            data = os.read(self._read_end, KEPT_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._read_end)
            return False
        fitting = data[: self._kept_bytes - len(self._kept)]
        self.cut_off = len(fitting) < len(data)
        self._kept += fitting
        return True

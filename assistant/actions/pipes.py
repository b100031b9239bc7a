"""A command's standard streams, so that no command can fill the memory or block the bridge."""

from __future__ import annotations

import asyncio
import contextlib
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator

KEPT_BYTES = 64 * 1024
"""How much of an output is kept; what comes after is read, so that nothing blocks, and dropped."""

PRINTED_BYTES = 16 * 1024
"""The end of what a skill printed, which is logged when it fails."""

MOST_READS = 64
"""At once, of a process that prints without end."""


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


class Pipe(ABC):
    """Reads what a process writes to ``write_end``, so that it never waits; ``_keep`` keeps of it.

    asyncio's own pipes are not used, because waiting for those to end is waiting for every process
    that the command left behind.
    """

    def __init__(self) -> None:
        self._kept = bytearray()
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._read_end, self._take)

    def close(self) -> None:
        """Stop reading; a process that still writes gets SIGPIPE."""
        self.close_write_end()
        if self._read_end >= 0:
            self._loop.remove_reader(self._read_end)
            os.close(self._read_end)
            self._read_end = -1

    def close_write_end(self) -> None:
        """Leave the writing end to the process."""
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1

    def _take(self) -> bool:
        """Read once; false when there is nothing more for now."""
        try:
            data = os.read(self._read_end, KEPT_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._read_end)
            return False
        self._keep(data)
        return True

    @abstractmethod
    def _keep(self, data: bytes) -> None:
        """Take what was read."""


class Output(Pipe):
    """Keeps the first ``kept_bytes`` of what a command writes."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        super().__init__()
        self._kept_bytes = kept_bytes
        self.cut_off = False

    def text(self) -> str:
        """What was written so far, in UTF-8 with U+FFFD for what is not."""
        while not self.cut_off and self._take():
            pass
        return self._kept.decode("utf-8", errors="replace")

    def _keep(self, data: bytes) -> None:
        fitting = data[: self._kept_bytes - len(self._kept)]
        self.cut_off = len(fitting) < len(data)
        self._kept += fitting


class Printed(Pipe):
    """Keeps the last ``PRINTED_BYTES`` of what a process prints."""

    def take(self) -> str:
        """What was printed since the last time."""
        for _ in range(MOST_READS):
            if self._read_end < 0 or not self._take():
                break
        text = self._kept.decode("utf-8", errors="replace").strip()
        self._kept.clear()
        return text

    def _keep(self, data: bytes) -> None:
        self._kept += data
        del self._kept[:-PRINTED_BYTES]

"""Turns down what other programs play through PulseAudio, or PipeWire in its place, and up again.

What was turned down must never stay so. Therefore, beside the plain way back:

- A guard, a shell that waits at a pipe, turns everything up again when this process is gone,
  however it ended: the kernel closes the pipe.
- Sound servers remember the volume of a program, and give it to its next stream. A program whose
  stream ended meanwhile would come back low. So it is ``owed`` its volume until it comes, which
  whoever uses this keeps, also over a restart.

A stream whose volume is no longer what it was turned down to has been set by somebody, and is left
alone. All calls block for some 10 ms: they are for a thread of their own.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from assistant.audio.mixers import run_program
from assistant.errors import ActionError

Volumes: TypeAlias = tuple[int, ...]
"""Of each channel, as the server counts: 65536 is 100 %."""

Owed: TypeAlias = Mapping[str, tuple[Volumes, Volumes]]
"""By program, the volumes that it had, and what they were turned down to."""

GUARD = """\
trap '' HUP INT TERM
read -r word
[ "$word" = done ] && exit
while [ $# -gt 0 ]; do
    pactl set-sink-input-volume "$1" $2
    shift 2
done
"""
"""Arguments: the number of a stream, its volumes as one text of numbers, and so on."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What a program plays."""

    number: int
    program: str
    process_id: int | None
    volumes: Volumes


class PulseDucker:
    """Turns the streams of others down to a ``share`` of their volume."""

    def __init__(self, share: float, owed: Owed | None = None) -> None:
        self._share = share
        self.owed: dict[str, tuple[Volumes, Volumes]] = dict(owed or {})
        self._lowered: dict[int, tuple[Stream, Volumes]] = {}
        self._guard: subprocess.Popen[bytes] | None = None

    def plan(self) -> bool:
        """Look what there is to turn down, and note it as owed; false where there is nothing.

        Whoever keeps ``owed`` keeps it now, before ``lower``. Raises ActionError.
        """
        found = [one for one in self._settle() if one.process_id != os.getpid()]
        self._lowered = {
            one.number: (one, tuple(round(part * self._share) for part in one.volumes))
            for one in found
            if any(one.volumes)
        }
        for stream, lower in self._lowered.values():
            self.owed[stream.program] = (stream.volumes, lower)
        return bool(self._lowered)

    def lower(self) -> None:
        """Turn down what was planned. Raises ActionError."""
        arguments = [
            argument
            for stream, _ in self._lowered.values()
            for argument in (str(stream.number), " ".join(map(str, stream.volumes)))
        ]
        self._guard = subprocess.Popen(
            ["sh", "-c", GUARD, "assistant-guard", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
        )
        for stream, lower in self._lowered.values():
            _set(stream.number, lower)

    def restore(self) -> None:
        """Turn everything up again; what is not there now stays ``owed``. Raises ActionError."""
        try:
            self._settle()
        finally:
            self._lowered = {}
            if self._guard is not None:
                self._guard.communicate(b"done\n")
                self._guard = None

    def settle(self) -> None:
        """Give those their volume that are there and owed it. Raises ActionError."""
        self._settle()

    def _settle(self) -> list[Stream]:
        """Returns all streams, with the volumes that they have then."""
        streams = [self._as_before(stream) for stream in _streams()]
        for stream in streams:
            self.owed.pop(stream.program, None)
        return streams

    def _as_before(self, stream: Stream) -> Stream:
        turned_down, _ = self._lowered.get(stream.number, (None, ()))
        before, lower = self.owed.get(stream.program, ((), None))
        if turned_down is not None and turned_down.program == stream.program:
            before, lower = turned_down.volumes, self._lowered[stream.number][1]
        if stream.volumes != lower:
            return stream
        _set(stream.number, before)
        return dataclasses.replace(stream, volumes=before)


def _set(number: int, volumes: Volumes) -> None:
    try:
        run_program("pactl", "set-sink-input-volume", str(number), *map(str, volumes))
    except ActionError as error:
        if "No such entity" not in error.hint:  # it has just ended
            raise


def _streams() -> list[Stream]:
    said = run_program("pactl", "--format=json", "list", "sink-inputs")
    try:
        return [_stream(one) for one in json.loads(said)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ActionError(
            "pactl tells what plays in an unknown way", "It needs PulseAudio 16 or later."
        ) from error


def _stream(told: Mapping[str, Any]) -> Stream:
    properties = told["properties"]
    names = ("module-stream-restore.id", "application.name", "media.name", "node.name")
    program = next((properties[name] for name in names if properties.get(name)), "")
    process = properties.get("application.process.id", "")
    return Stream(
        int(told["index"]),
        str(program),
        int(process) if process.isdecimal() else None,
        tuple(int(channel["value"]) for channel in told["volume"].values()),
    )

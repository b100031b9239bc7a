"""The owner's commands: a program, its arguments, a time limit. Used by the bridge only.

No shell is involved: what was said reaches the program as one argument each, and as JSON on its
standard input. A program that takes options should get ``--`` before a slot of free words.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import re
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.actions.pipes import Output, input_of
from assistant.errors import ActionError
from assistant.turn import ActionResult
from assistant.values import SlotValue

SPOKEN_CHARACTERS = 4_000
"""The longest answer that is spoken: some five minutes. It also fits in a line of ``wire``."""

LAST_WORDS_CHARACTERS = 500
"""How much of the last line on its standard error a failing command's message shows."""

LIST_BYTES = 1_000_000
"""The longest list that a program may print; ten thousand names are a third of it."""

LIST_SECONDS = 30.0
"""For a program that prints a list: it may have to ask other machines."""

TERMINATE_SECONDS = 2.0
"""Between SIGTERM and SIGKILL."""

ENVIRONMENT = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TMPDIR",
    "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
)  # fmt: skip
"""What a command gets of the bridge's environment: a user's own, nothing of the assistant's."""

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A command of the owner.

    ``argv[0]`` is the program, taken as it is; in the others ``{slot}`` is replaced by the slot's
    value, '' for a slot that was not said. With ``speak_output`` its standard output is spoken.
    """

    argv: tuple[str, ...]
    timeout_seconds: float = 10.0
    speak_output: bool = False


def fill(argument: str, slots: Mapping[str, SlotValue]) -> str:
    """Replace each ``{slot}`` of one argument; what a value holds is never read again."""
    return PLACEHOLDER.sub(lambda found: _as_text(slots.get(found[1], "")), argument)


async def run_command(
    spec: CommandSpec,
    intent: str,
    slots: Mapping[str, SlotValue],
    text: str,
    environment: Mapping[str, str] = os.environ,
) -> ActionResult:
    """Run a command to its end, in a session of its own, in ``/``.

    Its standard input is ``{"intent", "slots", "text"}`` as one line of JSON. It is done when the
    program ends; processes that it left behind go on. When its time is over, or this task is
    cancelled, its whole process group gets SIGTERM, and SIGKILL ``TERMINATE_SECONDS`` later.

    Raises ActionError when it cannot be started, fails, or takes too long.
    """
    argv = (spec.argv[0], *(fill(argument, slots) for argument in spec.argv[1:]))
    request = json.dumps({"intent": intent, "slots": dict(slots), "text": text}) + "\n"
    with contextlib.closing(Output()) as output:
        await _run(argv, spec.timeout_seconds, request.encode("ascii"), output, environment)
        return ActionResult(speech=_spoken(argv[0], output.text()) if spec.speak_output else "")


async def read_list(
    argv: tuple[str, ...],
    timeout_seconds: float = LIST_SECONDS,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Run a program that prints the values of a list, as ``run_command`` does; returns the text.

    Its standard input is empty. Raises ActionError also when it prints too much.
    """
    with contextlib.closing(Output(LIST_BYTES)) as output:
        await _run(argv, timeout_seconds, b"", output, environment)
        text = output.text()
        if output.cut_off:
            raise ActionError(
                f"the command '{_name(argv[0])}' printed too much for a list",
                f"At most {LIST_BYTES:,} bytes are read.",
            )
        return text


async def _run(
    argv: tuple[str, ...],
    timeout_seconds: float,
    request: bytes,
    output: Output,
    environment: Mapping[str, str],
) -> None:
    name = _name(argv[0])
    with contextlib.closing(Output()) as complaints, input_of(request) as stdin:
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=stdin,
                stdout=output.write_end,
                stderr=complaints.write_end,
                env={key: environment[key] for key in ENVIRONMENT if key in environment},
                cwd="/",
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise _cannot_start(name, argv[0], error) from error
        output.close_write_end()
        complaints.close_write_end()
        try:
            async with asyncio.timeout(timeout_seconds):
                status = await process.wait()
        except TimeoutError as error:
            raise ActionError(
                f"the command '{name}' took longer than {timeout_seconds:g} seconds",
                "Give it a longer timeout, or let it do its work in the background.",
            ) from error
        finally:
            if process.returncode is None:
                await _end(process)
        if status:
            raise _failed(name, status, complaints.text())


def _name(program: str) -> str:
    return os.path.basename(program)  # noqa: PTH119 - the owner's word, perhaps no path


async def _end(process: Process) -> None:
    """End the process group. A second cancellation skips the wait, never the SIGKILL."""
    _signal_group(process.pid, signal.SIGTERM)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TERMINATE_SECONDS):
                await process.wait()
    finally:
        # The program may have ended and left others of its group that did not.
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # every process of the group has ended
        os.killpg(group, number)


def _cannot_start(name: str, program: str, error: OSError | ValueError) -> ActionError:
    if isinstance(error, ValueError):  # a NUL, or half of a surrogate pair
        return ActionError(
            f"the command '{name}' cannot be given what was said",
            "An argument holds a character that no program can take.",
        )
    if isinstance(error, FileNotFoundError):
        return ActionError(
            f"the command '{name}' was not found",
            f"Install {program}, or give its full path; a script's first line must name an"
            " interpreter that exists.",
        )
    if isinstance(error, PermissionError):
        return ActionError(f"the command '{name}' may not be run", f"Try: chmod +x {program}")
    if error.errno == errno.ENOEXEC:
        return ActionError(
            f"the command '{name}' is not a program",
            "A script's first line must name its interpreter: #!/bin/sh",
        )
    return ActionError(f"the command '{name}' cannot be started", f"{error.strerror}.")


def _failed(name: str, status: int, complaints: str) -> ActionError:
    how = f"status {status}" if status > 0 else f"signal {-status}"
    lines = complaints.strip().splitlines()
    return ActionError(
        f"the command '{name}' failed with {how}",
        f"Its last words: {lines[-1][:LAST_WORDS_CHARACTERS]}" if lines else "It gave no reason.",
    )


def _spoken(program: str, output: str) -> str:
    speech = output.strip()
    if len(speech) > SPOKEN_CHARACTERS:
        raise ActionError(
            f"the command '{_name(program)}' wrote too much to be spoken",
            f"At most {SPOKEN_CHARACTERS} characters are.",
        )
    return speech


def _as_text(value: SlotValue) -> str:
    """A number as somebody would write it: 20, not 20.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

"""The process of one skill: imports it, takes calls from a socket, gives its replies back.

The bridge starts it, and nothing of it is loaded anywhere else. One line of JSON is one message, as
in ``wire``. First comes ``{"functions": [intents]}``, or ``{"broken": why, "line": n}``. A call is
``{"id", "intent", "slots", "text", "language"}``; its reply has the same ``id`` and
``{"outcome", "values", "speech"}``, or ``{"refused": a sentence}`` of the skill's own, or
``{"failed": why}`` of a mistake in it. What it prints, and every traceback, goes to standard error.

As it is the only program on a small board that may be several times in the memory, it imports
little: some 6 MB on top of what processes share.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import queue
import resource
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from assistant import wire
from assistant.skill import MARK, Call, Function, Reply, SkillError
from assistant.typedvalues import from_json, to_json

MEGABYTE = 1024 * 1024

SHARED_MEGABYTES = 512
"""Of address space above the limit, for libraries and memory that is only reserved."""

FORKS = 64
"""More processes and threads than its user has when it starts."""

OOM_SCORE = 500
"""Where the whole machine runs out of memory, the kernel takes a skill before the assistant."""

WATCHER_STACK_BYTES = 256 * 1024


def main() -> None:
    """Serve until the other end hangs up."""
    parser = argparse.ArgumentParser(prog="assistant.skillhost")
    for name in ("--socket", "--memory-megabytes"):
        parser.add_argument(name, type=int, required=True)
    for name in ("--import-from", "--module", "--source", "--folder"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    _limit(given.memory_megabytes)
    sys.path.insert(0, given.import_from)
    with socket.socket(fileno=given.socket) as connection:
        connection.set_inheritable(False)  # a program that the skill starts is not to hold it open
        functions = _load(connection, given.module, Path(given.source))
        for call in _calls(connection):
            connection.sendall(wire.encode(_answer(functions, call, Path(given.folder))))


def _limit(megabytes: int) -> None:
    """Bound what the skill can take of the machine, its children each alike."""
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE,) * 2)
    # RLIMIT_DATA leaves out memory shared with children; this does not.
    resource.setrlimit(resource.RLIMIT_AS, ((megabytes + SHARED_MEGABYTES) * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _tasks_of(os.getuid()) + FORKS
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    with contextlib.suppress(OSError):  # in a container it may not be there to be written
        Path("/proc/self/oom_score_adj").write_text(str(OOM_SCORE))


def _tasks_of(user_id: int) -> int:
    """Count the threads of a user's processes, as the kernel does for RLIMIT_NPROC."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == user_id:
                count += len(os.listdir(folder / "task"))  # noqa: PTH208 - only their number
        except OSError:  # it has ended since
            continue
    return count


def _load(connection: socket.socket, name: str, source: Path) -> dict[str, Function]:
    """Import the skill; tell what it takes calls of, or why it cannot be imported, and end."""
    try:
        functions = _functions_of(importlib.import_module(name))
    except BaseException as error:  # noqa: BLE001 - SystemExit, too: no skill ends by an import
        traceback.print_exc()
        line = _last_line_in(error, source)
        connection.sendall(wire.encode({"broken": _name_of(error), "line": line}))
        sys.exit(1)
    connection.sendall(wire.encode({"functions": sorted(functions)}))
    return functions


def _functions_of(module: ModuleType) -> dict[str, Function]:
    return {
        name: function
        for function in vars(module).values()
        if callable(function)
        for name in getattr(function, MARK, ())
    }


def _calls(connection: socket.socket) -> Iterator[dict[str, Any]]:
    """Yield the calls. When the bridge has gone, however it went, the whole group ends at once.

    They are read in a thread of its own: a skill that hangs would not notice. It may be asked to
    end in the middle of a call.
    """
    calls: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        with connection.makefile("rb") as lines:
            while line := lines.readline(wire.LIMIT_BYTES + 1):
                calls.put(wire.decode(line))
        os.killpg(os.getpgid(0), signal.SIGKILL)

    before = threading.stack_size(WATCHER_STACK_BYTES)
    threading.Thread(target=read, name="calls", daemon=True).start()
    threading.stack_size(before)
    while True:
        yield calls.get()


def _answer(
    functions: Mapping[str, Function], call: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    request_id, name = call["id"], call["intent"]
    function = functions.get(name)
    if function is None:
        return {"id": request_id, "failed": f"it has no function for '{name}'"}
    slots = {slot: from_json(value) for slot, value in call["slots"].items()}
    asked = Call(name, slots, call["text"], call["language"], folder)
    return {"id": request_id} | _outcome_of(function, asked)


def _outcome_of(function: Callable[[Call], Any], call: Call) -> dict[str, Any]:
    try:
        reply = function(call)
        if reply is None or isinstance(reply, str):
            reply = Reply(speech=reply or "")
        if not isinstance(reply, Reply):
            raise TypeError(f"a skill gives a Reply, a text or None, not {type(reply).__name__}")
        outcome: dict[str, Any] = {
            "outcome": reply.outcome,
            "values": {name: to_json(value) for name, value in reply.values.items()},
            "speech": reply.speech,
        }
        wire.encode(outcome | {"id": ""})  # a reply that does not fit is its mistake, too
    except SkillError as refusal:
        return {"refused": str(refusal)}
    except MemoryError:
        traceback.print_exc()
        return {"failed": "it needs more memory than it may have"}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the skill's and not ours
        traceback.print_exc()
        return {"failed": _name_of(error)}
    return outcome


def _name_of(error: BaseException) -> str:
    """Name the kind of mistake; its text may hold what was said, and is in the traceback."""
    return f"a mistake in its program, {type(error).__name__}"


def _last_line_in(error: BaseException, source: Path) -> int:
    """Find the line of the skill's own file where it went wrong; 1 where that is elsewhere."""
    if isinstance(error, SyntaxError) and error.filename == str(source) and error.lineno:
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(source)]
    return lines[-1] or 1 if lines else 1


if __name__ == "__main__":
    main()

"""One process of a skill: started with limits, asked, and ended with all that it has started.

Used by the bridge, and at the command line for the owner. What comes out of the process is not
trusted: whatever it does, the worst is an ActionError with a sentence that names the skill.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant import wire
from assistant.actions.command import ENVIRONMENT, SPOKEN_CHARACTERS
from assistant.actions.pipes import Printed
from assistant.actions.skillspec import SkillSpec, SkillTask
from assistant.errors import ActionError
from assistant.typedvalues import clean, from_json, length_of

REASON_CHARACTERS = 150
"""The longest reason of a failure that is spoken."""

Answer = dict[str, Any]

logger = logging.getLogger(__name__)


class SkillProcess:
    """A running skill. One call at a time.

    ``functions`` are the intents that it takes calls of.
    """

    def __init__(
        self,
        spec: SkillSpec,
        process: Process,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        printed: Printed,
    ) -> None:
        self.spec = spec
        self.functions: tuple[str, ...] = ()
        self.usable = True
        self.process = process
        self._reader, self._writer = streams
        self._printed = printed
        self._watch = asyncio.create_task(self._end_with_it())

    @classmethod
    async def start(
        cls, spec: SkillSpec, folder: Path, environment: Mapping[str, str] = os.environ
    ) -> SkillProcess:
        """Start it and wait until it can be called. ``folder`` is made, for it to keep files in.

        Raises ActionError when it cannot be started, and BrokenSkillError where it is its own
        mistake.
        """
        with contextlib.ExitStack() as unless_begun:
            ours, theirs = socket.socketpair()
            unless_begun.callback(ours.close)
            printed = Printed()
            unless_begun.callback(printed.close)
            try:
                with theirs:
                    _make(folder)
                    process = await asyncio.create_subprocess_exec(
                        *_arguments(spec, theirs.fileno(), folder),
                        stdin=DEVNULL,
                        stdout=printed.write_end,
                        stderr=printed.write_end,
                        env={key: environment[key] for key in ENVIRONMENT if key in environment},
                        cwd="/",
                        pass_fds=[theirs.fileno()],
                        start_new_session=True,
                    )
                unless_begun.callback(_kill_group, process)
                ours.setblocking(False)
                streams = await asyncio.open_unix_connection(sock=ours, limit=wire.LIMIT_BYTES)
            except OSError as error:
                raise ActionError(
                    f"the {spec.spoken_name} skill cannot be started",
                    f"{error.filename or sys.executable}: {error.strerror or error}.",
                ) from error
            printed.close_write_end()
            skill = cls(spec, process, streams, printed)
            unless_begun.pop_all()
        async with contextlib.AsyncExitStack() as unless_usable:
            unless_usable.push_async_callback(skill.end)
            skill.functions = await skill._begin()
            unless_usable.pop_all()
        return skill

    async def ask(self, task: SkillTask) -> Answer:
        """Have it do something; returns what is to be said, checked.

        Raises ActionError; ``usable`` tells whether it can be asked again.
        """
        request_id = secrets.token_hex(8)
        call = {
            "id": request_id,
            "intent": task.intent,
            "slots": dict(task.slots),
            "text": task.text,
            "language": task.language,
        }
        self.usable = False  # whatever goes wrong from here on, also a cancellation
        reply = await self._exchange(wire.encode(call))
        if reply.pop("id", None) != request_id:
            raise self._failure("it answered what was not asked")
        answer = self._checked(task, reply)
        self.usable = True
        if isinstance(answer, ActionError):
            raise answer
        return answer

    @property
    def runs(self) -> bool:
        """Whether its process has not ended."""
        return self.process.returncode is None

    async def end(self) -> None:
        """End it and all of its process group, at once. A cancellation skips only the wait."""
        self._writer.close()
        _kill_group(self.process)
        try:
            await asyncio.shield(self._watch)
        finally:
            self._printed.close()

    async def _end_with_it(self) -> None:
        """End what it left behind when it ends: a child may hold its socket, and never answer."""
        await self.process.wait()
        _kill_group(self.process)

    async def _begin(self) -> tuple[str, ...]:
        match await self._exchange(b""):
            case {"functions": list(names)} if all(isinstance(name, str) for name in names):
                return tuple(names)
            case {"broken": str(why), "line": int(line)}:
                raise BrokenSkillError(self._failure(why), line)
        raise self._failure("what it sent is not a message")

    async def _exchange(self, line: bytes) -> Answer:
        try:
            if line:
                self._writer.write(line)
                await self._writer.drain()
            return wire.decode(await self._reader.readline())
        except wire.WireError as error:
            if self._reader.at_eof():
                raise await self._ended() from error
            raise self._failure("what it sent is not a message", error) from error
        except ConnectionError as error:
            raise await self._ended() from error
        except ValueError as error:  # asyncio's word for a line over its limit
            raise self._failure("it sent too much", error) from error

    async def _ended(self) -> ActionError:
        """Say how it ended. Only its socket is known to be closed: it may still run."""
        _kill_group(self.process)
        status = await self.process.wait()
        how = f"with status {status}" if status >= 0 else f"by signal {-status}"
        return self._failure(f"it ended {how}")

    def _checked(self, task: SkillTask, reply: Answer) -> Answer | ActionError:
        """Return the reply, or the skill's own refusal. Raises ActionError for one that is wrong.

        Only what is promised in the intent's file is passed on.
        """
        match reply:
            case {"refused": str(sentence), **rest} if not rest and sentence.strip():
                return ActionError(_sentence(sentence, SPOKEN_CHARACTERS))
            case {"failed": str(why), **rest} if not rest:
                return self._failure(why)
            case {"outcome": str(name), "values": dict(values), "speech": str(speech)} if (
                len(reply) == 3
            ):
                problem = _problem_of(task, name, values, speech)
                if problem is None:
                    return reply | {"speech": clean(speech)}
                return self._failure(problem)
        raise self._failure("what it sent is not an answer")

    def _failure(self, why: str, error: Exception | None = None) -> ActionError:
        """Make the sentence, and put into the log what the skill has printed."""
        name = self.spec.spoken_name
        if error is not None:
            logger.warning("the %s skill: %s", name, error)
        if printed := self._printed.take():
            logger.warning("the %s skill printed:\n%s", name, printed)
        return ActionError(
            f"the {name} skill has failed: {_sentence(why, REASON_CHARACTERS)}",
            f"Try it alone: assistant skill test {self.spec.name}",
        )


class BrokenSkillError(ActionError):
    """A skill that cannot be imported; ``line`` of its file is where, from 1."""

    def __init__(self, error: ActionError, line: int) -> None:
        super().__init__(error.message, error.hint)
        self.line = line


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _kill_group(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):  # every process of the group has ended
        os.killpg(process.pid, signal.SIGKILL)


def _sentence(text: str, most_characters: int) -> str:
    """Make what a skill says of itself one short line that can be spoken."""
    return clean(" ".join(text.split()))[:most_characters]


def _problem_of(
    task: SkillTask, outcome: str, values: Mapping[str, Any], speech: str
) -> str | None:
    delivered = task.outcomes.get(outcome)
    if delivered is None:
        return f"'{outcome}' is none of the outcomes of {task.intent}"
    if missing := delivered.always - values.keys():
        return f"it gave no value '{min(missing)}'"
    if unknown := values.keys() - delivered.always - delivered.sometimes:
        return f"its value '{min(unknown)}' is none of {task.intent}"
    try:
        length = len(speech) + sum(length_of(from_json(value)) for value in values.values())
    except ValueError as error:
        return str(error)
    if length > SPOKEN_CHARACTERS:
        return "it has more to say than can be spoken"
    return None


def _arguments(spec: SkillSpec, descriptor: int, folder: Path) -> list[str]:
    # -P: a module in the folder that the bridge was started in is not what a skill imports.
    return [
        sys.executable, "-P", "-u", "-m", "assistant.skillhost",
        f"--socket={descriptor}",
        f"--memory-megabytes={spec.memory_megabytes}",
        f"--import-from={spec.import_from}",
        f"--module={spec.module}",
        f"--source={spec.source}",
        f"--folder={folder}",
    ]  # fmt: skip

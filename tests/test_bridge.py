"""The core and the bridge, back to back over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest

from assistant import wire
from assistant.actions.bridge import BridgeAction, list_from_bridge, reload_bridge
from assistant.bridge import COMMANDS, CONNECTIONS, House, HouseFiles, serve
from assistant.errors import ActionError, ControlError, IntentError, Place, Problem
from assistant.intents.steps import Steps
from assistant.intents.undoing import Undoing, undoing
from assistant.turn import ActionResult, Match, Slot
from tests.house import intents_of, program, steps_of
from tests.webserver import WebServer, web_server

ECHO = "import sys; print(sys.argv[1], sys.stdin.read())"
HOUSE = {
    "say": program(sys.executable, "-S", "-c", ECHO, "{room}", speak_output=True),
    "work": program("true"),
    "fail": program("false"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "bridge.sock"


def match(intent: str, **slots: str) -> Match:
    values = tuple(Slot(name, value, value) for name, value in slots.items())
    return Match(intent, values, "what was said", "a template", "house.yaml:1:1")


@contextlib.asynccontextmanager
async def bridge(
    path: Path,
    actions: Mapping[str, Steps] = HOUSE,
    read: Callable[[], House] | None = None,
) -> AsyncIterator[None]:
    """A bridge that serves for a while."""
    stop, ready = asyncio.Event(), asyncio.Event()
    files = HouseFiles(read or (lambda: House(actions)), lambda: False)
    serving = asyncio.create_task(serve(path, files, stop, ready=ready.set))
    await ready.wait()
    try:
        yield
    finally:
        stop.set()
        await serving


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def exchange(path: Path, line: bytes) -> bytes:
    """What a client gets that sends these bytes."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        writer.write(line)
        return await reader.read()
    finally:
        writer.close()


async def ask(path: Path, intent: str, **slots: str) -> ActionResult:
    return await BridgeAction(path, timeout_seconds=20.0)(match(intent, **slots))


async def error_of(path: Path, intent: str, timeout_seconds: float = 20.0) -> ActionError:
    with pytest.raises(ActionError) as caught:
        await BridgeAction(path, timeout_seconds)(match(intent))
    return caught.value


def test_a_command_is_run_with_what_was_said(path: Path) -> None:
    async def scene() -> ActionResult:
        async with bridge(path):
            return await ask(path, "say", room="bath; rm -rf /")

    argument, _, stdin = asyncio.run(scene()).speech.partition(" {")
    assert argument == "bath; rm -rf /"
    assert json.loads("{" + stdin) == {
        "intent": "say",
        "slots": {"room": "bath; rm -rf /"},
        "text": "what was said",
    }


def test_a_silent_command_says_nothing(path: Path) -> None:
    async def scene() -> ActionResult:
        async with bridge(path):
            return await ask(path, "work")

    assert asyncio.run(scene()) == ActionResult()


def test_the_socket_is_for_this_user_alone_and_goes_in_the_end(path: Path) -> None:
    async def scene() -> int:
        async with bridge(path):
            return mode_of(path)

    assert asyncio.run(scene()) == 0o600
    assert not path.exists()


def test_error_of_a_command_that_fails_is_the_command_s(path: Path) -> None:
    async def scene() -> ActionError:
        async with bridge(path):
            return await error_of(path, "fail")

    error = asyncio.run(scene())
    assert (error.message, error.hint) == (
        "the command 'false' failed with status 1",
        "It gave no reason.",
    )


def test_error_of_an_intent_that_the_bridge_does_not_know(path: Path) -> None:
    async def scene() -> ActionError:
        async with bridge(path):
            return await error_of(path, "open_the_door")

    error = asyncio.run(scene())
    assert error.message == "the bridge knows no action for 'open_the_door'"
    assert error.hint == "Have it read the intent files again: assistant reload"


def printing(script: str) -> Callable[[], House]:
    """A house whose one list, 'names', is what a shell prints."""
    return lambda: House({}, {"names": ("sh", "-c", script)})


@pytest.mark.parametrize("letter", ["a", "é", "€", "🎵"])
@pytest.mark.parametrize("count", [0, 1, 4_999, 5_000, 5_001, 200_000])
def test_a_list_of_any_length_arrives_whole(path: Path, letter: str, count: int) -> None:
    text = letter * count
    kept = path.parent.parent / "text"
    kept.write_text(text)

    async def scene() -> str:
        async with bridge(path, read=printing(f"cat {kept}")):
            return await list_from_bridge(path, "names")

    assert asyncio.run(scene()) == text


LIST_ERRORS = {
    "fails": (
        "names",
        "echo no network >&2; exit 3",
        "The command 'sh' failed with status 3. Its last words: no network",
    ),
    "prints too much": (
        "names",
        "head -c 1000001 /dev/zero",
        "The command 'sh' printed too much for a list. At most 1,000,000 bytes are read.",
    ),
    "is not known": (
        "things",
        "true",
        (
            "The bridge knows no program for list 'things'. "
            "Have it read the intent files again: assistant reload"
        ),
    ),
}


@pytest.mark.parametrize(("name", "script", "message"), LIST_ERRORS.values(), ids=LIST_ERRORS)
def test_error_of_a_list_whose_program(path: Path, name: str, script: str, message: str) -> None:
    async def scene() -> ActionError:
        async with bridge(path, read=printing(script)):
            with pytest.raises(ActionError) as caught:
                await list_from_bridge(path, name)
            return caught.value

    assert str(asyncio.run(scene())) == message


class Writing:
    """The owner, who writes the intent files."""

    def __init__(self) -> None:
        self.actions = HOUSE
        self.mistaken = False

    def read(self) -> House:
        if self.mistaken:
            raise IntentError([Problem("unclosed '('", Place("house.yaml", 1, 1))])
        return House(self.actions)


def test_asked_to_reload_it_knows_the_new_commands(path: Path) -> None:
    owner = Writing()

    async def scene() -> ActionResult:
        async with bridge(path, read=owner.read):
            owner.actions = {"open_the_door": program("true")}
            await reload_bridge(path)
            assert (await error_of(path, "work")).message.startswith("the bridge knows no action")
            return await ask(path, "open_the_door")

    assert asyncio.run(scene()) == ActionResult()


def test_error_of_files_that_are_wrong_and_the_old_commands_go_on(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    owner = Writing()

    async def scene() -> ActionError:
        async with bridge(path, read=owner.read):
            owner.mistaken = True
            with pytest.raises(ActionError) as caught:
                await reload_bridge(path)
            await ask(path, "work")
            return caught.value

    assert str(asyncio.run(scene())) == (
        "The bridge cannot read the intent files. Its log says why; the commands of before go on."
    )
    assert "house.yaml:1:1: unclosed '('" in caplog.text


def test_error_of_files_that_are_wrong_at_its_start(path: Path) -> None:
    owner = Writing()
    owner.mistaken = True

    async def scene() -> None:
        with pytest.raises(IntentError):
            await serve(path, HouseFiles(owner.read, lambda: False), asyncio.Event())

    asyncio.run(scene())
    assert not path.exists()


def test_error_when_there_is_no_bridge(path: Path) -> None:
    error = asyncio.run(error_of(path, "work"))
    assert error.message == "the bridge is not running"
    assert error.hint == (
        f"Start assistant-bridge; nothing answers at {path}: No such file or directory."
    )


def test_error_of_too_much_said(path: Path) -> None:
    async def scene() -> ActionError:
        with pytest.raises(ActionError) as caught:
            await ask(path, "say", room="x" * 70_000)
        return caught.value

    assert asyncio.run(scene()).message == "that is too long for the bridge"


ANSWERS = {
    "nothing": (b"", "the bridge gave no answer"),
    "garbage": (b"hello\n", "the bridge gave no answer"),
    "cut off": (b'{"id": "', "the bridge gave no answer"),
    "without end": (b"x" * 200_000, "the bridge gave no answer"),
    "another's": (b'{"id":"1","speech":""}\n', "the bridge gave another answer than was asked for"),
    "incomplete": (b"{}\n", "the bridge gave another answer than was asked for"),
}


@pytest.mark.parametrize(("answer", "message"), ANSWERS.values(), ids=ANSWERS)
def test_error_of_a_bridge_that_answers(path: Path, answer: bytes, message: str) -> None:
    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async def scene() -> ActionError:
        path.parent.mkdir()
        async with await asyncio.start_unix_server(answers, path):
            return await error_of(path, "work")

    assert asyncio.run(scene()).message == message


def test_error_of_a_bridge_that_does_not_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.actions.bridge.MARGIN_SECONDS", 0.02)

    async def scene() -> ActionError:
        hung_up = asyncio.Event()

        async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()  # to the end: until the core hangs up
            writer.close()
            hung_up.set()

        path.parent.mkdir()
        async with await asyncio.start_unix_server(never, path):
            error = await error_of(path, "work", timeout_seconds=0.02)
            await hung_up.wait()
        return error

    error = asyncio.run(scene())
    assert str(error) == "The bridge does not answer. See the log of assistant-bridge."


class Working:
    """A command that says in a pipe when it is up, shows there when it ends, and can be let go."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        up, self.gate = folder / f"up{number}", folder / f"gate{number}"
        os.mkfifo(up)
        os.mkfifo(self.gate)
        self.pipe = os.open(up, os.O_RDONLY | os.O_NONBLOCK)
        script = f"exec 3>{up}; echo up >&3; exec cat {self.gate}"
        self.steps = program("sh", "-c", script, timeout_seconds=600.0)

    def let_go(self) -> None:
        os.close(os.open(self.gate, os.O_WRONLY))

    async def wait_until_up(self) -> None:
        up = asyncio.Event()
        asyncio.get_running_loop().add_reader(self.pipe, up.set)
        await up.wait()
        asyncio.get_running_loop().remove_reader(self.pipe)
        assert os.read(self.pipe, 3) == b"up\n"

    def wait_until_ended(self) -> None:
        os.set_blocking(self.pipe, True)
        assert os.read(self.pipe, 1) == b""
        os.close(self.pipe)


def test_cancelling_the_action_ends_the_command(path: Path, tmp_path: Path) -> None:
    working = Working(tmp_path)

    async def scene() -> None:
        async with bridge(path, {"work": working.steps}):
            asked = asyncio.create_task(ask(path, "work"))
            await working.wait_until_up()
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            await asyncio.to_thread(working.wait_until_ended)

    asyncio.run(scene())


def test_stopping_the_bridge_ends_its_commands(path: Path, tmp_path: Path) -> None:
    working = Working(tmp_path)

    async def scene() -> ActionError:
        async with bridge(path, {"work": working.steps}):
            asked = asyncio.create_task(error_of(path, "work"))
            await working.wait_until_up()
        return await asked

    assert asyncio.run(scene()).message == "the bridge gave no answer"
    working.wait_until_ended()


class TestBadClients:
    @pytest.mark.parametrize(
        "request_line",
        [
            b"{}\n",
            b'{"id":"","intent":"work","slots":[],"text":""}\n',
            b'{"id":"","intent":"work","slots":{"a":[1]},"text":""}\n',
            b'{"id":"","intent":["work"],"slots":{},"text":""}\n',
            b'{"id":"","intent":"work","slots":{},"command":["id"]}\n',
        ],
    )
    def test_what_is_no_request_is_refused(self, path: Path, request_line: bytes) -> None:
        async def scene() -> bytes:
            async with bridge(path):
                return await exchange(path, request_line)

        reply = {"id": "", "error": "the bridge does not understand the core", "hint": ""}
        assert wire.decode(asyncio.run(scene())) == reply

    @pytest.mark.parametrize(
        "garbage", [b"\n", b"hello\n", b"[1]\n", b"\xff\n", b"x" * 300_000, b"[" * 60_000 + b"\n"]
    )
    def test_garbage_is_hung_up_on_and_the_bridge_goes_on(self, path: Path, garbage: bytes) -> None:
        async def scene() -> ActionResult:
            async with bridge(path):
                with contextlib.suppress(ConnectionError):
                    assert await exchange(path, garbage) == b""
                return await ask(path, "work")

        assert asyncio.run(scene()) == ActionResult()

    def test_one_that_says_nothing_is_hung_up_on(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("assistant.bridge.REQUEST_SECONDS", 0.02)

        async def scene() -> bytes:
            async with bridge(path):
                return await exchange(path, b'{"id"')

        assert asyncio.run(scene()) == b""

    def test_too_many_connections_are_hung_up_on_and_later_ones_are_not(self, path: Path) -> None:
        async def scene() -> ActionError:
            async with bridge(path):
                waiting = [await asyncio.open_unix_connection(path) for _ in range(CONNECTIONS)]
                error = await error_of(path, "work")
                for reader, writer in waiting:
                    writer.write(b"\n")
                    assert await reader.read() == b""
                    writer.close()
                await ask(path, "work")
                return error

        assert asyncio.run(scene()).message == "the bridge gave no answer"

    def test_too_many_commands_are_refused_and_later_ones_are_not(
        self, path: Path, tmp_path: Path
    ) -> None:
        working = [Working(tmp_path, number) for number in range(COMMANDS)]
        actions = {f"work{n}": work.steps for n, work in enumerate(working)}

        async def scene() -> ActionError:
            async with bridge(path, actions | HOUSE):
                asked = [asyncio.create_task(ask(path, intent)) for intent in actions]
                for work in working:
                    await work.wait_until_up()
                error = await error_of(path, "work")
                for work in working:
                    work.let_go()
                assert await asyncio.gather(*asked) == [ActionResult()] * COMMANDS
                await ask(path, "work")
                return error

        assert asyncio.run(scene()).message == "too many commands are running"
        for work in working:
            work.wait_until_ended()

    def test_another_user_is_hung_up_on(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.bridge.peer_user_id", lambda connection: 12345)

        async def scene() -> ActionError:
            async with bridge(path):
                return await error_of(path, "work")

        assert asyncio.run(scene()).message == "the bridge gave no answer"


def test_the_core_may_be_another_user(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.bridge.peer_user_id", lambda connection: 12345)

    async def scene() -> tuple[int, ActionResult]:
        stop, ready = asyncio.Event(), asyncio.Event()
        files = HouseFiles(lambda: House(HOUSE), lambda: False)
        serving = asyncio.create_task(serve(path, files, stop, core_user_id=12345, ready=ready.set))
        await ready.wait()
        result = await ask(path, "work")
        mode = mode_of(path)
        stop.set()
        await serving
        return mode, result

    assert asyncio.run(scene()) == (0o660, ActionResult())


def test_error_of_a_second_bridge_and_the_first_goes_on(path: Path) -> None:
    async def scene() -> ControlError:
        async with bridge(path):
            with pytest.raises(ControlError) as caught:
                await serve(path, HouseFiles(Writing().read, lambda: False), asyncio.Event())
            await ask(path, "work")
            return caught.value

    error = asyncio.run(scene())
    assert error.message == "another bridge is already running"
    assert error.hint == f"It listens at {path}; stop it first."


PROCESS = """
import sys
from pathlib import Path
from assistant.bridge import House, HouseFiles, run_bridge
from tests.house import program
parent_fd = int(sys.argv[2]) if len(sys.argv) > 2 else None
script = f"exec 3>{sys.argv[1]}.work; echo up >&3; exec sleep 600"
actions = {"work": program("sh", "-c", script, timeout_seconds=600.0)}
files = HouseFiles(lambda: House(actions), lambda: False)
sys.exit(run_bridge(Path(sys.argv[1]), files, parent_fd=parent_fd,
                    ready=lambda: print("ready", flush=True)))
"""


def start(path: Path, *arguments: str, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(path), *arguments],
        stdout=subprocess.PIPE, text=True, pass_fds=pass_fds,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_cleanly_on_a_signal(path: Path, number: signal.Signals) -> None:
    with start(path) as process:
        process.send_signal(number)
        assert process.wait(20) == 0
    assert not path.exists()


def test_the_process_ends_with_its_parent_however_that_ends(path: Path) -> None:
    ours, theirs = os.pipe()
    with start(path, str(ours), pass_fds=(ours,)) as process:
        os.close(ours)
        os.close(theirs)  # as the kernel does when the parent is killed
        assert process.wait(20) == 0
    assert not path.exists()


def test_a_signal_ends_a_command_that_runs(path: Path, tmp_path: Path) -> None:
    with start(path) as process:
        fifo = Path(f"{path}.work")
        os.mkfifo(fifo)
        pipe = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)

        async def scene() -> ActionError:
            up = asyncio.Event()
            asyncio.get_running_loop().add_reader(pipe, up.set)
            asked = asyncio.create_task(error_of(path, "work"))
            await up.wait()
            asyncio.get_running_loop().remove_reader(pipe)
            process.terminate()
            return await asked

        assert asyncio.run(scene()).message == "the bridge gave no answer"
        assert process.wait(20) == 0
    os.set_blocking(pipe, True)
    assert os.read(pipe, 10) == b"up\n"
    assert os.read(pipe, 10) == b""
    os.close(pipe)


# --- steps ----------------------------------------------------------------------------------------

STEPS = """
intents:
  Lamp:
    sentences: ["lamp {state:on|off}"]
    action:
      - {command: [echo, "first {state}"], speak_output: true}
      - lists.tell
      - {command: [echo, "second {state}"], speak_output: true}
    undo: {command: [echo, "back from {state}"], speak_output: true}
    reply: {none: "No.", done: "Yes."}
  LampOn:
    sentences: [lamp on]
    slots: {state: "on"}
    action: {command: [echo, "lamp {state}"], speak_output: true}
    undo: LampOff
  LampOff:
    sentences: [lamp off]
    slots: {state: "off"}
    action: {command: [echo, "lamp {state}"], speak_output: true}
    undo: LampOn
"""


def house_of(text: str) -> House:
    intents = intents_of(text)
    found = {name: undoing(intent, intents) for name, intent in intents.items()}
    actions = {name: one.action for name, one in intents.items() if isinstance(one.action, Steps)}
    return House(
        actions, {}, {name: one for name, one in found.items() if isinstance(one, Undoing)}
    )


def spoken_by(path: Path, house: House, intent: str, *parts: int, undo: bool = False) -> list[str]:
    async def scene() -> list[str]:
        action = BridgeAction(path, timeout_seconds=20.0)
        async with bridge(path, read=lambda: house):
            said = match(intent, state="on")
            return [(await action(said, part, undo=undo)).speech for part in parts or (0,)]

    return asyncio.run(scene())


def test_each_part_is_done_when_it_is_asked_for(path: Path) -> None:
    assert spoken_by(path, house_of(STEPS), "Lamp", 0, 2) == ["first on", "second on"]


def test_what_takes_an_intent_back(path: Path) -> None:
    assert spoken_by(path, house_of(STEPS), "Lamp", undo=True) == ["back from on"]


def test_another_intent_takes_it_back_with_slots_of_its_own(path: Path) -> None:
    assert spoken_by(path, house_of(STEPS), "LampOn", undo=True) == ["lamp off"]


@pytest.mark.parametrize("part", [-1, 3, 99])
def test_error_of_a_part_that_there_is_not(path: Path, part: int) -> None:
    with pytest.raises(ActionError) as caught:
        spoken_by(path, house_of(STEPS), "Lamp", part)
    assert caught.value.message == "the bridge knows no action for 'Lamp'"


def test_error_of_a_part_that_is_the_core_s(path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        spoken_by(path, house_of(STEPS), "Lamp", 1)
    assert caught.value.message == "the bridge cannot do 'lists.tell'"


def test_error_of_what_nothing_takes_back(path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        spoken_by(path, House(HOUSE), "work", undo=True)
    assert caught.value.message == "the bridge knows nothing that takes 'work' back"


@pytest.mark.parametrize("part", ["0", 1.0, None, [0], {"a": 1}])
def test_a_part_that_is_no_number_is_refused(path: Path, part: object) -> None:
    request = {"id": "1", "intent": "Lamp", "slots": {}, "text": "", "part": part}

    async def scene() -> bytes:
        async with bridge(path, read=lambda: house_of(STEPS)):
            return await exchange(path, wire.encode(request))

    assert "knows no action" in wire.decode(asyncio.run(scene()))["error"]


def test_values_come_back_and_the_log_has_nothing_of_what_was_said(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def scene(server: WebServer) -> ActionResult:
        action = (
            f'[{{http: {{url: "{server.url}/{{a}}", query: {{q: "{{a}}"}}, '
            "values: {temperature: main.temp, what: list}}}, {command: ['true', '{a}']}]"
        )
        async with bridge(path, {"Weather": steps_of(action)}):
            said = Match("Weather", (Slot("a", "bedroom", "bedroom"),), "bedroom", "", "a:1:1")
            result = await BridgeAction(path, 20.0)(said)
            server.status = 500
            with pytest.raises(ActionError):
                await BridgeAction(path, 20.0)(said)
            return result

    with web_server() as server:
        server.says({"main": {"temp": 21.5}, "list": ["rain", "wind"]})
        result = asyncio.run(scene(server))
    assert result == ActionResult(values={"temperature": 21.5, "what": ["rain", "wind"]})
    assert "Weather: done" in caplog.text
    assert "Weather: 127.0.0.1 has failed" in caplog.text
    assert "bedroom" not in caplog.text


@pytest.mark.parametrize("values", ['{"x":{"y":1}}', '{"x":null}', "[]", '{"x":[[1]]}'])
def test_error_of_a_bridge_whose_values_are_none(path: Path, values: str) -> None:
    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = wire.decode(await reader.readline())
        writer.write(f'{{"id":"{asked["id"]}","speech":"","values":{values}}}\n'.encode())
        writer.close()

    async def scene() -> ActionError:
        path.parent.mkdir()
        async with await asyncio.start_unix_server(answers, path):
            return await error_of(path, "work")

    message = "the bridge gave another answer than was asked for"
    assert asyncio.run(scene()).message == message

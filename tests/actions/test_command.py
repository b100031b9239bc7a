"""The owner's commands, as real processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.actions.command import CommandSpec, fill, run_command
from assistant.errors import ActionError
from assistant.turn import ActionResult
from assistant.values import SlotValue

PRINT_ARGUMENTS = "import json, sys; print(json.dumps(sys.argv[1:]))"


def python(script: str, *arguments: str, timeout_seconds: float = 20.0) -> CommandSpec:
    """A command of the owner's, written in Python, whose output is spoken."""
    argv = (sys.executable, "-S", "-E", "-c", script, *arguments)
    return CommandSpec(argv, timeout_seconds, speak_output=True)


def run(spec: CommandSpec, slots: Mapping[str, SlotValue] | None = None) -> ActionResult:
    return asyncio.run(run_command(spec, "lights_on", slots or {}, "lights on"))


def error_of(spec: CommandSpec, slots: Mapping[str, SlotValue] | None = None) -> ActionError:
    with pytest.raises(ActionError) as caught:
        run(spec, slots)
    return caught.value


def script_file(folder: Path, text: str, mode: int = 0o755) -> str:
    path = folder / "lights"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


class TestFilling:
    def test_a_slot_inside_an_argument(self) -> None:
        assert fill("--room={room}", {"room": "bath room"}) == "--room=bath room"

    def test_several_slots(self) -> None:
        assert fill("{a}-{b}-{a}", {"a": 1, "b": "x"}) == "1-x-1"

    def test_a_slot_that_was_not_said_is_empty(self) -> None:
        assert fill("[{room}]", {}) == "[]"

    def test_numbers_are_written_as_people_do(self) -> None:
        assert fill("{a} {b} {c}", {"a": 20.0, "b": 21.5, "c": 7}) == "20 21.5 7"

    def test_what_is_no_placeholder_stays(self) -> None:
        assert fill('{"on": true, "to": {level}}', {"level": 5}) == '{"on": true, "to": 5}'

    @given(st.text(), st.text())
    def test_a_value_is_never_read_as_a_placeholder(self, a: str, b: str) -> None:
        assert fill("{a}{b}", {"a": a + "{b}", "b": b}) == a + "{b}" + b


class TestTalkingToTheProgram:
    def test_its_arguments(self) -> None:
        spec = python(PRINT_ARGUMENTS, "{room}", "", "two words")
        assert json.loads(run(spec, {"room": "bath room"}).speech) == ["bath room", "", "two words"]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
        | st.sampled_from(["; rm -rf /", "$(id)", "`id`", "a\nb", "'", '"', "--help", "*", "{b}"])
    )
    def test_whatever_is_said_arrives_unchanged_as_one_argument(self, said: str) -> None:
        assert json.loads(run(python(PRINT_ARGUMENTS, "{said}"), {"said": said}).speech) == [said]

    def test_its_standard_input(self) -> None:
        slots: dict[str, SlotValue] = {"room": "a\0b\n\ud800", "level": 5}
        said = run(python("import sys; print(sys.stdin.read())"), slots).speech
        assert json.loads(said) == {"intent": "lights_on", "slots": slots, "text": "lights on"}
        assert "\n" not in said

    def test_it_need_not_read(self) -> None:
        assert run(CommandSpec(("true",)), {"room": "x" * 60_000}) == ActionResult()

    def test_its_output_is_spoken(self) -> None:
        assert run(python("print(' the lights are on \\n')")).speech == "the lights are on"

    def test_its_output_is_not_spoken_unless_wanted(self) -> None:
        assert run(CommandSpec(("echo", "hello"))) == ActionResult()

    def test_output_that_is_not_utf_8(self) -> None:
        spec = python(r"import sys; sys.stdout.buffer.write(b'caf\xe9')")
        assert run(spec).speech == "caf\N{REPLACEMENT CHARACTER}"

    def test_its_environment_is_a_user_s_and_nothing_of_the_assistant_s(self) -> None:
        spec = python("import json, os; print(json.dumps(dict(os.environ)))")
        environment = {
            "PATH": "/usr/bin", "HOME": "/home/me", "LANG": "C.UTF-8",
            "NOTIFY_SOCKET": "/run/systemd/notify", "STATE_DIRECTORY": "/var/lib/assistant",
        }  # fmt: skip
        result = asyncio.run(run_command(spec, "lights_on", {}, "", environment))
        given_to_it = json.loads(result.speech)
        given_to_it.pop("LC_CTYPE", None)  # Python sets it for itself
        assert given_to_it == {"PATH": "/usr/bin", "HOME": "/home/me", "LANG": "C.UTF-8"}

    def test_it_is_in_the_root_folder_and_a_session_of_its_own(self) -> None:
        spec = python("import os; print(os.getcwd(), os.getsid(0) == os.getpid())")
        assert run(spec).speech == "/ True"

    def test_it_inherits_no_open_file(self, tmp_path: Path) -> None:
        with (tmp_path / "secret").open("w") as secret:
            os.set_inheritable(secret.fileno(), True)
            script = "import os, sys; print(sorted(map(int, os.listdir('/proc/self/fd')))[:4])"
            assert run(python(script)).speech == "[0, 1, 2, 3]"  # 3 is the folder being listed

    def test_done_is_when_it_ends_not_when_its_children_do(self) -> None:
        """A player put into the background goes on playing, and holds the output open."""
        spec = CommandSpec(("sh", "-c", "sleep 600 & echo $!"), 20.0, speak_output=True)
        player = int(run(spec).speech)
        os.kill(player, signal.SIGKILL)  # raises if it did not run any more


class TestFailing:
    def test_error_not_found(self) -> None:
        error = error_of(CommandSpec(("lights-of-nowhere",)))
        assert error.message == "the command 'lights-of-nowhere' was not found"
        assert error.hint == (
            "Install lights-of-nowhere, or give its full path;"
            " a script's first line must name an interpreter that exists."
        )

    def test_error_not_executable(self, tmp_path: Path) -> None:
        path = script_file(tmp_path, "#!/bin/sh\n", mode=0o644)
        error = error_of(CommandSpec((path,)))
        assert error.message == "the command 'lights' may not be run"
        assert error.hint == f"Try: chmod +x {path}"

    def test_error_not_a_program(self, tmp_path: Path) -> None:
        error = error_of(CommandSpec((script_file(tmp_path, "echo hello\n"),)))
        assert error.message == "the command 'lights' is not a program"
        assert error.hint == "A script's first line must name its interpreter: #!/bin/sh"

    def test_error_of_a_program_that_fails(self, tmp_path: Path) -> None:
        script = "#!/bin/sh\necho starting >&2\necho the bulb is gone >&2\nexit 3\n"
        error = error_of(CommandSpec((script_file(tmp_path, script),)))
        assert error.message == "the command 'lights' failed with status 3"
        assert error.hint == "Its last words: the bulb is gone"

    def test_error_of_a_program_that_fails_silently(self) -> None:
        error = error_of(CommandSpec(("false",)))
        assert str(error) == "The command 'false' failed with status 1. It gave no reason."

    def test_error_of_a_program_that_complains_without_end(self) -> None:
        error = error_of(python("import sys; sys.exit('x' * 100_000)"))
        assert error.hint == f"Its last words: {'x' * 500}"

    def test_error_of_a_program_that_is_killed(self) -> None:
        error = error_of(CommandSpec(("sh", "-c", "kill -9 $$")))
        assert error.message == "the command 'sh' failed with signal 9"

    def test_error_of_too_much_to_be_spoken(self) -> None:
        error = error_of(python("print('x' * 4001)"))
        assert (
            error.message
            == f"the command '{Path(sys.executable).name}' wrote too much to be spoken"
        )
        assert error.hint == "At most 4000 characters are."

    def test_a_flood_is_drained_and_forgotten(self) -> None:
        script = "import sys\nfor n in range(64): sys.stdout.write('x' * 2**20)\nprint('end')"
        spec = python(script)
        assert error_of(spec).hint == "At most 4000 characters are."
        silent = CommandSpec(spec.argv, spec.timeout_seconds)
        assert run(silent) == ActionResult()

    @pytest.mark.parametrize("value", ["a\0b", "\ud800"])
    def test_error_of_what_no_argument_can_hold(self, value: str) -> None:
        error = error_of(CommandSpec(("echo", "{said}")), {"said": value})
        assert error.message == "the command 'echo' cannot be given what was said"
        assert error.hint == "An argument holds a character that no program can take."

    def test_error_of_an_argument_that_is_too_long(self) -> None:
        error = error_of(CommandSpec(("echo", "{said}" * 40)), {"said": "x" * 60_000})
        assert str(error) == "The command 'echo' cannot be started. Argument list too long."


class TestEnding:
    def test_error_of_a_program_that_takes_too_long(self) -> None:
        error = error_of(CommandSpec(("sleep", "600"), timeout_seconds=0.05))
        assert error.message == "the command 'sleep' took longer than 0.05 seconds"
        assert error.hint == "Give it a longer timeout, or let it do its work in the background."

    def test_it_may_tidy_up_on_sigterm(self, tmp_path: Path, up: Path) -> None:
        trap = f"trap 'echo tidy > {tmp_path}/tidied; exit' TERM; echo > {up}; "
        asyncio.run(cancel_when_up(shell(trap + "while :; do sleep 0.01; done"), up))
        assert (tmp_path / "tidied").read_text() == "tidy\n"

    def test_what_it_started_ends_with_it(self, tmp_path: Path, up: Path) -> None:
        """The grandchild holds a pipe open; the pipe ends when the grandchild has."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        script = f"(trap '' TERM; exec sleep 600) 3>{pipe} & echo > {up}; wait"
        asyncio.run(cancel_when_up(shell(script), up))
        os.set_blocking(reader, True)
        assert os.read(reader, 1) == b""
        os.close(reader)

    def test_one_that_ignores_sigterm_is_killed(
        self, tmp_path: Path, up: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("assistant.actions.command.TERMINATE_SECONDS", 0.05)
        script = f"trap '' TERM; echo $$ > {tmp_path}/pid; echo > {up}; exec sleep 600"
        asyncio.run(cancel_when_up(shell(script), up))
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.fixture
def up(tmp_path: Path) -> Path:
    """A pipe into which a command says that it is up."""
    path = tmp_path / "up"
    os.mkfifo(path)
    return path


def shell(script: str) -> CommandSpec:
    return CommandSpec(("sh", "-c", script))


async def cancel_when_up(spec: CommandSpec, up: Path) -> None:
    """Start the command, wait until it says that it is up, and cancel it."""
    said = asyncio.Event()
    pipe = os.open(up, os.O_RDONLY | os.O_NONBLOCK)
    asyncio.get_running_loop().add_reader(pipe, said.set)
    task = asyncio.create_task(run_command(spec, "lights_on", {}, ""))
    await said.wait()
    asyncio.get_running_loop().remove_reader(pipe)
    os.close(pipe)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

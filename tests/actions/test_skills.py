"""Skills in real processes, which do what they should, and everything that they should not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.actions.skillprocess import REASON_CHARACTERS, SkillProcess
from assistant.actions.skills import Skills
from assistant.actions.skillspec import SkillSpec, SkillTask
from assistant.errors import ActionError
from assistant.intents.builtins import Delivered
from assistant.typedvalues import from_json, to_json
from assistant.values import Temperature

pytestmark = pytest.mark.engines

OUTCOMES = {
    "done": Delivered(frozenset({"sky"}), frozenset({"degrees"})),
    "silent": Delivered(frozenset()),
}
HEAD = """
import os, sys, time
from assistant.skill import Call, Reply, SkillError, Temperature, intent
silent = Reply("silent")
"""


def skill(
    folder: Path, body: str, name: str = "weather", megabytes: int = 128, stamp: int = 0
) -> SkillSpec:
    """A skill whose module is ``body`` after the imports."""
    place = folder / name
    place.mkdir(exist_ok=True)
    (place / "skill.py").write_text(HEAD + textwrap.dedent(body))
    return SkillSpec(name, "skill", place, place / "skill.py", megabytes, stamp)


def doing(folder: Path, statement: str, **options: Any) -> SkillSpec:
    """A skill whose only function does this."""
    body = "@intent('Weather')\ndef weather(call):\n" + textwrap.indent(
        textwrap.dedent(statement), "    "
    )
    return skill(folder, body, **options)


def task(timeout_seconds: float = 20.0, **slots: Any) -> SkillTask:
    return SkillTask("Weather", OUTCOMES, timeout_seconds, slots, "what is the weather")


@contextlib.asynccontextmanager
async def running(folder: Path, **options: Any) -> AsyncIterator[Skills]:
    skills = Skills(lambda name: folder / "kept" / name, **options)
    try:
        yield skills
    finally:
        await skills.close()


def answer_of(folder: Path, spec: SkillSpec, **slots: Any) -> dict[str, Any]:
    async def scene() -> dict[str, Any]:
        async with running(folder) as skills:
            return await skills.call(spec, task(**slots))

    return asyncio.run(scene())


def failure_of(
    folder: Path, spec: SkillSpec, timeout_seconds: float = 20.0, *, again: bool = False
) -> str:
    """What is said of the first call; ``again`` makes another, as if nothing had been."""

    async def scene() -> str:
        async with running(folder) as skills:
            with pytest.raises(ActionError) as caught:
                await skills.call(spec, task(timeout_seconds))
            if again:
                well = doing(folder, "return silent", stamp=1)
                assert (await skills.call(well, task()))["outcome"] == "silent"
            return caught.value.message

    return asyncio.run(scene())


def gone(pid: int) -> bool:
    """Whether a process has ended; one whose parent has not looked yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except FileNotFoundError:
        return True


async def until(true: Callable[[], bool]) -> None:
    """Wait for what another process brings about; a test's time limit ends it."""
    while not true():  # noqa: ASYNC110 - nothing tells of another process's end
        await asyncio.sleep(0.01)


class TestWhatASkillCanDo:
    def test_it_gets_typed_values_and_gives_some_back(self, tmp_path: Path) -> None:
        spec = doing(
            tmp_path,
            """
            assert call.slots["wait"].total_seconds() == 90, call
            assert (call.text, call.language) == ("what is the weather", "en")
            return Reply(values={"sky": ["clear", "blue"], "degrees": Temperature(21, "celsius")})
            """,
        )
        answer = answer_of(tmp_path, spec, wait=to_json(timedelta(seconds=90)))
        values = {name: from_json(value) for name, value in answer["values"].items()}
        assert values == {"sky": ["clear", "blue"], "degrees": Temperature(21, "celsius")}
        assert (answer["outcome"], answer["speech"]) == ("done", "")

    def test_a_text_is_spoken_where_the_intent_needs_no_value(self, tmp_path: Path) -> None:
        spec = skill(
            tmp_path,
            "@intent('Weather')\ndef weather(call): return Reply('silent', speech='It rains.')",
        )
        assert answer_of(tmp_path, spec)["speech"] == "It rains."

    def test_it_says_itself_why_it_cannot(self, tmp_path: Path) -> None:
        spec = doing(tmp_path, "raise SkillError('the sky is\\n hidden')")
        assert failure_of(tmp_path, spec) == "the sky is hidden"

    def test_it_has_a_folder_of_its_own(self, tmp_path: Path) -> None:
        spec = doing(tmp_path, "(call.folder / 'note').write_text('kept'); return silent")
        answer_of(tmp_path, spec)
        assert (tmp_path / "kept" / "weather" / "note").read_text() == "kept"

    def test_what_it_prints_is_no_answer(self, tmp_path: Path) -> None:
        spec = doing(tmp_path, "print('{}'); os.system('echo {}'); return silent")
        assert answer_of(tmp_path, spec)["outcome"] == "silent"

    def test_it_imports_its_own_modules_and_none_of_where_it_was_started(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "json.py").write_text("raise SystemExit('not this one')")
        monkeypatch.chdir(tmp_path)
        spec = skill(tmp_path, "from helper import weather")
        (tmp_path / "weather" / "helper.py").write_text(
            "from assistant.skill import Reply, intent\n"
            "@intent('Weather')\ndef weather(call): return Reply('silent')"
        )
        assert answer_of(tmp_path, spec)["outcome"] == "silent"


@settings(max_examples=30)
@given(st.lists(st.text(max_size=50), max_size=5))
def test_what_was_said_reaches_a_skill_as_plain_data(echo: Echo, texts: list[str]) -> None:
    hostile = [*texts, "'; rm -rf /; $(reboot) `id`", "__import__('os')", "{call.folder}", "\0\n"]
    sent = [to_json(text) for text in hostile]
    answer = echo.call(text=sent)
    assert answer["values"]["sky"] == sent


class Echo:
    """A skill that is kept, and gives back what it gets."""

    def __init__(self, folder: Path) -> None:
        self.spec = doing(folder, "return Reply(values={'sky': call.slots['text']})")
        self.runner = asyncio.Runner()
        self.skills = Skills(lambda name: folder / "kept" / name)

    def call(self, **slots: Any) -> dict[str, Any]:
        return self.runner.run(self.skills.call(self.spec, task(**slots)))


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    one = Echo(tmp_path_factory.mktemp("echo"))
    with one.runner:
        yield one
        one.runner.run(one.skills.close())


FAILURES = {
    "raises": ("return call.slots['nothing']", "a mistake in its program, KeyError"),
    "gives another thing": ("return 7", "a mistake in its program, TypeError"),
    "gives no such outcome": ("return Reply('rain')", "'rain' is none of the outcomes of Weather"),
    "leaves out a value": ("return Reply()", "it gave no value 'sky'"),
    "gives another value": (
        "return Reply('silent', {'moon': 1})",
        "its value 'moon' is none of Weather",
    ),
    "gives a value that cannot be spoken": (
        "return Reply(values={'sky': b'clear'})",
        "a mistake in its program, ValueError",
    ),
    "talks without end": (
        "return Reply('silent', speech='so ' * 5000)",
        "it has more to say than can be spoken",
    ),
    "talks more than fits": (
        "return Reply('silent', speech='so ' * 50000)",
        "a mistake in its program, WireError",
    ),
    "exits during a call": ("sys.exit(3)", "it ended with status 3"),
    "exits well during a call": ("os._exit(0)", "it ended with status 0"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "it ended by signal 11"),
    "is killed": ("os.kill(os.getpid(), 9)", "it ended by signal 9"),
    "takes all memory": (
        "return [bytes(1 << 20) for _ in range(1 << 14)]",
        "it needs more memory than it may have",
    ),
    "recurses": ("return weather(call)", "a mistake in its program, RecursionError"),
    "closes its socket": (
        "import socket as s; s.socket(fileno=int(sys.argv[1][9:])).shutdown(2); time.sleep(600)",
        "it ended by signal 9",
    ),
}  # fmt: skip
TO_ITS_SOCKET = """
fd = int(next(one for one in sys.argv if one.startswith("--socket=")).partition("=")[2])
{}
time.sleep(600)
"""
GARBAGE = {
    "no JSON": ("os.write(fd, b'hello\\n')", "what it sent is not a message"),
    "no UTF-8": ("os.write(fd, b'\\xff\\xfe\\n')", "what it sent is not a message"),
    "no answer": ("os.write(fd, b'[]\\n')", "what it sent is not a message"),
    "an answer to nobody": (
        "os.write(fd, b'{\"id\": 7, \"outcome\": \"silent\", \"values\": {}}\\n')",
        "it answered what was not asked",
    ),
    "no end of line": (
        "while True: os.write(fd, b'x' * 65536)",
        "it sent too much",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_one_sentence(tmp_path: Path, name: str) -> None:
    statement, reason = FAILURES[name]
    assert (
        failure_of(tmp_path, doing(tmp_path, statement))
        == f"the weather skill has failed: {reason}"
    )


@pytest.mark.parametrize("name", ["raises", "crashes", "takes all memory", "closes its socket"])
def test_after_a_failure_the_next_call_works(tmp_path: Path, name: str) -> None:
    statement, reason = FAILURES[name]
    assert failure_of(tmp_path, doing(tmp_path, statement), again=True).endswith(reason)


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_on_its_socket_is_one_sentence(tmp_path: Path, name: str) -> None:
    statement, reason = GARBAGE[name]
    spec = doing(tmp_path, TO_ITS_SOCKET.format(statement))
    assert failure_of(tmp_path, spec) == f"the weather skill has failed: {reason}"


def test_a_reason_is_short_and_one_line(tmp_path: Path) -> None:
    said = failure_of(tmp_path, doing(tmp_path, "return Reply('rain \\n\\ud83d' * 99)"))
    assert "\n" not in said
    assert len(said) == len("the weather skill has failed: ") + REASON_CHARACTERS
    said.encode()


@pytest.mark.parametrize(
    "statement",
    [
        "time.sleep(600)",
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]\nwhile True: pass",
        "while True: print('flood' * 1000)",
        "while True: sys.stderr.write('flood' * 1000)",
    ],
)
def test_a_hang_is_one_sentence(tmp_path: Path, statement: str) -> None:
    said = failure_of(tmp_path, doing(tmp_path, statement), timeout_seconds=0.5)
    assert said == "the weather skill has failed: it took longer than 0.5 seconds"


def test_the_traceback_is_in_the_log_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = failure_of(tmp_path, doing(tmp_path, "raise ValueError('of the inside')"))
    assert "of the inside" not in said
    assert "ValueError: of the inside" in caplog.text


def test_a_flood_in_the_log_is_its_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    failure_of(tmp_path, doing(tmp_path, "print('flood' * 1_000_000); raise ValueError('last')"))
    assert caplog.text.count("ValueError: last") == 1
    assert len(caplog.text) < 20_000


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("def weather(:", "a mistake in its program, SyntaxError"),
        ("import nothing_of_that_name", "a mistake in its program, ModuleNotFoundError"),
        ("sys.exit(0)", "a mistake in its program, SystemExit"),
        ("os._exit(5)", "it ended with status 5"),
        ("held = bytes(1 << 31)", "a mistake in its program, MemoryError"),
        ("", "it has no function for 'Weather'"),
    ],
)
def test_a_skill_that_cannot_begin_is_one_sentence(tmp_path: Path, body: str, reason: str) -> None:
    said = failure_of(tmp_path, skill(tmp_path, body))
    assert said == f"the weather skill has failed: {reason}"


def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder should be")

    async def scene() -> str:
        async with running(tmp_path) as skills:
            with pytest.raises(ActionError) as caught:
                await skills.call(doing(tmp_path, "return silent"), task())
            return caught.value.message

    assert asyncio.run(scene()) == "the weather skill cannot be started"


FORKS = """
for n in range(40):
    if os.fork() == 0:
        open(call.folder / str(os.getpid()), 'w').close()
        while True: time.sleep(600)
"""


@pytest.mark.parametrize(
    ("end", "timeout_seconds"), [("time.sleep(600)", 1.0), ("os._exit(1)", 20.0)]
)
def test_all_that_it_forked_ends_with_it(tmp_path: Path, end: str, timeout_seconds: float) -> None:
    spec = doing(
        tmp_path, f"{FORKS}\nwhile len(os.listdir(call.folder)) < 40: time.sleep(0.01)\n{end}"
    )

    async def scene() -> None:
        async with running(tmp_path) as skills:
            with pytest.raises(ActionError):
                await skills.call(spec, task(timeout_seconds))
            children = [int(path.name) for path in (tmp_path / "kept" / "weather").iterdir()]
            assert children
            await until(lambda: all(gone(pid) for pid in children))

    asyncio.run(scene())


def test_it_may_fork_only_so_often_and_take_only_so_much(tmp_path: Path) -> None:
    spec = doing(
        tmp_path,
        """
        import resource as r
        names = ("NPROC", "DATA", "AS", "CORE")
        limits = [r.getrlimit(getattr(r, "RLIMIT_" + name))[1] for name in names]
        return Reply(values={"sky": limits + [int(open("/proc/self/oom_score_adj").read())]})
        """,
        megabytes=64,
    )
    processes, data, space, core, kill_first = answer_of(tmp_path, spec)["values"]["sky"]
    assert 64 < processes < 100_000
    assert (data, space, core) == (64 << 20, 576 << 20, 0)
    assert kill_first == 500


def scene_of(
    folder: Path, scene: Callable[[Skills], Coroutine[Any, Any, None]], **options: Any
) -> None:
    async def whole() -> None:
        async with running(folder, **options) as skills:
            await scene(skills)

    asyncio.run(whole())


def counting(folder: Path, **options: Any) -> SkillSpec:
    """A skill that tells its process and how often it was called."""
    return skill(
        folder,
        "calls = []\n@intent('Weather')\ndef weather(call):\n    calls.append(1)\n"
        "    return Reply(values={'sky': [os.getpid(), len(calls)]})",
        **options,
    )


async def count(skills: Skills, spec: SkillSpec) -> list[int]:
    found: list[int] = (await skills.call(spec, task()))["values"]["sky"]
    return found


class TestHowLongItIsKept:
    def test_the_next_call_is_of_the_same_process(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            spec = counting(tmp_path)
            (first, one), (second, two) = await count(skills, spec), await count(skills, spec)
            assert (first, one, two) == (second, 1, 2)

        scene_of(tmp_path, scene)

    def test_a_changed_file_is_another_process(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            first, _ = await count(skills, counting(tmp_path))
            second, calls = await count(skills, counting(tmp_path, stamp=7))
            assert (second != first, calls) == (True, 1)
            await until(lambda: gone(first))

        scene_of(tmp_path, scene)

    def test_after_a_while_it_ends(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            pid, _ = await count(skills, counting(tmp_path))
            await until(lambda: gone(pid))
            assert skills.running == []
            assert (await count(skills, counting(tmp_path)))[1] == 1

        scene_of(tmp_path, scene, kept_seconds=0.01)

    def test_one_that_died_meanwhile_is_started_anew(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            pid, _ = await count(skills, counting(tmp_path))
            os.kill(pid, 9)
            (place,) = skills._places.values()
            await until(lambda: place.process is None or not place.process.runs)
            assert (await count(skills, counting(tmp_path)))[1] == 1

        scene_of(tmp_path, scene)

    def test_of_many_those_called_last_are_kept(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            for name in ("rain", "sun", "rain", "snow"):
                await count(skills, counting(tmp_path, name=name))
            assert skills.running == ["rain", "snow"]

        scene_of(tmp_path, scene, kept=2)

    def test_calls_of_one_skill_wait_for_each_other(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            spec = counting(tmp_path)
            found = await asyncio.gather(*(count(skills, spec) for _ in range(5)))
            assert sorted(calls for _, calls in found) == [1, 2, 3, 4, 5]
            assert len({pid for pid, _ in found}) == 1

        scene_of(tmp_path, scene)

    def test_who_gives_up_while_waiting_ends_nobody_else_s_call(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            spec = doing(
                tmp_path,
                "open(call.folder / 'begun', 'w').close()\n"
                "while not (call.folder / 'go').exists(): time.sleep(0.01)\nreturn silent",
            )
            folder = tmp_path / "kept" / "weather"
            first = asyncio.create_task(skills.call(spec, task()))
            await until((folder / "begun").exists)
            second = asyncio.create_task(skills.call(spec, task()))
            await asyncio.sleep(0)
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
            (folder / "go").touch()
            assert (await first)["outcome"] == "silent"

        scene_of(tmp_path, scene)

    def test_a_call_that_is_cancelled_ends_the_process(self, tmp_path: Path) -> None:
        async def scene(skills: Skills) -> None:
            spec = doing(tmp_path, "(call.folder / str(os.getpid())).touch(); time.sleep(600)")
            folder = tmp_path / "kept" / "weather"
            call = asyncio.create_task(skills.call(spec, task(600.0)))
            await until(lambda: folder.is_dir() and any(folder.iterdir()))
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            pid = int(next(folder.iterdir()).name)
            await until(lambda: gone(pid))

        scene_of(tmp_path, scene)


def test_it_ends_with_its_bridge_even_while_it_hangs(tmp_path: Path) -> None:
    async def scene() -> None:
        spec = doing(tmp_path, "(call.folder / str(os.getpid())).touch(); time.sleep(600)")
        process = await SkillProcess.start(spec, tmp_path / "kept")
        call = asyncio.create_task(process.ask(task()))
        await until(lambda: any((tmp_path / "kept").iterdir()))
        # What a bridge that was killed leaves behind is a socket that nobody holds.
        process._writer.transport.abort()
        pid = int(next((tmp_path / "kept").iterdir()).name)
        await until(lambda: gone(pid))
        await asyncio.gather(call, return_exceptions=True)
        await process.end()

    asyncio.run(scene())

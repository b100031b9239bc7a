"""Nothing leaves: the whole assistant without any network, and every socket it asks for, traced.

From the wake word to the spoken answer, in a network namespace without interfaces, and with each
engine there is. What is looked for in the traces are attempts: one that the filter refuses is one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.version import Version

from assistant.cli import privacy
from assistant.kept import TABLES, kept_things
from assistant.privacy import NetworkTrial, walls_of
from assistant.state import MIGRATIONS, StateStore
from tests.recordings import VOSK_MODEL, samples_of
from tests.running import Home, Running, home
from tests.sound_server import PulseServer

ROOT = Path(__file__).parent.parent
# A user who is not root needs a namespace of users around it, in which they are themselves.
UNSHARE = ("unshare", *(() if os.geteuid() == 0 else ("--map-current-user",)), "--net")
CALLS = "trace=%network,io_uring_setup"
FAMILY = re.compile(r"\b(AF_[A-Z0-9]+)\b")
PATH = re.compile(r'sun_path=(@?"[^"]*")')

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


def can_unshare() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run((*UNSHARE, "true"), capture_output=True, check=False).returncode == 0


needs_namespaces = pytest.mark.skipif(
    not can_unshare(), reason="the kernel gives this user no network namespace"
)

ENGINES = {
    "openwakeword, pocketsphinx, phones": "",
    "microwakeword, vosk": (
        "wake: {engine: microwakeword}\n"
        f"recognizer: {{engine: vosk, second_opinion: pocketsphinx, vosk_model: {VOSK_MODEL}}}\n"
    ),
}
TIMER = """\
intents:
  Timer:
    sentences: ["set a timer for five minutes"]
    action: {command: [grep, --count, ":", /proc/self/net/dev], speak_output: true}
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


@pytest.mark.engines
@needs_strace
@needs_namespaces
@pytest.mark.parametrize("config", ENGINES.values(), ids=ENGINES)
def test_from_the_wake_word_to_the_answer_without_any_network(
    house: Home, sound_server: PulseServer, config: str
) -> None:
    house.config(f"{config}intents: {{shipped: false}}\n")
    house.intents("timer.yaml", TIMER)
    trace = house.folder / "trace"
    wrapper = (*UNSHARE, "strace", "-f", "--seccomp-bpf", "-e", CALLS, "-o", str(trace))
    sound = sound_server.as_sound_card
    arguments = ("--source", "-", "--output", "default")
    with (
        sound_server.recording() as loudspeaker,
        Running(house, *arguments, wrapper=wrapper, environment=sound) as assistant,
    ):
        assistant.hear(samples_of("timer-five-minutes").tobytes())
        assistant.hear(bytes(16_000 * 2 * 2))
        record = assistant.wait_for("turn-ended")["record"]
        told = json.loads(house.run("privacy", "--json").stdout)
    assert record["outcome"] == "acted"
    assert record["reply"] == "1"  # interface that the command saw: a loopback that is down
    assert loudspeaker.samples.any()
    calls = trace.read_text().splitlines()
    assert outsiders(calls) == []
    assert any("sun_path" in call for call in calls)
    assert strays(house) == []
    assert told["denied"]
    assert told["core"]["filtered"]
    assert told["core"]["alone"]


def outsiders(calls: Sequence[str]) -> list[str]:
    """Calls that are not for a socket within this machine, and those that have names looked up.

    A name can be looked up by somebody else through a socket of this machine: nscd, or systemd.
    """
    return [
        call
        for call in calls
        if set(FAMILY.findall(call)) - {"AF_UNIX"}
        or "io_uring" in call
        or any(re.search("nscd|resolve", path) for path in PATH.findall(call))
    ]


CALLED = {
    'connect(3, {sa_family=AF_UNIX, sun_path="/run/pulse"}, 110) = 0': False,
    'sendto(4, "READY=1", 7, MSG_NOSIGNAL, {sa_family=AF_UNIX, sun_path=@"1"}, 5) = 7': False,
    "socket(AF_INET, SOCK_DGRAM, 0) = -1 EAFNOSUPPORT (Address family not supported)": True,
    "socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 5": True,
    'connect(5, {sa_family=AF_INET6, sin6_port=htons(53)}, 28) = 0': True,
    'connect(5, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT': True,
    "io_uring_setup(8, 0x7ffe) = -1 ENOSYS": True,
}  # fmt: skip


@pytest.mark.parametrize(("call", "leaves"), CALLED.items())
def test_what_would_leave_is_told_from_what_stays(call: str, leaves: bool) -> None:
    assert outsiders([call]) == ([call] if leaves else [])


def strays(house: Home) -> list[Path]:
    """Files in the state that ``assistant privacy`` does not tell of."""
    told = [one.path for one in kept_things(house.paths)]
    return [
        path
        for path in house.paths.state_directory.rglob("*")
        if path.is_file()
        and not any(
            one in path.parents
            or (
                path.parent == one.parent
                and fnmatchcase(path.name.removesuffix("-wal").removesuffix("-shm"), one.name)
            )
            for one in told
        )
    ]


def test_every_table_of_the_state_is_told_of() -> None:
    """Where this fails, a table is new: tell in assistant/kept.py what it keeps, and how long."""
    made = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", "".join(MIGRATIONS)))
    gone = set(re.findall(r"DROP TABLE (?:IF EXISTS )?(\w+)", "".join(MIGRATIONS)))
    assert made - gone == TABLES.keys()


# --- onnxruntime ----------------------------------------------------------------------------------

SESSION = """
import importlib.util, pathlib
import numpy, onnxruntime
folder = pathlib.Path(importlib.util.find_spec("openwakeword").origin).parent
model = folder / "resources" / "models" / "embedding_model.onnx"
session = onnxruntime.InferenceSession(str(model))
session.run(None, {session.get_inputs()[0].name: numpy.zeros((1, 76, 32, 1), numpy.float32)})
print("ran")
"""


def test_no_onnxruntime_that_sends_telemetry_is_allowed_or_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [Requirement(one) for one in project["dependencies"]]
    (ours,) = [one for one in declared if one.name == "onnxruntime"]
    assert not [one for one in ("1.29", "1.29.1", "1.30", "2.0") if ours.specifier.contains(one)]
    assert Version(version("onnxruntime")) < Version("1.29")


@pytest.mark.engines
@needs_strace
def test_onnxruntime_by_itself_asks_for_no_network_and_keeps_no_number(tmp_path: Path) -> None:
    """Without the filter and without ORT_DISABLE_TELEMETRY: a newer one that sends, shows."""
    trace, place = tmp_path / "trace", tmp_path / "home"
    place.mkdir()
    environment = {"HOME": str(place), "TMPDIR": str(place), "PATH": os.environ["PATH"]}
    traced = ("strace", "-f", "--seccomp-bpf", "-e", CALLS, "-o", trace)
    ran = subprocess.run(
        [*traced, sys.executable, "-B", "-c", SESSION],
        env=environment, capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    assert ran.stdout == "ran\n"
    assert outsiders(trace.read_text().splitlines()) == []
    assert list(place.rglob("*")) == []


# --- assistant privacy ----------------------------------------------------------------------------


def test_what_is_kept_is_told_and_that_nothing_leaves_is_shown(house: Home) -> None:
    store = StateStore.open(house.paths.database)
    store.add_list_items("shopping", ["milk"])
    store.close()
    result = house.run("privacy")
    assert result.returncode == 0, result.stdout + result.stderr
    text = " ".join(result.stdout.split())
    assert "proved The network is denied to a process that hears: sockets of the kinds" in text
    assert "No assistant runs here that could be looked at." in text
    assert "1 row" in text
    assert "milk" not in text


def test_a_process_without_a_filter_is_told() -> None:
    walls = walls_of(os.getpid())
    assert not walls.filtered
    assert "lo" in walls.interfaces


def test_error_a_network_that_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "try_network", lambda: NetworkTrial(False, "AF_INET was opened"))
    monkeypatch.setattr(privacy, "service_account", lambda: None)
    result = CliRunner().invoke(privacy.privacy, [])
    assert result.exit_code == 69
    assert "NOT SO  AF_INET was opened" in result.stdout

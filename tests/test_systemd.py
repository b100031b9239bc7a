from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.systemd import notify, reloading, watchdog_interval_seconds

UNITS = Path(__file__).parent.parent / "systemd"


@pytest.fixture
def manager() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(5)
        yield manager


def test_the_service_manager_is_told(manager: socket.socket, tmp_path: Path) -> None:
    manager.bind(str(tmp_path / "notify"))
    assert notify("READY=1", environment={"NOTIFY_SOCKET": str(tmp_path / "notify")})
    assert manager.recv(1024) == b"READY=1"


def test_fields_go_together(manager: socket.socket, tmp_path: Path) -> None:
    manager.bind(str(tmp_path / "notify"))
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
    assert notify("WATCHDOG=1", "STATUS=zuhören", environment=environment)
    assert manager.recv(1024) == "WATCHDOG=1\nSTATUS=zuhören".encode()


def test_reloading_is_told_with_its_time_and_its_end(
    manager: socket.socket, tmp_path: Path
) -> None:
    manager.bind(str(tmp_path / "notify"))
    with (
        contextlib.suppress(ZeroDivisionError),
        reloading({"NOTIFY_SOCKET": str(tmp_path / "notify")}),
    ):
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        state, moment = manager.recv(1024).decode().split("\n")
        assert state == "RELOADING=1"
        assert moment.partition("=")[0] == "MONOTONIC_USEC"
        assert int(moment.partition("=")[2]) <= before
        raise ZeroDivisionError
    assert manager.recv(1024) == b"READY=1"


def test_an_address_in_the_abstract_namespace(manager: socket.socket) -> None:
    manager.bind("")  # the kernel chooses a free abstract name
    address = manager.getsockname().decode()
    assert address.startswith("\0")
    assert notify("READY=1", environment={"NOTIFY_SOCKET": "@" + address[1:]})
    assert manager.recv(1024) == b"READY=1"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2"}])
def test_without_a_service_manager_nothing_is_said(environment: dict[str, str]) -> None:
    assert not notify("READY=1", environment=environment)


def test_error_of_a_service_manager_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        notify("READY=1", environment={"NOTIFY_SOCKET": str(tmp_path / "nothing")})


WATCHDOGS = {
    "not watched": ({}, None),
    "30 seconds": ({"WATCHDOG_USEC": "30000000"}, 15.0),
    "this process": ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, 15.0),
    "another process": ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, None),
    "switched off": ({"WATCHDOG_USEC": "0"}, None),
    "not a number": ({"WATCHDOG_USEC": "soon"}, None),
}


@pytest.mark.parametrize(("environment", "seconds"), WATCHDOGS.values(), ids=WATCHDOGS)
def test_the_watchdog_is_fed_twice_as_often_as_needed(
    environment: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_interval_seconds(environment, process_id=7) == seconds


# Above these systemd-analyze calls a unit too exposed, from 0.0 to 10.0. The units of this
# repository score 0.4, 1.4 and 0.4; the limits leave room for other versions of systemd to judge.
EXPOSURE_LIMITS = {"assistant": 0.8, "assistant-bridge": 3.0, "assistant-train": 0.8}

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def copied_unit(name: str, folder: Path) -> Path:
    """A copy whose program exists on this machine, which ``verify`` asks for."""
    text = (UNITS / f"{name}.service").read_text()
    text, replaced = re.subn(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
    assert replaced == 1
    unit = folder / f"{Path(name).name}.service"
    unit.write_text(text)
    return unit


@needs_systemd
@pytest.mark.engines
def test_units_are_without_fault(tmp_path: Path) -> None:
    """Unknown keys are only warnings, and the exit status is 0: any output is a fault."""
    units = [copied_unit(name, tmp_path) for name in EXPOSURE_LIMITS]
    units.append(Path(shutil.copy(UNITS / "assistant-train.timer", tmp_path)))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (verified.stdout, verified.stderr, verified.returncode) == ("", "", 0)


@needs_systemd
@pytest.mark.engines
def test_the_units_of_a_user_are_without_fault(tmp_path: Path) -> None:
    units = [copied_unit(f"user/{name}", tmp_path) for name in EXPOSURE_LIMITS]
    units.append(Path(shutil.copy(UNITS / "user/assistant-train.timer", tmp_path)))
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *units],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (verified.stdout, verified.stderr, verified.returncode) == ("", "", 0)


@needs_systemd
@pytest.mark.engines
@pytest.mark.parametrize(("name", "limit"), EXPOSURE_LIMITS.items(), ids=EXPOSURE_LIMITS)
def test_units_are_not_exposed(tmp_path: Path, name: str, limit: float) -> None:
    analyzed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager",
         f"--threshold={round(limit * 10)}", copied_unit(name, tmp_path)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert analyzed.returncode == 0, analyzed.stdout
    assert f"exposure level for {name}.service" in analyzed.stdout


@pytest.mark.engines
@pytest.mark.skipif(
    shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not installed"
)
def test_the_users_can_be_made(tmp_path: Path) -> None:
    """The bridge is in the core's group, which may enter the folder of its socket."""
    (tmp_path / "etc").mkdir()
    made = subprocess.run(
        ["systemd-sysusers", f"--root={tmp_path}", UNITS / "sysusers.conf"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    users = [line.split(":") for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    assert [(name, home) for name, _, _, _, _, home, _ in users] == [
        ("assistant", "/var/lib/assistant"),
        ("assistant-bridge", "/var/lib/assistant-bridge"),
    ]
    assert users[0][2] != users[1][2]
    assert users[0][3] == users[1][3]


def values_of(name: str, key: str) -> list[str]:
    text = (UNITS / f"{name}.service").read_text()
    return re.findall(rf"(?m)^{key}=(.*)$", text)


@pytest.mark.parametrize("name", ["assistant", "assistant-bridge"])
def test_the_units_can_be_reloaded_by_systemd_252(name: str) -> None:
    assert values_of(name, "Type") == ["notify"]
    assert values_of(name, "ExecReload") == ["kill -HUP $MAINPID"]


def test_the_core_s_unit_denies_the_network() -> None:
    assert values_of("assistant", "RestrictAddressFamilies") == ["AF_UNIX"]
    assert values_of("assistant", "PrivateNetwork") == ["yes"]
    assert "ORT_DISABLE_TELEMETRY=1" in values_of("assistant", "Environment")


@pytest.mark.parametrize("name", ["assistant-train", "user/assistant-train"])
def test_learning_at_night_gives_way_ends_and_has_no_network(name: str) -> None:
    assert values_of(name, "Nice") == ["19"]
    assert values_of(name, "MemoryMax") == ["1G"]
    assert values_of(name, "TimeoutStartSec") == ["2h"]
    assert values_of(name, "RestrictAddressFamilies") == ["AF_UNIX"]


def test_a_user_s_core_has_no_network_either() -> None:
    assert values_of("user/assistant", "RestrictAddressFamilies") == ["AF_UNIX"]
    assert "ORT_DISABLE_TELEMETRY=1" in values_of("user/assistant", "Environment")


def test_the_bridge_s_unit_has_no_sound() -> None:
    assert values_of("assistant-bridge", "PrivateDevices") == ["yes"]
    assert values_of("assistant-bridge", "DeviceAllow") == []
    assert values_of("assistant-bridge", "SupplementaryGroups") == []


def test_the_units_are_two_users_who_meet_at_one_folder() -> None:
    assert values_of("assistant", "User") == ["assistant"]
    assert values_of("assistant-bridge", "User") == ["assistant-bridge"]
    assert values_of("assistant", "Group") == values_of("assistant-bridge", "Group")
    (folder,) = values_of("assistant-bridge", "RuntimeDirectory")
    assert f"ASSISTANT_BRIDGE_DIRECTORY=/run/{folder}" in values_of("assistant", "Environment")
    users = re.findall(r"(?m)^u (\S+)", (UNITS / "sysusers.conf").read_text())
    assert users == ["assistant", "assistant-bridge"]


def test_the_bridge_can_tell_who_its_peer_is() -> None:
    """In a user namespace of its own every peer would be 'nobody' to it."""
    assert values_of("assistant-bridge", "PrivateUsers") == []

"""What is looked at on a machine where the services run."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from scripts.checkinstall.machine import CheckError, Machine

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ("assistant-bridge", "assistant")
HEARD_SECONDS = 40
EXPOSURE_LIMITS = {"assistant": 0.8, "assistant-bridge": 3.0}
CONFIG = "audio: {source: /srv/house.wav, output: none}\n"
INTENTS = """\
intents:
  Host:
    sentences: ["which machine is this"]
    action: {command: [cat, /etc/hostname], speak_output: true}
"""


def expect(what: str, *, so: bool, otherwise: str = "") -> None:
    """Tell that something is so. Raises CheckError where it is not."""
    if not so:
        raise CheckError(f"not so: {what}. {otherwise}".strip())
    print(f"    {what}", flush=True)


def make_house(machine: Machine) -> None:
    """Give it a recording instead of a microphone, and an intent of the owner's.

    Silence, a call and a command, and then silence for longer than any of the checks takes.
    """
    spoken, rate = soundfile.read(
        ROOT / "tests/data/recordings/timer-five-minutes.flac", dtype="int16"
    )
    silence = np.random.default_rng(1).integers(-3, 4, 30 * 60 * rate, dtype=np.int16)
    soundfile.write(
        machine.path("/srv/house.wav"), np.concatenate([silence[: 3 * rate], spoken, silence]), rate
    )
    machine.path("/etc/assistant/intents").mkdir(parents=True, exist_ok=True)
    machine.path("/etc/assistant/config.yaml").write_text(CONFIG)
    machine.path("/etc/assistant/intents/host.yaml").write_text(INTENTS)


def check_services(machine: Machine) -> None:
    """See that both run, hear, understand, act, and are walled in as they should."""
    for name in SERVICES:
        state = machine.ask("systemctl", "is-active", name).stdout.strip()
        log = machine.ask("journalctl", "--unit", name, "--no-pager", "--lines=30").stdout
        expect(f"{name} is active", so=state == "active", otherwise=f"It is {state}:\n{log}")
    status = _status_after_the_call(machine)
    expect("a timer was set by what was heard", so=status["timers"] >= 1, otherwise=str(status))
    expect("no part has failed", so=status["failed_parts"] == {}, otherwise=str(status))
    turn = json.loads(machine.call("assistant", "say", "--json", "which", "machine", "is", "this"))
    expect("a command of the owner's is run by the bridge", so=turn["outcome"] == "acted",
           otherwise=str(turn))  # fmt: skip
    check_walls(machine)


def _status_after_the_call(machine: Machine) -> dict[str, Any]:
    """Wait until the command in the recording has been heard, and a little longer."""
    end = time.monotonic() + HEARD_SECONDS
    while True:
        status: dict[str, Any] = json.loads(machine.call("assistant", "status", "--json"))
        if status["timers"] or time.monotonic() > end:
            return status
        time.sleep(1)


def check_doctor(machine: Machine) -> None:
    """See what the doctor says, as the service's user; the microphone is a recording here."""
    said = machine.call("assistant", "doctor", "--json")
    found = {one["check"]: one for one in map(json.loads, said.splitlines())}
    checks = ("configuration", "intents", "programs", "wake word", "recognizer", "privacy",
              "assistant", "bridge", "service assistant", "service assistant-bridge")  # fmt: skip
    bad = [found[one] for one in checks if found[one]["verdict"] != "good"]
    expect("the doctor finds nothing wrong", so=bad == [], otherwise=str(bad))
    service = int(machine.call("id", "--user", "assistant"))
    strange = [str(path) for path in machine.path("/var/lib/assistant").rglob("*")
               if path.lstat().st_uid != service]  # fmt: skip
    expect("and leaves nothing of another user", so=strange == [], otherwise=str(strange))
    numbers = machine.call("assistant", "status", "--prometheus")
    expect(
        "there are numbers for Prometheus",
        so='assistant_calls_total{word="hey_jarvis"} 1' in numbers,
    )
    log = machine.call("assistant", "logs", "--lines=200")
    expect("the log tells of both", so="GetHost" in log or "Host: done" in log, otherwise=log)


def check_privacy(machine: Machine) -> None:
    """See what ``assistant privacy`` proves of the running service."""
    told = json.loads(machine.call("assistant", "privacy", "--json"))
    core = told["core"]
    so = told["denied"] and core["filtered"] and core["alone"]
    expect("assistant privacy proves that nothing leaves", so=so, otherwise=str(told))


def check_backup(machine: Machine) -> None:
    """Back the service up, let it forget, and restore it."""
    machine.path("/root/words").write_text("four words of mine\n")
    words = ("--passphrase-file", "/root/words")
    machine.call("assistant", "say", "add", "milk", "to", "the", "shopping", "list")
    machine.call("assistant", "backup", *words, "/root/assistant.age")
    machine.fails("assistant", "restore", *words, "/root/assistant.age")  # while it runs
    machine.call("systemctl", "stop", *reversed(SERVICES))
    machine.path("/var/lib/assistant/state.sqlite3").unlink()
    machine.path("/etc/assistant/intents/host.yaml").unlink()
    machine.call("assistant", "restore", *words, "/root/assistant.age")
    machine.call("systemctl", "start", *SERVICES)
    check_services(machine)
    turn = json.loads(
        machine.call("assistant", "say", "--json", "what", "is", "on", "the", "shopping", "list")
    )
    expect("what was restored is known", so="milk" in turn["reply"], otherwise=str(turn))
    service = int(machine.call("id", "--user", "assistant"))
    state = machine.path("/var/lib/assistant/state.sqlite3").stat()
    expect("and is the service's", so=state.st_uid == service and state.st_mode & 0o77 == 0)


def check_walls(machine: Machine) -> None:
    """See what the kernel and systemd say of the wall."""
    pid = machine.call("systemctl", "show", "--property=MainPID", "--value", "assistant").strip()
    seen = machine.call("nsenter", "--net", f"--target={pid}", "cat", "/proc/self/net/dev")
    devices = re.findall(r"(?m)^\s*(\S+):", seen)
    expect("the core's network has nothing but lo", so=devices == ["lo"], otherwise=str(devices))
    seccomp = machine.call("grep", "Seccomp:", f"/proc/{pid}/status").split()[1]
    expect("a filter is in force in the core", so=seccomp == "2")
    for name, limit in EXPOSURE_LIMITS.items():
        said = machine.call("systemd-analyze", "security", "--no-pager", name)
        (score,) = re.findall(r"exposure level for \S+: ([\d.]+)", said)
        expect(f"the exposure of {name} is {score}", so=float(score) <= limit)
    users = [
        machine.call("stat", "--format=%U", f"/proc/{one}").strip()
        for one in (pid, machine.call("systemctl", "show", "--property=MainPID", "--value",
                                      "assistant-bridge").strip())
    ]  # fmt: skip
    expect("the two are two users", so=users == ["assistant", "assistant-bridge"])


def check_extras(machine: Machine, share: str, zsh: str) -> None:
    """See that manual and completion are there and say something."""
    manual = next(machine.path(f"{share}/man/man1").glob("assistant.1*"))
    expect("there is a manual page", so=manual.stat().st_size > 1000)
    completion = machine.path(f"{share}/bash-completion/completions/assistant").read_text()
    expect("bash completes", so="_ASSISTANT_COMPLETE" in completion)
    expect("zsh completes", so=machine.path(zsh).exists())
    words = machine.call("env", "_ASSISTANT_COMPLETE=bash_complete", "COMP_WORDS=assistant st",
                         "COMP_CWORD=1", "assistant")  # fmt: skip
    expect("'assistant st' becomes 'status'", so="plain,status" in words, otherwise=words)


def git_tree(folder: Path) -> None:
    """Put the files of the repository into a folder, as somebody has them who cloned it."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    for name in listed.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file():
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
            copy.chmod(source.stat().st_mode & 0o777)

"""What runs: the core, the bridge, and the services of the system."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.doctor.findings import Finding, failed, good, skipped, warning
from assistant.privacy import try_network
from assistant.sockets import somebody_listens

if TYPE_CHECKING:
    from assistant.doctor.patient import Patient

UNITS = ("assistant", "assistant-bridge")
ASKED = ("LoadState", "ActiveState", "SubState", "NRestarts", "Result")


def core(patient: Patient) -> Iterator[Finding]:
    """See whether an assistant runs, and what it says is broken."""
    name, status = "assistant", patient.status
    if status is None:
        yield skipped(name, "None runs. Start it: assistant run, or the service.")
        return
    yield good(name, f"Version {status['version']} runs, {status['phase']}.")
    for part, message in status["failed_parts"].items():
        yield failed(f"{name}: {part}", message, "See: assistant logs")


def bridge(patient: Patient) -> Iterator[Finding]:
    """See whether the bridge can be reached."""
    name, socket = "bridge", patient.paths.bridge_socket
    try:
        listens = somebody_listens(socket)
    except OSError as error:
        yield failed(name, f"{socket}: {error.strerror}.", "Whose folder is it?")
        return
    if listens:
        yield good(name, f"It listens at {socket}.")
    elif patient.status is not None:
        yield failed(
            name,
            "It does not run: your commands will fail.",
            "Start it: sudo systemctl start assistant-bridge; its log: assistant logs",
        )
    else:
        yield skipped(name, "It runs together with the assistant.")


def services(_patient: Patient) -> Iterator[Finding]:
    """Ask systemd for the two services."""
    for unit in UNITS:
        name = f"service {unit}"
        told = _ask_systemd(unit)
        if told.get("LoadState") != "loaded":
            yield skipped(name, "It is not installed: sudo scripts/install")
            continue
        state, restarts = told["ActiveState"], int(told["NRestarts"] or 0)
        if state == "failed" or told["SubState"] == "auto-restart":
            yield failed(
                name,
                f"It does not stay up: {told['Result']}, restarted {restarts} times.",
                "Its last words: assistant logs",
            )
        elif state != "active":
            yield warning(name, f"It is {state}.", f"Start it: sudo systemctl start {unit}")
        elif restarts:
            yield warning(name, f"It runs, restarted {restarts} times.", "See: assistant logs")
        else:
            yield good(name, "It runs.")


def network(_patient: Patient) -> Iterator[Finding]:
    """Give up the network as the core does, and try to reach somebody."""
    name = "privacy"
    result = try_network()
    if result.denied:
        yield good(name, f"A process that hears gets no network: {result.told}.")
    else:
        yield failed(
            name,
            f"A process that hears could use the network: {result.told}.",
            "The filter works on 64-bit x86 and ARM with seccomp in the kernel.",
        )


def _ask_systemd(unit: str) -> dict[str, str]:
    if not shutil.which("systemctl"):
        return {}
    asked = [f"--property={one}" for one in ASKED]
    done = subprocess.run(
        ("systemctl", "show", *asked, f"{unit}.service"),
        capture_output=True,
        text=True,
        check=False,
        timeout=10,
    )
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {key: value for key, _, value in pairs}

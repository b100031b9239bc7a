"""The machine: disk, clock, temperature, and whether it is slowed down."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.doctor.findings import Finding, failed, good, skipped, warning

if TYPE_CHECKING:
    from assistant.doctor.patient import Patient

FULL_MEGABYTES, NEARLY_FULL_MEGABYTES = 50, 300
"""State is small; the journal and a kept copy of it are not."""

BUILT = 2025
"""No clock that is right shows a year before this program was written."""

HOT_CELSIUS = 80.0
"""A Raspberry Pi slows itself down from 80 degrees on."""

ZONES = Path("/sys/class/thermal")
THROTTLED = Path("/sys/devices/platform/soc/soc:firmware/get_throttled")
# https://www.raspberrypi.com/documentation/computers/os.html#get_throttled
NOW = {0: "its voltage is too low", 1: "its clock is held down", 2: "it is slowed down",
       3: "it is near the limit of its temperature"}  # fmt: skip
SINCE_START = 16
POWER = "Use the supply made for it, a short cable, and a fan or a larger case."


def disk(patient: Patient) -> Iterator[Finding]:
    """See whether there is space for the state, and whether it may be written."""
    name, folder = "disk", patient.paths.state_directory
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free // 1_000_000
    if not os.access(there, os.W_OK):
        yield failed(
            name,
            f"{there} cannot be written to.",
            "A card that fails becomes read-only: dmesg says so. Else: whose folder is it?",
        )
    elif free < FULL_MEGABYTES:
        yield failed(name, f"{free} MB are free at {there}.", "Make room: timers are not kept.")
    elif free < NEARLY_FULL_MEGABYTES:
        yield warning(name, f"{free} MB are free at {there}.", "Make room: df -h, apt clean.")
    else:
        yield good(name, f"{free / 1000:.0f} GB are free at {there}.")


def clock(_patient: Patient) -> Iterator[Finding]:
    """See whether the clock can be right, and is kept so."""
    name, now = "clock", datetime.now().astimezone()
    shown = f"{now:%Y-%m-%d %H:%M} {now.tzname()}"
    if now.year < BUILT:
        yield failed(
            name, f"It shows {shown}.", "Set it: sudo timedatectl set-ntp true, with a network."
        )
        return
    kept = _said_by("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if kept == "no":
        yield warning(
            name,
            f"It shows {shown}, and nothing sets it.",
            "Without a network it is wrong after a power cut: sudo timedatectl set-ntp true",
        )
    else:
        yield good(name, f"It shows {shown}.")


def temperature(_patient: Patient) -> Iterator[Finding]:
    """See whether the machine is hot."""
    name, found = "temperature", []
    for zone in ZONES.glob("thermal_zone*/temp"):
        try:
            found.append(int(zone.read_text()) / 1000)
        except (OSError, ValueError):  # a sensor that is switched off
            continue
    if not found:
        yield skipped(name, "This machine does not tell its temperature.")
    elif max(found) >= HOT_CELSIUS:
        yield warning(name, f"It is {max(found):.0f} °C hot, and slows down.", POWER)
    else:
        yield good(name, f"It is {max(found):.0f} °C warm.")


def throttling(_patient: Patient) -> Iterator[Finding]:
    """See whether a Raspberry Pi has been slowed down: too little power, or too hot."""
    name, flags = "throttling", _throttled()
    if flags is None:
        yield skipped(name, "This is no Raspberry Pi.")
        return
    now = [what for bit, what in NOW.items() if flags >> bit & 1]
    before = [what for bit, what in NOW.items() if flags >> bit + SINCE_START & 1]
    if now:
        yield failed(name, f"Now {' and '.join(now)}.", POWER)
    elif before:
        yield warning(name, f"Since the start it happened that {' and '.join(before)}.", POWER)
    else:
        yield good(name, "It was never slowed down since its start.")


def _throttled() -> int | None:
    """Return the firmware's flags; None where there is no such firmware."""
    if THROTTLED.exists():
        return int(THROTTLED.read_text(), 16)
    said = _said_by("vcgencmd", "get_throttled")
    _, equals, number = said.partition("=0x")
    return int(number, 16) if equals else None


def _said_by(*command: str) -> str:
    """Return what a program printed; '' where it is not there or fails."""
    if not shutil.which(command[0]):
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    return done.stdout.strip() if done.returncode == 0 else ""

"""Disk, clock, temperature and throttling, on machines that are made up."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.doctor import machine
from assistant.doctor.findings import Finding, Verdict
from assistant.doctor.patient import Patient
from assistant.paths import find_paths
from tests.test_scripts import stand_in

Usage = namedtuple("Usage", "total used free")


def only(found: Iterator[Finding]) -> Finding:
    (one,) = found
    return one


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """Somebody whose machine has no programs that tell about it, until a test makes one."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return Patient(Settings(), find_paths({"HOME": str(tmp_path)}, 0))


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(40, Verdict.FAILED), (200, Verdict.WARNING), (9_000, Verdict.GOOD)],
)
def test_space_on_the_disk(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    usage = Usage(10_000_000_000, 0, free * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    finding = only(machine.disk(patient))
    assert finding.verdict == verdict
    assert "free at" in finding.message


def test_a_disk_that_became_read_only(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    finding = only(machine.disk(patient))
    assert (finding.verdict, "dmesg" in finding.hint) == (Verdict.FAILED, True)


@pytest.mark.parametrize(("kept", "verdict"), [("yes", Verdict.GOOD), ("no", Verdict.WARNING)])
def test_a_clock_that_nothing_sets(
    patient: Patient, tmp_path: Path, kept: str, verdict: Verdict
) -> None:
    stand_in(tmp_path / "bin", "timedatectl", f"echo {kept}")
    assert only(machine.clock(patient)).verdict == verdict


def test_a_clock_of_before_this_program(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "BUILT", 9999)
    assert only(machine.clock(patient)).verdict == Verdict.FAILED


@pytest.mark.parametrize(("celsius", "verdict"), [(51, Verdict.GOOD), (83, Verdict.WARNING)])
def test_the_temperature(
    patient: Patient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    celsius: int,
    verdict: Verdict,
) -> None:
    for number, value in enumerate([f"{celsius}000\n", "not a number\n"]):
        zone = tmp_path / f"thermal_zone{number}"
        zone.mkdir()
        (zone / "temp").write_text(value)
    monkeypatch.setattr(machine, "ZONES", tmp_path)
    finding = only(machine.temperature(patient))
    assert finding.verdict == verdict
    assert f"{celsius} °C" in finding.message


THROTTLED = {
    "never": ("0x0", Verdict.GOOD, "never slowed down"),
    "too little power now": ("0x50005", Verdict.FAILED, "Now its voltage is too low and it is"),
    "once": ("0x10000", Verdict.WARNING, "Since the start it happened that its voltage is too low"),
}  # fmt: skip


@pytest.mark.parametrize(("flags", "verdict", "told"), THROTTLED.values(), ids=THROTTLED)
def test_a_raspberry_pi_that_was_slowed_down(
    patient: Patient, tmp_path: Path, flags: str, verdict: Verdict, told: str
) -> None:
    stand_in(tmp_path / "bin", "vcgencmd", f"echo throttled={flags}")
    finding = only(machine.throttling(patient))
    assert finding.verdict == verdict
    assert told in finding.message


def test_without_the_program_the_kernel_tells(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "get_throttled").write_text("80008\n")
    monkeypatch.setattr(machine, "THROTTLED", tmp_path / "get_throttled")
    finding = only(machine.throttling(patient))
    assert finding.message == "Now it is near the limit of its temperature."


def test_another_machine_is_none(patient: Patient) -> None:
    assert only(machine.throttling(patient)).verdict == Verdict.SKIPPED

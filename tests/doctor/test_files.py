"""The owner's files, the programs they name, and what runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.doctor import files, services
from assistant.doctor.checks import examine
from assistant.doctor.findings import Finding, Verdict, good
from assistant.doctor.patient import Patient
from assistant.errors import EngineError
from assistant.paths import find_paths
from tests.test_scripts import stand_in

LAMP = """\
intents:
  Lamp:
    sentences: ["turn {state} the lamp"]
    action: {command: [PROGRAM, "{state}"]}
    tests: [{say: turn on the lamp, slots: {state: "on"}}]
lists:
  state: {values: ["on", "off"]}
"""


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    paths = find_paths({"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}, 0)
    settings = Settings()
    alone = settings.intents.model_copy(update={"shipped": False})
    return Patient(settings.model_copy(update={"intents": alone}), paths)


def write(patient: Patient, text: str) -> None:
    folder = patient.paths.owner_intents[0]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lamp.yaml").write_text(text)


def only(found: Iterator[Finding]) -> Finding:
    (one,) = found
    return one


def test_files_without_mistakes(patient: Patient) -> None:
    write(patient, LAMP)
    finding = only(files.intent_files(patient))
    assert finding.verdict == Verdict.GOOD
    assert finding.message.endswith(" files with 1 intents; their 1 tests pass.")


def test_a_mistake_is_told_with_its_place(patient: Patient) -> None:
    write(patient, LAMP.replace("{state} the", "{stat} the"))
    finding = only(files.intent_files(patient))
    assert finding.verdict == Verdict.FAILED
    assert "lamp.yaml:3:23: unknown list 'stat'." in finding.message
    assert finding.hint == "See: assistant check"


def test_a_test_that_fails_is_told(patient: Patient) -> None:
    write(patient, LAMP.replace('state: "on"}}', 'state: "off"}}'))
    finding = only(files.intent_files(patient))
    assert finding.verdict == Verdict.FAILED
    assert finding.message.startswith("1 of the tests in the files fail: ")


def test_programs_that_cannot_be_run(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "lamp").write_text("#!/bin/sh\n")
    for program, told in (
        ("/nonexistent/lamp", "is not there"),
        (f"{tmp_path}/lamp", "may not be run"),
    ):
        write(patient, LAMP.replace("PROGRAM", program))
        finding = only(files.programs(patient))
        assert finding.verdict == Verdict.FAILED
        assert finding.message == f"The program of Lamp, {program}, {told}."


def test_programs_that_are_there(patient: Patient) -> None:
    write(patient, LAMP.replace("PROGRAM", "cat"))
    assert only(files.programs(patient)).verdict == Verdict.GOOD


def test_a_program_at_home_cannot_be_seen_by_the_service(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", "lamp", "true")
    write(patient, LAMP.replace("PROGRAM", "lamp"))
    assert only(files.programs(patient)).verdict == Verdict.GOOD
    patient.is_service = True
    monkeypatch.setattr(files, "HIDDEN_FROM_SERVICES", (tmp_path,))
    finding = only(files.programs(patient))
    assert finding.message.endswith("is in a folder that the service cannot see.")


UNITS = {
    "not installed": ("LoadState=not-found", Verdict.SKIPPED, "scripts/install"),
    "well": (
        "LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nResult=success",
        Verdict.GOOD, "It runs.",
    ),
    "restarted": (
        "LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=3\nResult=success",
        Verdict.WARNING, "It runs, restarted 3 times.",
    ),
    "again and again": (
        "LoadState=loaded\nActiveState=x\nSubState=auto-restart\nNRestarts=9\nResult=exit-code",
        Verdict.FAILED, "It does not stay up: exit-code, restarted 9 times.",
    ),
    "stopped": (
        "LoadState=loaded\nActiveState=inactive\nSubState=dead\nNRestarts=0\nResult=success",
        Verdict.WARNING, "It is inactive.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("told", "verdict", "message"), UNITS.values(), ids=UNITS)
def test_what_systemd_says(
    patient: Patient, tmp_path: Path, told: str, verdict: Verdict, message: str
) -> None:
    stand_in(tmp_path / "bin", "systemctl", f'printf "{told}\\n"')
    core, bridge = services.services(patient)
    assert (core.check, bridge.check) == ("service assistant", "service assistant-bridge")
    assert core.verdict == bridge.verdict == verdict
    assert message in core.message


def test_nothing_runs(patient: Patient) -> None:
    assert only(services.core(patient)).verdict == Verdict.SKIPPED
    assert only(services.bridge(patient)).verdict == Verdict.SKIPPED


def test_the_network_is_refused(patient: Patient) -> None:
    finding = only(services.network(patient))
    assert finding.verdict == Verdict.GOOD
    assert "AF_INET, AF_INET6" in finding.message


def test_a_check_that_cannot_be_made_does_not_end_the_others(patient: Patient) -> None:
    def no_model() -> list[Finding]:
        raise EngineError("There is no model.", "Install one.")

    def broken(_: Patient) -> Iterator[Finding]:
        yield from no_model()

    def unreadable(_: Patient) -> Iterator[Finding]:
        yield good("first", "is well")
        Path("/nonexistent/file").read_text()

    told: list[str] = []
    checks = {"broken": broken, "unreadable": unreadable, "last": services.network}
    found = list(examine(patient, told.append, checks))
    assert told == ["broken", "unreadable", "last"]
    assert [(one.verdict.value, one.message) for one in found[:3]] == [
        ("failed", "There is no model."),
        ("good", "is well"),
        ("failed", "/nonexistent/file: No such file or directory."),
    ]
    assert found[3].verdict == Verdict.GOOD

"""What the owner wrote: the intent files, and the programs that they name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from assistant.doctor.findings import Finding, failed, good, skipped
from assistant.doctor.patient import Patient
from assistant.domains import whole_languages
from assistant.errors import FileProblemsError
from assistant.intents.model import Command
from assistant.intents.selftest import run_tests

HIDDEN_FROM_SERVICES = (Path("/home"), Path("/root"), Path("/run/user"))


def intent_files(patient: Patient) -> Iterator[Finding]:
    """Read every intent file, and run the tests in them."""
    name = "intents"
    try:
        domains = patient.domains()
    except FileProblemsError as error:
        first = error.problems[0]
        count = f"{len(error.problems)} mistakes" if len(error.problems) > 1 else "A mistake"
        yield failed(name, f"{count}: {first.place}: {first.message}.", "See: assistant check")
        return
    spoken = whole_languages(patient.settings, domains)
    failures = [
        one for understood in spoken for one in run_tests(understood.intents, understood.graph)
    ]
    if failures:
        first = failures[0]
        told = f"{len(failures)} of the tests in the files fail: {first.place}: {first.message}."
        yield failed(name, told, "See: assistant check")
        return
    intents = sum(len(understood.intents.intents) for understood in spoken)
    tests = sum(len(i.tests) for understood in spoken for i in understood.intents.intents.values())
    yield good(
        name, f"{patient.files.count()} files with {intents} intents; their {tests} tests pass."
    )


def programs(patient: Patient) -> Iterator[Finding]:
    """See that the programs of commands and lists are there, for the user who will run them."""
    name = "programs"
    actions, lists, undos = patient.files.outside()
    steps = {name: one.steps for name, one in actions.items()}
    steps |= {f"{name}, taken back": one.steps.steps for name, one in undos.items()}
    wanted = {
        f"{intent} (step {number})" if number > 1 else intent: step.deed.argv[0]
        for intent, of_intent in steps.items()
        for number, step in enumerate(of_intent, start=1)
        if isinstance(step.deed, Command)
    }
    wanted |= {f"list {one}": argv[0] for one, argv in lists.items()}
    if not wanted:
        yield skipped(name, "No intent of yours runs a program.")
        return
    bad = False
    for what, program in wanted.items():
        path = shutil.which(program)
        if path is None:
            bad = True
            why = "may not be run" if os.path.exists(program) else "is not there"  # noqa: PTH110
            yield failed(
                name,
                f"The program of {what}, {program}, {why}.",
                "Install it, correct its name in your intent file, or make it executable: chmod +x",
            )
        elif patient.is_service and any(
            folder in Path(path).resolve().parents for folder in HIDDEN_FROM_SERVICES
        ):
            bad = True
            yield failed(
                name,
                f"The program of {what}, {path}, is in a folder that the service cannot see.",
                "Move it elsewhere, such as to /usr/local/bin.",
            )
    if not bad:
        yield good(name, f"The programs of {len(wanted)} commands and lists are there.")

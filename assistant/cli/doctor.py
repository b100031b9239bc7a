"""``assistant doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import config_option, json_option, paths
from assistant.cli.service import become, service_account, service_paths
from assistant.config import Settings
from assistant.engines import load_configuration
from assistant.errors import ConfigError
from assistant.events import to_plain

if TYPE_CHECKING:
    from assistant.doctor.findings import Finding
    from assistant.paths import Paths

FAILED_STATUS = 69
COLOURS = {"good": "green", "warning": "yellow", "failed": "bold red", "skipped": "dim"}


@click.command()
@config_option
@click.option("--quiet", is_flag=True, help="Without playing a sound.")
@json_option
def doctor(*, config: Path | None, quiet: bool, as_json: bool) -> None:
    """Look whether everything is as it should be, and tell what to do where it is not.

    Sound card, microphones, loudspeaker, wake word, recognizer, your files, services, disk, clock.
    With sudo it looks at the system's service, as the user of the service. Exit status 69 when
    something does not work.

    \b
    assistant doctor
    sudo assistant doctor --quiet
    """
    account = service_account()
    if account is not None:
        become(account)
    places = service_paths() if account is not None else paths()
    found = findings(places, config, quiet=quiet, as_service=account is not None)
    seen: list[Finding] = []
    for finding in found:
        seen.append(finding)
        if as_json:
            click.echo(json.dumps(to_plain(finding)))
    if not as_json:
        _print(seen)
    if any(one.verdict == "failed" for one in seen):
        raise SystemExit(FAILED_STATUS)


def findings(
    places: Paths, config: Path | None, *, quiet: bool, as_service: bool
) -> Iterator[Finding]:
    """Look at the configuration, then at all else with it, or with the defaults if it is wrong."""
    from assistant.doctor.checks import examine
    from assistant.doctor.findings import failed, good
    from assistant.doctor.patient import Patient

    chosen = Settings()
    try:
        chosen, file = load_configuration(places, config)
    except ConfigError as error:
        first = error.problems[0]
        yield failed("configuration", f"{first.place}: {first.message}.", "See: assistant check")
    else:
        yield good("configuration", f"Read: {file}." if file else "There is none: all defaults.")
    patient = Patient(chosen, places, with_sound=not quiet, is_service=as_service)
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from examine(patient, lambda _: None)
        return
    with console.status("Looking …") as status:
        yield from examine(patient, lambda name: status.update(f"{name} …"))


def _print(found: Sequence[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for column in ("verdict", "check", "message"):
        table.add_column(column, overflow="fold")
    for one in found:
        colour = COLOURS[one.verdict]
        told = escape(one.message)
        if one.hint:
            told += f"\n[dim]→[/dim] {escape(one.hint)}"
        table.add_row(f"[{colour}]{one.verdict}[/]", escape(one.check), told)
    Console().print(table)


COMMANDS = (doctor,)

"""``assistant logs``: the journal of both services, or where else to look."""

from __future__ import annotations

import shutil
import subprocess

import click

from assistant.errors import ControlError

UNITS = ("assistant", "assistant-bridge")
LINES = 200


@click.command()
@click.option("--follow", "-f", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--lines", "-n", default=LINES, show_default=True, help="So many of the last ones.")
def logs(*, follow: bool, lines: int) -> None:
    """Show the log of the core and the bridge, where they run as services.

    What was heard and answered is not in it.

    \b
    sudo assistant logs
    sudo assistant logs --follow
    """
    whose = _whose_services()
    if whose is None:
        raise ControlError(
            "No service of the assistant is installed here.",
            "One started with 'assistant run' logs to its terminal; --verbose logs the words, too.",
        )
    if not shutil.which("journalctl"):
        raise ControlError("There is no journalctl.", "systemd keeps the log; is it installed?")
    units = [f"--{whose}={unit}" for unit in UNITS]
    command = ["journalctl", *units, f"--lines={lines}", *(["--follow"] if follow else [])]
    raise SystemExit(subprocess.run(command, check=False).returncode)


def _whose_services() -> str | None:
    """Return journalctl's option for the units of the system, or of this user."""
    if not shutil.which("systemctl"):
        return None
    for option, manager in (("unit", "--system"), ("user-unit", "--user")):
        asked = subprocess.run(
            ("systemctl", manager, "show", "--property=LoadState", "--value", UNITS[0]),
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.stdout.strip() == "loaded":
            return option
    return None


COMMANDS = (logs,)

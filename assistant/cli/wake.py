"""``assistant wake``: trying, seeing and tuning the wake word. Each command has its own file."""

from __future__ import annotations

import click

from assistant.cli import wakeenrol


@click.group()
def wake() -> None:
    """Try, see and tune the wake word."""


for module in (wakeenrol,):
    wake.add_command(module.COMMAND)

COMMANDS = (wake,)

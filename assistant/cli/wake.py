"""``assistant wake``: making, trying and tuning wake words. Each command has its own file."""

from __future__ import annotations

import click

from assistant.cli import wakeenrol, wakereport, waketest, waketraining, waketune


@click.group()
def wake() -> None:
    """Train, try and tune wake words."""


for module in (waketraining, wakeenrol, waketest, waketune, wakereport):
    wake.add_command(module.COMMAND)

COMMANDS = (wake,)

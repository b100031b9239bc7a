"""``assistant wake``: wake words of the owner's own."""

from __future__ import annotations

import click

from assistant.cli.waketraining import train


@click.group()
def wake() -> None:
    """Train a wake word of your own."""


wake.add_command(train)

COMMANDS = (wake,)

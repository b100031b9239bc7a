"""``assistant mute``, ``unmute`` and ``announce``: its ears, and its voice for somebody else."""

from __future__ import annotations

import json

import click

from assistant.cli.common import json_option, paths
from assistant.frontends.client import ControlClient
from assistant.lengths import seconds_of


def _length(_context: click.Context, _option: click.Parameter, given: str | None) -> int | None:
    try:
        return None if given is None else seconds_of(given)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


@click.command()
@click.option(
    "--for", "seconds", callback=_length, metavar="TIME", help="Such as 90s, 10m or 1h30m."
)
@json_option
def mute(seconds: int | None, as_json: bool) -> None:
    """Turn all microphones of the running assistant off, until 'assistant unmute' or for a time.

    The wake word is not heard either. It stays so after a restart.

    \b
    assistant mute
    assistant mute --for 10m
    """
    with ControlClient(*paths().control_sockets) as client:
        answer = client.ask("mute", seconds=seconds)
    click.echo(json.dumps(answer) if as_json else "The microphones are off.")


@click.command()
@json_option
def unmute(as_json: bool) -> None:
    """Have the running assistant hear again."""
    with ControlClient(*paths().control_sockets) as client:
        answer = client.ask("unmute")
    again = "again" if answer["was_muted"] else "already"
    click.echo(json.dumps(answer) if as_json else f"The microphones are on {again}.")


@click.command()
@click.argument("text", nargs=-1, required=True)
@json_option
def announce(text: tuple[str, ...], as_json: bool) -> None:
    """Have the running assistant say something to everybody, after a sound.

    Where somebody speaks with it, it waits for the end of that.

    \b
    assistant announce "dinner is ready"
    """
    with ControlClient(*paths().control_sockets) as client:
        answer = client.ask("announce", text=" ".join(text))
    click.echo(json.dumps(answer) if as_json else "It will be announced.")


COMMANDS = (mute, unmute, announce)

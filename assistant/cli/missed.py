"""``assistant missed``: what was not understood."""

from __future__ import annotations

import json
from contextlib import closing

import click
from rich.console import Console
from rich.table import Table

from assistant.cli.common import json_option, paths
from assistant.missed import Missed
from assistant.state import StateStore


@click.command("missed")
@click.option("--forget", "forget", metavar="NUMBER|all", help="Forget one of them, or all.")
@json_option
def missed(*, forget: str | None, as_json: bool) -> None:
    """Print the sentences that were not understood, and what was meant where that is known.

    \b
    assistant missed
    assistant missed --forget 3
    assistant missed --forget all

    They are kept on this machine only, the last 200 of them (dialogue.keep_missed). To have one
    understood, write it into an intent of yours: a sentence more, or a routine that says what is
    meant.
    """
    if forget is not None:
        _forget(forget)
        return
    found = _read()
    if as_json:
        for one in found:
            click.echo(
                json.dumps(
                    {
                        "number": one.id,
                        "text": one.text,
                        "meant": one.meant,
                        "times": one.times,
                        "last": one.last.isoformat(timespec="seconds"),
                    }
                )
            )
        return
    if not found:
        click.echo("Everything was understood.")
        return
    table = Table(box=None, header_style="bold")
    for heading in ("", "said", "meant", "times", "last"):
        table.add_column(heading)
    for one in found:
        last = one.last.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(str(one.id), one.text, one.meant, str(one.times), last)
    Console().print(table)


def _forget(what: str) -> None:
    if what != "all" and not what.isdecimal():
        raise click.BadParameter("give a number of the list, or all", param_hint="--forget")
    with closing(StateStore.open(paths().database)) as store:
        count = store.forget_missed(() if what == "all" else (int(what),))
    if not count and what != "all":
        raise click.BadParameter(f"there is no number {what}", param_hint="--forget")
    click.echo(f"Forgotten: {count}.")


def _read() -> list[Missed]:
    path = paths().database
    if not path.exists():
        return []
    with closing(StateStore.open(path)) as store:
        return store.missed()


COMMANDS = (missed,)

"""``assistant missed``: what was not understood."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from assistant.cli.common import config_option, json_option, paths, settings
from assistant.missed import Missed
from assistant.state import StateStore


@click.command("missed")
@click.argument("number", type=int, required=False)
@click.option("--means", metavar="SENTENCE", help="Have it understood as this from now on.")
@click.option("--forget", "forget", metavar="NUMBER|all", help="Forget one of them, or all.")
@config_option
@json_option
def missed(
    *,
    number: int | None,
    means: str | None,
    forget: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Print the sentences that were not understood, and what was meant where that is known.

    \b
    assistant missed
    assistant missed 3 --means "turn on the lamp"
    assistant missed --forget 3
    assistant missed --forget all

    They are kept on this machine only, the last 200 of them (dialogue.keep_missed). What one means
    is written into said-otherwise.yaml, in the folder of your intents.
    """
    if (number is None) != (means is None):
        raise click.UsageError("Give a number of the list, and with --means what it means.")
    if forget is not None:
        _forget(forget)
        return
    if number is not None and means is not None:
        _let_it_mean(number, means, config)
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


def _let_it_mean(number: int, meaning: str, config: Path | None) -> None:
    from assistant.cli.aliases import FILE, add_alias
    from assistant.engines import load_understanding

    text = next((one.text for one in _read() if one.id == number), None)
    if text is None:
        raise click.BadParameter(f"there is no number {number}", param_hint="NUMBER")
    # The first folder is this user's, the last one that of the service, which root looks after.
    file = paths().owner_intents[-1 if os.geteuid() == 0 else 0] / FILE
    understanding = load_understanding(settings(config), paths())
    name = add_alias(file, text, meaning, understanding)
    _forget(str(number), quietly=True)
    click.echo(f"'{text}' means '{meaning}' from now on: {name} in {file}.")


def _forget(what: str, *, quietly: bool = False) -> None:
    if what != "all" and not what.isdecimal():
        raise click.BadParameter("give a number of the list, or all", param_hint="--forget")
    with closing(StateStore.open(paths().database)) as store:
        count = store.forget_missed(() if what == "all" else (int(what),))
    if not count and what != "all":
        raise click.BadParameter(f"there is no number {what}", param_hint="--forget")
    if not quietly:
        click.echo(f"Forgotten: {count}.")


def _read() -> list[Missed]:
    path = paths().database
    if not path.exists():
        return []
    with closing(StateStore.open(path)) as store:
        return store.missed()


COMMANDS = (missed,)

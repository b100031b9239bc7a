"""``assistant privacy``: what is kept, where, how long; and a proof that nothing leaves."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from assistant.cli.common import json_option, paths
from assistant.cli.service import become, service_account, service_paths
from assistant.errors import AssistantError
from assistant.frontends.client import ControlClient
from assistant.kept import NOT_KEPT, Kept, kept_things
from assistant.paths import Paths
from assistant.privacy import try_network, walls_of

FAILED_STATUS = 69


@click.command()
@json_option
def privacy(as_json: bool) -> None:
    """Tell what is kept on this machine, and prove that nothing leaves it.

    A process gives up the network as the one that hears does, and tries all the same. Exit status
    69 when it gets through. With sudo it is about the system's service.

    \b
    assistant privacy
    sudo assistant privacy
    """
    account = service_account()
    if account is not None:
        become(account)
    places = service_paths() if account is not None else paths()
    kept = [_shown(one) for one in kept_things(places)]
    trial, core = try_network(), _running_core(places)
    refused = trial.denied and core.get("filtered", True)
    if as_json:
        found = {"kept": kept, "not_kept": NOT_KEPT, "denied": trial.denied, "told": trial.told}
        click.echo(json.dumps(found | {"core": core}))
    else:
        _print(kept, trial.told, core, denied=trial.denied)
    if not refused:
        raise SystemExit(FAILED_STATUS)


def _shown(one: Kept) -> dict[str, Any]:
    """One thing, and how much of it there is now."""
    return {
        "what": one.what,
        "where": f"{one.path}: {one.table}" if one.table else str(one.path),
        "now": _amount(one),
        "until": one.until,
    }


def _amount(one: Kept) -> str:
    if one.table:
        return _rows(one.path, one.table) if one.path.exists() else "nothing"
    files = [path for path in _files(one.path) if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    if not files:
        return "nothing"
    count = f"{len(files)} files, " if files != [one.path] else ""
    return f"{count}{size / 1000:.0f} kB"


def _files(path: Path) -> Iterator[Path]:
    if "*" in path.name:
        return path.parent.glob(path.name)
    return path.rglob("*") if path.is_dir() else iter([path])


def _rows(path: Path, table: str) -> str:
    """Count, reading only: nothing is made, moved or changed."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            # The name is one of ``kept.TABLES``; a table's name cannot be a parameter.
            (count,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    except sqlite3.Error as error:
        return f"cannot be read: {error}"
    return f"{count} rows" if count != 1 else "1 row"


def _running_core(places: Paths) -> dict[str, Any]:
    """What the kernel says of the core, if one runs here and may be looked at."""
    try:
        with ControlClient(*places.control_sockets) as client:
            process_id = client.process_id
        walls = walls_of(process_id)
    except (AssistantError, OSError):
        return {}
    return {
        "process": process_id,
        "filtered": walls.filtered,
        "interfaces": list(walls.interfaces),
        "alone": walls.alone,
    }


def _print(kept: list[dict[str, Any]], told: str, core: dict[str, Any], *, denied: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, title="Kept on this machine", title_justify="left")
    for column in ("what", "where", "now", "for how long"):
        table.add_column(column, overflow="fold")
    for one in kept:
        table.add_row(one["what"], one["where"], one["now"], one["until"])
    Console().print(table)
    click.echo(f"\nNot kept: {NOT_KEPT}.")
    _tell(denied, f"The network is denied to a process that hears: {told}.", told)
    if not core:
        click.echo("No assistant runs here that could be looked at.")
        return
    filtered = f"The filter is in force in the running core, process {core['process']}."
    _tell(core["filtered"], filtered, "The running core has no filter; its log says why.")
    if core["alone"]:
        _tell(True, "It is in a network of its own, with nobody in it.", "")
    else:
        seen = ", ".join(core["interfaces"])
        click.echo(f"It sees the network ({seen}), and gets no socket for it; a service sees none.")


def _tell(well: bool, good: str, bad: str) -> None:
    colour, mark, text = ("green", "proved", good) if well else ("red", "NOT SO", bad)
    click.echo(f"{click.style(mark, fg=colour, bold=True)}  {text}")


COMMANDS = (privacy,)

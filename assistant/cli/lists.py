"""``assistant lists``: what is on the lists, as text."""

from __future__ import annotations

import json
from contextlib import closing

import click

from assistant.cli.common import json_option, paths
from assistant.statekeeping import open_state


@click.command("lists")
@click.argument("name", nargs=-1)
@json_option
def lists(*, name: tuple[str, ...], as_json: bool) -> None:
    """Print what is on the lists, or on one of them: one item a line.

    \b
    assistant lists
    assistant lists shopping
    assistant lists --json
    """
    found = _read()
    wanted = " ".join(" ".join(name).casefold().split())
    if wanted:
        if wanted not in found:
            known = ", ".join(f"'{one}'" for one in found) or "none"
            raise click.BadParameter(
                f"there is no list '{wanted}'; lists with items: {known}", param_hint="NAME"
            )
        found = {wanted: found[wanted]}
    if as_json:
        for one, items in found.items():
            click.echo(json.dumps({"list": one, "items": items}))
        return
    for one, items in found.items():
        if not wanted:
            click.secho(one, bold=True)
        for item in items:
            click.echo(item if wanted else f"  {item}")
    if not found:
        click.echo("There are no lists.")


def _read() -> dict[str, list[str]]:
    path = paths().database
    if not path.exists():
        return {}
    with closing(open_state(path)) as store:
        return {name: store.list_items(name) for name in store.lists()}


COMMANDS = (lists,)

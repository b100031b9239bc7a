"""``assistant train``: the phone recognizer learns the owner's commands."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import (
    EXISTING,
    config_option,
    intents_option,
    json_option,
    paths,
    progress_bar,
)
from assistant.cli.common import settings as read_settings

if TYPE_CHECKING:
    from assistant.recognizers.phones.training.adaptation import Adapted
    from assistant.recognizers.phones.training.checking import Check

NO_FLITE = (
    "espeak-ng says everything, and teaches little: flite's voices are made from people's. "
    "Better install it first: sudo apt install flite"
)


@click.command()
@click.option(
    "--recordings",
    type=EXISTING,
    metavar="FOLDER",
    help="Commands that you recorded, too: name.wav or .flac, and the words in name.txt.",
)
@click.option(
    "--sentences",
    type=click.IntRange(50, 20_000),
    default=1_200,
    show_default=True,
    help="So many are said by synthesised voices, and learnt from.",
)
@click.option(
    "--night",
    is_flag=True,
    help="Only what is new: intents that changed, recordings in the state folder's commands/.",
)
@click.option("--back", is_flag=True, help="Use the model before the last training again.")
@config_option
@intents_option
@json_option
def train(
    *,
    recordings: Path | None,
    sentences: int,
    night: bool,
    back: bool,
    config: Path | None,
    intents: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Have the phone recognizer learn your own commands; everything stays on this machine.

    Your sentences are said by synthesised voices, in made-up rooms and noises, and learnt. Other
    sentences of yours, and speech that is no command, are heard before and after: what was learnt
    is kept if more is understood than before. It takes some minutes, more on a Raspberry
    Pi. Restart the assistant afterwards.

    \b
    assistant train
    assistant train --recordings my-commands/
    assistant train --back
    """
    from assistant.learning import learn, model_of, prepare
    from assistant.measuring.clips import has_recordings
    from assistant.recognizers.phones.models import PhoneModels
    from assistant.recognizers.phones.training.changes import fingerprint

    chosen, places = read_settings(config), paths()
    models = PhoneModels(places.phone_models, chosen.intents.language)
    if back:
        used = models.go_back()
        click.echo(json.dumps({"model": str(used)}) if as_json else f"{used} is used again.")
        return
    if night and recordings is None and has_recordings(places.own_commands):
        recordings = places.own_commands
    lesson = prepare(chosen, places, intents, recordings, sentences)
    mark = fingerprint(lesson.task, models.shipped)
    if night and models.tried() == mark:
        click.echo(json.dumps({"kept": False}) if as_json else "There is nothing new to learn.")
        return
    if shutil.which("flite") is None:
        click.echo(NO_FLITE, err=True)
    with progress_bar() as track:
        adapted = learn(lesson, chosen, places, track)
    kept = adapted.after.better_than(adapted.before)
    if kept:
        models.keep(model_of(lesson, adapted))
    models.remember(mark)
    told = {
        "hours": round(adapted.hours, 2),
        "before": asdict(adapted.before),
        "after": asdict(adapted.after),
        "kept": kept,
        "model": str(models.own if kept else models.shipped),
    }
    if as_json:
        click.echo(json.dumps(told))
    else:
        _tell(adapted, kept=kept, model=models.own)


def _tell(adapted: Adapted, *, kept: bool, model: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "before", "after", title=f"learnt from {adapted.hours:.1f} hours of speech")
    before, after = adapted.before, adapted.after
    table.add_row("of your sentences understood", _share(before), _share(after))
    Console().print(table)
    click.echo(
        f"Without PocketSphinx, where one in twenty of {before.others} other sentences is believed."
    )
    if kept:
        click.echo(f"Kept in {model}. Restart the assistant to use it; --back undoes it.")
    else:
        click.echo("No better than before, so nothing was changed.")


def _share(check: Check) -> str:
    return f"{check.right} of {check.sentences} ({check.right / max(1, check.sentences):.0%})"


COMMANDS = (train,)

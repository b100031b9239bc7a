"""``assistant train``: the phone recognizer learns the owner's commands."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import clock
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
    from assistant.config import Settings
    from assistant.recognizers.phones.training.adaptation import Adapted, Task
    from assistant.recognizers.phones.training.checking import Check
    from assistant.wake.training.material import Track


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
@click.option("--back", is_flag=True, help="Use the model before the last training again.")
@config_option
@intents_option
@json_option
def train(
    *,
    recordings: Path | None,
    sentences: int,
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
    from assistant.recognizers.phones.models import PhoneModels

    chosen, places = read_settings(config), paths()
    models = PhoneModels(places.phone_models, chosen.intents.language)
    if back:
        used = models.go_back()
        click.echo(json.dumps({"model": str(used)}) if as_json else f"{used} is used again.")
        return
    with progress_bar() as track:
        task, adapted = _adapted(chosen, intents, recordings, sentences, track)
    kept = adapted.after.better_than(adapted.before)
    if kept:
        models.keep(_model(chosen, task, adapted))
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


def _adapted(
    settings: Settings,
    intents: tuple[Path, ...],
    recordings: Path | None,
    sentences: int,
    track: Track,
) -> tuple[Task, Adapted]:
    from assistant.embedding.bundle import embedding_checksum, load_bundle
    from assistant.embedding.features import SpeechEmbedding
    from assistant.engines import answer_grammar, load_understanding, spoken_grammar
    from assistant.measuring.clips import recorded
    from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
    from assistant.recognizers.espeak import guess_phones
    from assistant.recognizers.phones.features import MidFrames
    from assistant.recognizers.phones.hypothesis import Weights
    from assistant.recognizers.phones.models import PhoneModels
    from assistant.recognizers.phones.training.adaptation import (
        Recording,
        Task,
        adapt,
        vocabulary_words,
    )
    from assistant.recognizers.phones.training.lesson import Vocabulary
    from assistant.recognizers.pronunciation import pronounce
    from assistant.wake.training.voices import find_voices

    places, language = paths(), settings.intents.language
    models = PhoneModels(places.phone_models, language)
    model = models.load(embedding_checksum(settings.wake.features))
    voices = find_voices(language)
    understanding = load_understanding(settings, places, intents)
    commands, answers = spoken_grammar(understanding), answer_grammar(understanding)
    grammars = (commands,) if answers is None else (commands, answers)
    told = commands.sounds_like
    words = vocabulary_words(grammars, language)
    found = pronounce(words, told, Lexicon(packaged_dictionary()), guess_phones)
    clips = recorded(recordings, understanding) if recordings is not None else []
    task = Task(
        grammars,
        Vocabulary(found.of_words, told),
        language,
        [Recording(clip.samples, clip.sentence.text) for clip in clips],
        sentences,
    )
    bundle = load_bundle(places.cache, settings.wake.features)
    adapted = adapt(
        model.network,
        task,
        voices,
        MidFrames(SpeechEmbedding(bundle)),
        track,
        weights=Weights(),
    )
    return task, adapted


def _model(settings: Settings, task: Task, adapted: Adapted) -> Any:
    """Put together what is kept."""
    from assistant.embedding.bundle import embedding_checksum
    from assistant.recognizers.phones.model import Model

    recipe = {
        "made by": "assistant train",
        "made": clock.now().isoformat(timespec="seconds"),
        "sentences": task.sentences,
        "recordings": len(task.recordings),
        "hours": round(adapted.hours, 2),
        "before": asdict(adapted.before),
        "after": asdict(adapted.after),
    }
    return Model(adapted.network, embedding_checksum(settings.wake.features), recipe)


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

"""``assistant wake train``: a wake word from some recordings of it."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import clock
from assistant.cli.common import (
    EXISTING,
    config_option,
    json_option,
    paths,
    progress_bar,
    settings,
)
from assistant.cli.waketrained import draw, plain, tell
from assistant.errors import EngineError
from assistant.microphones import microphones

if TYPE_CHECKING:
    from assistant.ports import AudioSource
    from assistant.wake.training.judging import Trained
    from assistant.wake.training.material import Track
    from assistant.wake.training.recordings import Recordings
    from assistant.wake.training.trainer import Task

FEW = 5


@click.command()
@click.argument("name")
@click.option(
    "--phrase", help="How it is said, where the name does not tell: --phrase 'hey computer'."
)
@click.option(
    "--recordings",
    type=EXISTING,
    metavar="FOLDER",
    help="Recordings of the word, once in each file (WAV, FLAC, OGG); else you are asked to speak.",
)
@click.option("--synthetic-only", is_flag=True, help="No recordings, only synthesised voices.")
@click.option(
    "--room",
    type=EXISTING,
    multiple=True,
    metavar="FILE",
    help="A long recording of your room in which nobody says the word; may be repeated.",
)
@click.option(
    "--takes",
    type=click.IntRange(5, 50),
    default=12,
    show_default=True,
    help="How often you are asked to say it.",
)
@click.option("--keep", is_flag=True, help="Keep what was recorded here.")
@click.option("--replace", is_flag=True, help="Train a word of this name again.")
@config_option
@json_option
def train(
    *,
    name: str,
    phrase: str | None,
    recordings: Path | None,
    synthetic_only: bool,
    room: tuple[Path, ...],
    takes: int,
    keep: bool,
    replace: bool,
    config: Path | None,
    as_json: bool,
) -> None:
    """Train a wake word of your own; everything stays on this machine.

    Without --recordings you are asked to say it, some times. Recordings of everybody who is to be
    heard, near and from afar, make it better; so does a long recording of the room with --room. It
    takes some minutes, on a Raspberry Pi up to half an hour.

    \b
    assistant wake train computer
    assistant wake train jarvis --phrase "hey jarvis" --recordings my-voice/
    assistant wake train computer --replace --room kitchen-radio.wav
    """
    from assistant.wake.packaged import word_key
    from assistant.wake.training.keeping import keep as write
    from assistant.wake.training.keeping import place_of, word_of
    from assistant.wake.training.recordings import find_recordings, read_recordings, read_sound
    from assistant.wake.training.trainer import Task
    from assistant.wake.training.voices import find_voices

    if synthetic_only and recordings is not None:
        raise click.UsageError("--synthetic-only goes without --recordings.")
    chosen, places = settings(config), paths()
    kept = place_of(name, places.wake_words, replace=replace)
    said_as = " ".join((phrase or word_key(name).replace("_", " ")).lower().split())
    voices = find_voices(chosen.intents.language)  # before anybody speaks
    rooms = [read_sound(path) for path in room]
    own = kept.with_name(f"{kept.stem}-recordings")
    guided = recordings is None and not synthetic_only
    if guided:
        with closing(_microphone(microphones(chosen)[0].source)) as source:
            _record(source, said_as, takes, own)
    folder = own if guided else recordings
    with progress_bar() as track:
        if folder is None:
            usable = None
        else:
            files = find_recordings(folder)
            usable = read_recordings(track(files, "reading the recordings", len(files)))
            _tell_left_out(usable, folder)
        task = Task(said_as, usable.said if usable else (), chosen.intents.language, rooms)
        trained = _trained(task, places.cache, voices, track)
    word = word_of(trained, task, name, clock.now())
    write(word, kept)
    plot = draw(trained, kept.with_suffix(".png"))
    if as_json:
        click.echo(json.dumps(plain(word, kept, plot)))
    else:
        tell(word, trained, kept, plot)
    if guided:
        _delete(own, keep=keep)


def _trained(task: Task, cache: Path, voices: Any, track: Track) -> Trained:
    from assistant.embedding.bundle import load_bundle
    from assistant.embedding.features import SpeechEmbedding
    from assistant.wake.training.negatives import load_negatives
    from assistant.wake.training.trainer import train as train_word

    embedding = SpeechEmbedding(load_bundle(cache))
    return train_word(task, load_negatives(), embedding, voices, track)


# --- recording ------------------------------------------------------------------------------------


def _microphone(name: str) -> AudioSource:
    if not sys.stdin.isatty():
        raise EngineError(
            "Nobody is at the terminal to say the word.",
            "Give --recordings FOLDER, or --synthetic-only.",
        )
    from assistant.audio.microphone import MicrophoneSource

    return MicrophoneSource(name)


def _record(source: AudioSource, phrase: str, takes: int, folder: Path) -> None:
    """Ask for the word, some times."""
    from rich.console import Console
    from rich.live import Live

    from assistant.cli.waketakes import Takes
    from assistant.wake.training.takes import record_takes

    console = Console(stderr=True)
    console.print(
        f"Say [bold]{phrase}[/bold] {takes} times, each time when the bar is there: as you would "
        "call it, near and from some steps away, softly and aloud. Ctrl-C ends it.\n"
        f"The recordings are kept in {folder} until the training is over."
    )
    view = Takes(phrase, takes)
    with Live(view, console=console, refresh_per_second=12, transient=True) as live:

        def show(what: Any) -> None:
            if line := view.show(what):
                live.console.print(line)

        record_takes(source, takes, folder, show)


def _delete(folder: Path, *, keep: bool) -> None:
    if keep:
        click.echo(f"Your recordings are in {folder}.", err=True)
        return
    shutil.rmtree(folder)
    click.echo("Your recordings were deleted; --keep keeps them.", err=True)


def _tell_left_out(usable: Recordings, folder: Path) -> None:
    for line in usable.left_out:
        click.secho(f"Left out: {line}", fg="yellow", err=True)
    count = len(usable.said)
    if not count:
        raise EngineError(
            f"None of the recordings in {folder} can be used.",
            "Record the word once a file, with a second of quiet around it.",
        )
    if count < FEW:
        click.secho(f"Only {count} recordings: ten or twenty hear much better.", err=True)


COMMAND = train

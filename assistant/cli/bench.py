"""``assistant bench``: which recognizer is the best here, for these commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.common import (
    EXISTING,
    config_option,
    intents_option,
    json_option,
    paths,
    settings,
)
from assistant.engines import load_understanding
from assistant.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

    from assistant.dialogue.understanding import Understanding
    from assistant.measuring.clips import Clip
    from assistant.measuring.scores import Score

COSTS: dict[str, Callable[[Score], str]] = {
    "CPU for a second of speech": lambda score: f"{score.cpu_a_second:.2f} s",
    "time for a second of speech": lambda score: f"{score.real_time_factor:.2f} s",
    "memory, at most": lambda score: f"{score.memory:.0f} MB",
    "time to load": lambda score: f"{score.load_seconds:.1f} s",
    "words it does not know": lambda score: f"{len(score.unknown)} of {score.words}",
}
ABOUT_SHARES = (
    "In brackets the 95 % interval: so few sentences tell only large differences. 'Near commands' "
    "are commands with a word replaced or their words in another order."
)
ABOUT_VOICES = (
    "Synthesised voices are not people: they speak evenly, and recognizers may find them easier or "
    "harder. They compare recognizers; how well yours understands you is told by --recordings."
)


@click.group()
def bench() -> None:
    """Measure on this machine, with your own commands."""


@bench.command()
@config_option
@intents_option
@click.option(
    "--sentences",
    type=click.IntRange(4, 1000),
    default=30,
    show_default=True,
    help="So many commands of yours, and as many sentences that are none.",
)
@click.option(
    "--recordings",
    type=EXISTING,
    metavar="FOLDER",
    help="Recordings of yours, too: name.wav or .flac, and the words in name.txt.",
)
@click.option(
    "--synthesised/--no-synthesised",
    default=True,
    help="Without: only recordings.",
)
@click.option(
    "--vosk-model",
    "models",
    type=EXISTING,
    multiple=True,
    metavar="FOLDER",
    help="A Vosk model that is not among those of the assistant; may be repeated.",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw it as .png or .svg (needs matplotlib).",
)
@json_option
def recognizers(
    *,
    config: Path | None,
    intents: tuple[Path, ...],
    sentences: int,
    recordings: Path | None,
    synthesised: bool,
    models: tuple[Path, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Tell which recognizer and model to use here.

    Commands of yours are made up from the intents in force, spoken by the synthesizers that are
    installed (espeak-ng, flite), clean and in noise, and heard by each recognizer there is; so are
    sentences that are no commands. It takes minutes, on a Raspberry Pi a quarter of an hour. The
    same sentences are used each time.

    \b
    assistant bench recognizers
    assistant bench recognizers --vosk-model ~/vosk-model-small-en-us-0.15 --plot bench.png
    assistant bench recognizers --recordings my-voice/ --no-synthesised
    """
    from assistant.measuring.drawing import check_plot
    from assistant.measuring.engines import find_engines, measure
    from assistant.measuring.scores import recommend

    if not synthesised and recordings is None:
        raise click.UsageError("Without synthesised voices there must be --recordings.")
    if plot is not None:
        check_plot(plot)
    chosen, places = settings(config), paths()
    engines = find_engines(chosen, places, models)
    understanding = load_understanding(chosen, places, intents)
    scores = []
    with _bar() as bar:
        clips = _clips(understanding, sentences if synthesised else 0, recordings, bar)
        for engine in engines:
            heard = partial(bar.advance, bar.add_task(engine.name, total=len(clips)))
            scores.append(measure(engine, places, understanding.intents, clips, heard))
    if all(score.error for score in scores):
        raise EngineError("; ".join(f"{score.engine}: {score.error}" for score in scores))
    found = recommend(scores)
    advice = found.sentence if found is not None else ""
    if as_json:
        for score in scores:
            click.echo(json.dumps(_plain(score)))
        click.echo(json.dumps({"recommendation": advice, "engine": found and found.engine}))
    else:
        _print(scores, synthesised=synthesised)
        _print_advice(advice, next(one for one in scores if found and one.engine == found.engine))
    if plot is not None:
        from assistant.measuring.drawing import draw_scores, save

        save(lambda figure: draw_scores(figure, scores), plot)


def _clips(
    understanding: Understanding, count: int, recordings: Path | None, bar: Progress
) -> list[Clip]:
    """Everything to be heard: clean first, then in noise."""
    from assistant.measuring.clips import choose_sentences, in_noise, recorded, spoken
    from assistant.measuring.voices import find_voices

    clips = recorded(recordings, understanding) if recordings is not None else []
    if count:
        chosen = choose_sentences(understanding, count)
        voices = find_voices(understanding.intents.language)
        clips += bar.track(spoken(chosen, voices), len(chosen), description="Speaking")
    return [*clips, *in_noise(clips)]


@contextmanager
def _bar() -> Iterator[Progress]:
    """How far it is, on standard error, at a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar


def _plain(score: Score) -> dict[str, Any]:
    from assistant.measuring.scores import NEAR_COMMANDS, OTHER_SPEECH

    conditions = dict.fromkeys(one.condition for one in score.results)
    return {
        "engine": score.engine,
        "setting": score.setting,
        "error": score.error or None,
        "accepted": {name: score.accepted(name).plain() for name in conditions},
        "false": {kind: score.false(kind).plain() for kind in (OTHER_SPEECH, NEAR_COMMANDS)},
        "cpu_seconds_a_second": round(score.cpu_a_second, 4),
        "real_time_factor": round(score.real_time_factor, 4),
        "memory_megabytes": round(score.memory, 1),
        "load_seconds": round(score.load_seconds, 3),
        "unknown_words": score.unknown,
        "sentences": [asdict(one) for one in score.results],
    }


def _print(scores: Sequence[Score], *, synthesised: bool) -> None:
    """A column for each recognizer."""
    from rich.console import Console
    from rich.table import Table

    from assistant.measuring.scores import NEAR_COMMANDS, OTHER_SPEECH

    heard = [score for score in scores if not score.error]
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("", *(score.engine for score in heard)):
        table.add_column(name, overflow="fold")
    results = list(chain.from_iterable(score.results for score in heard))
    for voices in dict.fromkeys(one.voices for one in results):
        own = [score.of(voices) for score in heard]
        table.add_row(f"[bold]{voices}[/bold]")
        for condition in dict.fromkeys(one.condition for one in results if one.voices == voices):
            shares = (str(score.accepted(condition)) for score in own)
            table.add_row(f"commands understood, {condition}", *shares)
        for kind in (OTHER_SPEECH, NEAR_COMMANDS):
            table.add_row(f"{kind} acted on", *(str(score.false(kind)) for score in own))
    table.add_row("[bold]on this machine[/bold]")
    for name, form in COSTS.items():
        table.add_row(name, *(form(score) for score in heard))
    console = Console()
    console.print(table)
    for score in scores:
        if score.error:
            console.print(f"{score.engine} could not be measured: {score.error}", style="red")
    console.print(f"\n{ABOUT_SHARES}", style="dim")
    if synthesised:
        console.print(ABOUT_VOICES, style="dim")


def _print_advice(advice: str, score: Score) -> None:
    click.secho(f"\n{advice}", bold=True)
    click.echo("In the configuration:\n\nrecognizer:")
    for name, value in score.setting.items():
        click.echo(f"  {name}: {value}")


COMMANDS = (bench,)

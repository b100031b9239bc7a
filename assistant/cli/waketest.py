"""``assistant wake test``: how often a wake word is missed, and heard where nobody said it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.common import EXISTING, config_option, json_option, paths, progress, settings
from assistant.cli.wakecommon import choose_wake, threshold_option, word_option
from assistant.errors import EngineError
from assistant.wakewords import wake_words
from assistant.waking import build_wake_word, wake_rules

if TYPE_CHECKING:
    from rich.progress import Progress

    from assistant.measuring.wakecounts import WakeResult

SHOWN = 20
"""Missed recordings and false alarms that are listed; ``--json`` has all."""


@click.command()
@config_option
@word_option
@click.option(
    "--positives",
    type=EXISTING,
    multiple=True,
    metavar="FOLDER",
    help="Recordings of the word, one word in each; may be repeated.",
)
@click.option(
    "--negatives",
    type=EXISTING,
    multiple=True,
    metavar="FOLDER",
    help="Recordings without the word; may be repeated.",
)
@click.argument("more", nargs=-1, type=EXISTING, metavar="[FOLDER]...")
@threshold_option
@click.option("--sensitivity", type=float, metavar="S", help="Instead of wake.sensitivity.")
@json_option
def test(
    *,
    config: Path | None,
    word: str | None,
    positives: tuple[Path, ...],
    negatives: tuple[Path, ...],
    more: tuple[Path, ...],
    threshold: float | None,
    sensitivity: float | None,
    as_json: bool,
) -> None:
    """Count how often a wake word is missed, and heard where nobody said it.

    Every recording goes through what listens in the running assistant. Folders after --negatives
    FOLDER are further ones without the word.

    \b
    assistant wake test --word alexa --positives alexa --negatives computer snowboy
    assistant wake test --word my-word.onnx --positives said --threshold 0.4 --json
    """
    from assistant.measuring.wakeword import WakeTester, count_recordings, recordings

    others = (*negatives, *more)
    if not positives and not others:
        raise click.UsageError("Give --positives or --negatives, or both.")
    chosen = choose_wake(settings(config), word, threshold=threshold, sensitivity=sensitivity)
    if len(words := wake_words(chosen)) > 1:
        names = ", ".join(one.name for one in words)
        raise click.UsageError(f"Say which word: --word NAME, one of {names}.")
    counts = count_recordings(positives), count_recordings(others)
    with progress("Loading the wake word"):
        engine = build_wake_word(chosen, paths())
    ((name, rule),) = wake_rules(wake_words(chosen), engine).items()
    with _bar() as bar:

        def unreadable(message: str) -> None:
            bar.console.print(message, markup=False, highlight=False, soft_wrap=True)

        tester = WakeTester(engine, name, rule, chosen.wake.refractory_seconds, unreadable)
        _run(bar, "With the word", tester.hear_positives(recordings(positives)), counts[0])
        _run(bar, "Without it", tester.hear_negatives(recordings(others)), counts[1])
    if not (tester.result.positives or tester.result.negative_chunks):
        raise EngineError(
            "There is nothing to hear in the recordings.", "Give WAV, FLAC or OGG recordings."
        )
    if as_json:
        click.echo(json.dumps(tester.result.plain()))
    else:
        _print(tester.result)


def _bar() -> Progress:
    """How far it is, on standard error, at a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _run(bar: Progress, what: str, heard: Iterable[Path], count: int) -> None:
    task = bar.add_task(what, total=count, visible=count > 0)
    for _ in heard:
        bar.advance(task)


def _print(result: WakeResult) -> None:
    from rich.console import Console
    from rich.table import Table

    rule = result.rule
    patience = f", {rule.patience_chunks} chunks in a row" if rule.patience_chunks > 1 else ""
    click.secho(f"{result.word}, threshold {rule.threshold:.3g}{patience}", bold=True)
    if result.positives:
        click.echo(f"missed        {result.missed.count} of {result.positives}: {result.missed}")
    if (times := result.detection_seconds()) is not None:
        click.echo(
            f"detected      {times[0]:.2f} s after the word's end, 95 % within {times[1]:.2f} s "
            f"(of {len(result.after_word_seconds)})"
        )
    if result.negative_chunks:
        click.echo(
            f"false alarms  {result.alarms.count} in {result.negative_hours:.3g} hours: "
            f"{result.alarms}"
        )
    if result.unreadable:
        click.echo(f"unreadable    {result.unreadable}")
    click.secho("In brackets the 95 % interval.", dim=True)
    table = Table(box=None, padding=(0, 2, 0, 0))
    columns = {"missed": result.positives > 0, "false alarms": result.negative_chunks > 0}
    for column in ("threshold", *(name for name, is_known in columns.items() if is_known)):
        table.add_column(column, justify="right")
    for threshold, missed in result.missed_at.items():
        style = "bold" if threshold == rule.threshold else ""
        counts = zip((missed, result.false_alarms_at[threshold]), columns.values(), strict=True)
        shown = (str(count) for count, is_known in counts if is_known)
        table.add_row(f"{threshold:.3g}", *shown, style=style)
    Console().print(table)
    _print_list("Missed:", result.missed_files)
    _print_list("False alarms:", [str(alarm) for alarm in result.false_alarms])


def _print_list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.secho(title, bold=True)
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.secho(f"  {len(lines) - SHOWN} more; --json tells all of them", dim=True)


COMMAND = test

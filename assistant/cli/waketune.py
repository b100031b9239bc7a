"""``assistant wake tune``: live scores, and a threshold for how you say the word."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from assistant.audio.frames import CHUNK_SECONDS, level_dbfs
from assistant.cli.common import config_option, json_option, paths, progress, settings
from assistant.cli.scoreview import ScoreView
from assistant.cli.wakecommon import choose_wake, threshold_option, word_option
from assistant.engines import source_opener
from assistant.events import ChunkHeard, WakeDetected, to_wire
from assistant.frontends.client import ControlClient, is_running
from assistant.microphones import microphones
from assistant.turn import Wake
from assistant.wake.decision import WakeDecision
from assistant.wakewords import wake_words
from assistant.waking import build_wake_word, wake_rules

if TYPE_CHECKING:
    from assistant.ports import AudioSource, WakeWord

WireEvent = Mapping[str, Any]

LINE_CHUNKS = round(1.0 / CHUNK_SECONDS)
"""Without a terminal there is a line a second."""


@click.command()
@click.argument("source", required=False)
@config_option
@word_option
@threshold_option
@click.option(
    "--times",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="How often you say the word.",
)
@json_option
def tune(
    *,
    source: str | None,
    config: Any,
    word: str | None,
    threshold: float | None,
    times: int,
    as_json: bool,
) -> None:
    """Show the scores of what is heard, and propose a threshold when you end it with Ctrl-C.

    SOURCE is a microphone's name, a recording, or '-': raw PCM on stdin. Without it the running
    assistant is watched; where none runs, or for another word or threshold, the configured
    microphone is used. Of several configured ones it is the first, or the one named.

    \b
    assistant wake tune
    assistant wake tune --word alexa 'USB Microphone'
    """
    chosen = choose_wake(settings(config), word, threshold=threshold)
    known = {one.name: one.source for one in microphones(chosen)}
    source = source or next(iter(known))
    if (
        source in known
        and word is None
        and threshold is None
        and is_running(*paths().control_sockets)
    ):
        with ControlClient(*paths().control_sockets) as client:
            thresholds = client.ask("status")["status"]["wake_thresholds"]
            view = ScoreView(thresholds, times)
            events = client.events(levels=True)
            of_this = (one for one in events if one.get("microphone", source) == source)
            _show(of_this, view, as_json=as_json)
    else:
        with progress("Loading the wake word"):
            engine = build_wake_word(chosen, paths())
        rules = wake_rules(wake_words(chosen), engine)
        decision = WakeDecision(rules, chosen.wake.refractory_seconds)
        view = ScoreView(decision.thresholds, times)
        name = known.get(source, source)
        open_source = source_opener(name, realtime=not as_json and sys.stdout.isatty())
        _show(listen_here(engine, decision, open_source()), view, as_json=as_json)
    for proposal in view.proposals():
        if as_json:
            told = {"word": proposal.word, "threshold": proposal.threshold}
            click.echo(json.dumps(told | {"sentence": proposal.sentence}))
            continue
        click.secho(proposal.sentence, bold=True)
        if proposal.threshold is not None:
            several = proposal.word in chosen.wake.words
            click.echo(f"In the configuration:\n\n{proposal.configuration(several=several)}")


def listen_here(
    engine: WakeWord, decision: WakeDecision, source: AudioSource
) -> Iterator[WireEvent]:
    """What the wake word's part of the assistant hears of a source, as its events."""
    chunks = 0
    try:
        while (chunk := source.read()) is not None:
            chunks += 1
            scores = engine.scores(chunk)
            highest = max(scores.values(), default=0.0)
            yield to_wire(ChunkHeard(level_dbfs(chunk), highest, scores))
            if (found := decision.step(scores)) is not None:
                yield to_wire(WakeDetected(Wake(*found, chunks * CHUNK_SECONDS)))
    finally:
        source.close()


def _show(events: Iterator[WireEvent], view: ScoreView, *, as_json: bool) -> None:
    """Show the events until they end, or until Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        _show_all(events, view, as_json=as_json)


def _show_all(events: Iterator[WireEvent], view: ScoreView, *, as_json: bool) -> None:
    if as_json:
        for event in events:
            view.take(event)
            if event["event"] == "chunk-heard":
                click.echo(json.dumps(view.plain()))
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.live import Live

        with Live(view, console=Console(), refresh_per_second=12) as live:
            for event in events:
                view.take(event)
                live.update(view)
    else:
        click.echo(view.request)
        for event in events:
            view.take(event)
            if event["event"] == "wake-detected" or view.chunks % LINE_CHUNKS == 0:
                click.echo(view.line())


COMMAND = tune

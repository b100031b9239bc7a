"""``assistant say``, ``hear`` and ``listen``: talking to it without a microphone, or at once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from assistant.cli.common import (
    EXISTING,
    config_option,
    intents_option,
    json_option,
    paths,
    progress,
    recognizer_option,
    settings,
    written_out,
)
from assistant.cli.explain import slot_json
from assistant.config import EndpointingSettings, Settings
from assistant.dialogue.understanding import Understanding
from assistant.domains import (
    DomainFiles,
    Domains,
    build_recognizers,
    language_sets,
    separated,
    spoken_grammars,
)
from assistant.engines import (
    load_understanding,
    run_list_program,
    spoken_grammar,
    unknown_word_warnings,
)
from assistant.errors import AssistantError, DeviceError
from assistant.events import Understood, to_plain
from assistant.frontends.client import ControlClient, is_running
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizers.grammar import sample
from assistant.turn import Outcome, Transcript, TurnRecord
from assistant.wakewords import DEFAULT

OF_SOME = {"text", "file", "microphone"}
"""What is left out of a turn where it is empty."""

dry_run_option = click.option("--dry-run", is_flag=True, help="Understand, but do not act.")

# For a recording that is one command: its end is the command's end, however long the pauses.
WHOLE_RECORDING = {
    "end_silence_seconds": 3600.0,
    "unfinished_silence_seconds": 3600.0,
    "final_silence_seconds": 3600.0,
    "nothing_seconds": 3600.0,
    "maximum_seconds": 3600.0,
}


@click.command()
@click.argument("text", nargs=-1)
@config_option
@intents_option
@recognizer_option
@dry_run_option
@click.option("--random", "by_chance", is_flag=True, help="Make up a sentence; implies --dry-run.")
@json_option
def say(
    *,
    text: tuple[str, ...],
    by_chance: bool,
    config: Path | None,
    intents: tuple[Path, ...],
    recognizer: str | None,  # noqa: ARG001 - accepted, for say and hear to be called alike
    dry_run: bool,
    as_json: bool,
) -> None:
    """Give a command as text, as if it had been spoken.

    The running assistant takes it; where none runs, or with --dry-run or --intents, this process
    does.

    \b
    assistant say set a timer for ten minutes
    assistant say --dry-run --json "what time is it"
    assistant say --random
    """
    sentence = " ".join(text)
    if bool(sentence) == by_chance:
        raise click.UsageError("Give a text to say, or --random.")
    here = dry_run or by_chance or bool(intents) or not is_running(*paths().control_sockets)
    if here:
        chosen = settings(config)
        understanding = load_understanding(chosen, paths(), intents)
        if by_chance:
            sentence = sample(spoken_grammar(understanding), random.randrange)
            if not as_json:
                click.echo(f"  text       {sentence}")
        turn = _say_here(chosen, understanding, sentence, dry_run or by_chance)
    else:
        turn = _say_to_daemon(sentence)
    _print_turn(turn, as_json=as_json)


@click.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING, metavar="FILE...")
@config_option
@intents_option
@recognizer_option
@dry_run_option
@click.option("--wake/--no-wake", default=True, help="Without: the recording is the command.")
@json_option
def hear(
    *,
    files: tuple[Path, ...],
    config: Path | None,
    intents: tuple[Path, ...],
    recognizer: str | None,
    dry_run: bool,
    wake: bool,
    as_json: bool,
) -> None:
    """Put recordings (WAV, FLAC, OGG) through the whole pipeline, as if heard by the microphone.

    \b
    assistant hear conversation.wav
    assistant hear --no-wake --dry-run --json commands/*.flac
    """
    chosen = settings(config, recognizer)
    if wake:
        domains = DomainFiles(chosen, paths(), intents).load(run_list_program)
    else:
        domains = {DEFAULT: load_understanding(chosen, paths(), intents)}
    with progress("Loading the wake word and the recognizer"):
        pipeline = _load_pipeline(chosen, domains, wake)
    daemon = not (dry_run or intents) and is_running(*paths().control_sockets)
    failed: AssistantError | None = None
    for file in files:
        try:
            for turn in _hear_file(
                pipeline=pipeline,
                file=file,
                chosen=chosen,
                domains=domains,
                wake=wake,
                dry_run=dry_run,
                daemon=daemon,
            ):
                _print_turn(turn, as_json=as_json)
        except DeviceError as error:
            failed = error
            if as_json:
                fields = {"file": str(file), "error": error.message, "hint": error.hint}
                click.echo(json.dumps(fields))
            elif len(files) > 1:
                click.echo(str(error), err=True)
    if failed is not None:
        if as_json or len(files) > 1:
            raise SystemExit(failed.exit_status)
        raise failed


@click.command()
@click.option("--microphone", default="", metavar="NAME", help="Of several, this one.")
@json_option
def listen(microphone: str, as_json: bool) -> None:
    """Open the microphone of the running assistant now, as after a wake word.

    Of several microphones it is the first one that works.
    """
    with ControlClient(*paths().control_sockets) as client:
        answer = client.ask("listen", microphone=microphone)
    click.echo(json.dumps(answer) if as_json else "Listening.")


def _load_pipeline(chosen: Settings, domains: Domains, wake: bool) -> Pipeline:
    endpointing = chosen.endpointing
    if not wake:
        endpointing = EndpointingSettings(**endpointing.model_dump() | WHOLE_RECORDING)
    recognizer, others = separated(build_recognizers(chosen, paths(), domains))
    pipeline = build_pipeline(
        chosen,
        recognizer,
        wake=wake,
        endpointing=endpointing,
        recognizers=others,
        paths=paths(),
    )
    grammars, other_grammars = separated(spoken_grammars(chosen, domains))
    unknown = pipeline.use(*grammars, other_grammars)
    for warning in unknown_word_warnings(unknown, *language_sets(domains).values()):
        click.echo(warning, err=True)
    return pipeline


def _hear_file(
    *,
    pipeline: Pipeline,
    file: Path,
    chosen: Settings,
    domains: Domains,
    wake: bool,
    dry_run: bool,
    daemon: bool,
) -> Iterator[dict[str, Any]]:
    from assistant.audio.files import FileSource
    from assistant.local import hear_recording, say_here, understand

    # Silence after the recording, so that a command at its very end is over.
    source = FileSource(file, tail_seconds=chosen.endpointing.nothing_seconds if wake else 0.0)
    for record, transcript in hear_recording(pipeline, source, wake=wake):
        if transcript is not None:
            domain = record.wake.domain if record.wake else DEFAULT
            understanding = domains[domain]
            text = understand(understanding, transcript, record)
            if record.outcome in {Outcome.UNDERSTOOD, Outcome.ASKED} and not dry_run:
                turn = (
                    _say_to_daemon(text, domain)
                    if daemon
                    else to_plain(say_here(chosen, paths(), understanding, text))
                )
                yield {"file": str(file)} | _with_reply(record, turn)
                continue
            if dry_run:
                yield {"file": str(file)} | _with_types(record, understanding, text)
                continue
        yield {"file": str(file)} | _plain(record)


def _with_reply(record: TurnRecord, turn: dict[str, Any]) -> dict[str, Any]:
    """Join what was heard here with what came of it."""
    kept = _plain(record)
    timings = kept["timings_seconds"] | turn["timings_seconds"]
    return kept | {"outcome": turn["outcome"], "reply": turn["reply"], "timings_seconds": timings}


def _say_here(
    chosen: Settings, understanding: Understanding, sentence: str, dry_run: bool
) -> dict[str, Any]:
    from assistant.local import say_here, understand

    if dry_run:
        record = TurnRecord(text=sentence)
        text = understand(understanding, Transcript(sentence, 1.0), record)
        return _with_types(record, understanding, text)
    return _plain(say_here(chosen, paths(), understanding, sentence))


def _with_types(record: TurnRecord, understanding: Understanding, text: str) -> dict[str, Any]:
    """Add to each command its slots with the words they were read from, and what they are."""
    turn = _plain(record)
    found = understanding.understand(Transcript(text, 1.0))
    matches = found.matches if isinstance(found, Understood) else ()
    for command, match in zip(turn["commands"], matches, strict=False):
        values = command["slots"]  # as of the first time: of "in an hour" they differ
        command["typed"] = [slot_json(slot) | {"value": values[slot.name]} for slot in match.slots]
    return turn


def _say_to_daemon(sentence: str, domain: str = DEFAULT) -> dict[str, Any]:
    with ControlClient(*paths().control_sockets) as client:
        turn: dict[str, Any] = client.ask("say", text=sentence, domain=domain)["turn"]
    return turn


def _plain(record: TurnRecord) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(record)
    return plain


def _print_turn(turn: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        kept = {key: value for key, value in turn.items() if key not in OF_SOME or value}
        click.echo(json.dumps(kept))
        return
    if turn.get("file"):
        click.secho(turn["file"], bold=True)
    if turn["wake"]:
        wake = turn["wake"]
        _line("wake word", f"{wake['name']} {wake['score']:.2f} at {wake['time_seconds']:.2f} s")
    if turn["transcript"] is not None:
        _line("heard", f"“{turn['transcript']}” (confidence {turn['confidence']:.2f})")
    for command in turn["commands"]:
        _line("intent", written_out(command))
    if turn["outcome"] not in {"acted", "understood"}:
        _line("outcome", turn["outcome"].replace("_", " "))
    if turn["reply"]:
        _line("reply", click.style(turn["reply"], fg="green"))
    took = turn["timings_seconds"]
    if {"endpointing", "recognition"} <= took.keys():  # of a word that is a command is neither
        _line(
            "took", f"{took['endpointing']:.2f} s to the end, {took['recognition']:.2f} s to hear"
        )


def _line(name: str, value: str) -> None:
    click.echo(f"  {click.style(f'{name:<10}', dim=True)} {value}")


COMMANDS = (say, hear, listen)

"""``assistant status``, ``events``, ``devices``, ``check`` and ``reload``: looking at it."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.common import (
    EXISTING,
    config_option,
    intents_option,
    json_option,
    paths,
    progress,
    settings,
)
from assistant.config import WakeSettings
from assistant.domains import DomainFiles, in_language, whole_languages
from assistant.engines import (
    run_list_program,
    spoken_grammar,
    unknown_word_warnings,
)
from assistant.errors import AssistantError, IntentError
from assistant.events import to_plain
from assistant.frontends.client import ControlClient
from assistant.recognizing import build_recognizer

if TYPE_CHECKING:
    from assistant.audio.devices import Device
    from assistant.config import Settings
    from assistant.dialogue.understanding import Understanding
    from assistant.ports import AudioSource

METER_SECONDS = 15.0


@click.command()
@click.option("--prometheus", is_flag=True, help="Print numbers, as Prometheus reads them.")
@json_option
def status(*, prometheus: bool, as_json: bool) -> None:
    """Tell how the running assistant is. Exit status 75 when none runs.

    \b
    assistant status
    sudo assistant status --prometheus
    """
    with ControlClient(*paths().control_sockets) as client:
        if prometheus:
            click.echo(client.ask("prometheus")["text"], nl=False)
            return
        found: dict[str, Any] = client.ask("status")["status"]
    if as_json:
        click.echo(json.dumps(found))
        return
    failed, rejected = found.pop("failed_parts"), found.pop("intents_rejected")
    for name, one in found.pop("microphones", {}).items():
        found[f"microphone {name}"] = f"{one['state']}, {one['level_dbfs']:.0f} dBFS"
    for key, value in found.items():
        shown = ("no", "yes")[value] if isinstance(value, bool) else value
        if key == "wake_thresholds":
            shown = ", ".join(f"{one} ({score:.2f})" for one, score in value.items())
        elif isinstance(value, dict):  # the wake words, and what they open; or numbers
            shown = ", ".join(f"{one} ({opens})" if opens else one for one, opens in value.items())
        elif isinstance(value, list):
            shown = ", ".join(value)
        if shown != "":
            click.echo(f"{key.replace('_', ' '):<18} {shown}")
    for part, message in failed.items():
        click.echo(f"{click.style(f'{part:<18}', fg='red')} {message}")
    if rejected:
        click.secho(
            "The intent files were read again and are wrong; those of before go on:", fg="red"
        )
        click.echo(rejected)


@click.command("reload")
@json_option
def reload_intents(as_json: bool) -> None:
    """Have the running assistant read the intent files now. Exit status 78 for a mistake in them.

    It reads them by itself when they change, unless intents.reload is false.
    """
    with ControlClient(*paths().control_sockets) as client:
        found: dict[str, Any] = client.ask("reload")["reloaded"]
    if as_json:
        click.echo(json.dumps(found))
        return
    told = f"{found['intents']} intents in {found['seconds']:.2f} s"
    click.echo(f"{click.style('Read again:', fg='green')} {told}.")


@click.command()
@click.option("--levels", is_flag=True, help="Each chunk's level and wake score, too.")
@json_option
def events(*, levels: bool, as_json: bool) -> None:
    """Show what happens in the running assistant, as it happens, until Ctrl-C."""
    from assistant.cli.live import describe

    with ControlClient(*paths().control_sockets) as client:
        for event in client.events(levels=levels):
            if as_json:
                click.echo(json.dumps(event))
            elif line := describe(event):
                click.echo(f"{time.strftime('%H:%M:%S')} {line}")


@click.command()
@click.option(
    "--seconds", default=METER_SECONDS, show_default=True, help="How long to show levels."
)
@json_option
def devices(*, seconds: float, as_json: bool) -> None:
    """List microphones and loudspeakers; at a terminal with the level of each microphone.

    A name, or a part of one, goes into the configuration as audio.source or audio.output.
    """
    from assistant.audio.devices import list_devices

    found = list_devices()
    if as_json:
        for device in found:
            click.echo(json.dumps(to_plain(device)))
        return
    if not found:
        click.echo("There are no sound devices. Is a microphone plugged in?")
        return
    if sys.stdout.isatty() and seconds > 0:
        with contextlib.suppress(KeyboardInterrupt):
            _show_levels(found, seconds)
        return
    from rich.console import Console

    Console().print(_device_table(found, {}))


@click.command()
@click.argument("places", nargs=-1, type=EXISTING, metavar="[FILE|DIR]...")
@config_option
@intents_option
@json_option
def check(
    *, places: tuple[Path, ...], config: Path | None, intents: tuple[Path, ...], as_json: bool
) -> None:
    """Check intent files, and run the tests in them: all of them, or those named.

    Exit status 78 when there is a mistake.

    \b
    assistant check
    assistant check my-intents/lights.yaml
    """
    from assistant.intents.overlaps import find_overlaps
    from assistant.intents.selftest import run_tests
    from assistant.skillchecks import check_skills

    chosen, instead = settings(config), (*places, *intents)
    if instead:  # what the wake words open need not be in these files
        chosen = chosen.model_copy(update={"wake": WakeSettings()})
    files = DomainFiles(chosen, paths(), instead)
    spoken = whole_languages(chosen, files.load(run_list_program))
    failures = [failure for one in spoken for failure in run_tests(one.intents, one.graph)]
    found = (
        [] if instead else check_skills({o.intents.language: o.intents for o in spoken}, paths())
    )
    failures += [problem for problem in found if not problem.warning]
    if failures:
        raise IntentError(failures)
    warnings = [
        warning for one in spoken for warning in (*one.intents.warnings, *find_overlaps(one.graph))
    ]
    warnings += [problem for problem in found if problem.warning]
    unheard = [warning for one in spoken for warning in _unheard_words(chosen, one, len(spoken))]
    known = [intent for one in spoken for intent in one.intents.intents.values()]
    count = {
        "files": files.count(),
        "intents": len(known),
        "tests": sum(len(intent.tests) for intent in known),
    }
    if as_json:
        click.echo(
            json.dumps({"ok": True} | count | {"warnings": [str(w) for w in warnings] + unheard})
        )
        return
    for warning in (*warnings, *unheard):
        click.secho(str(warning), fg="yellow", err=True)
    told = ", ".join(f"{number} {name}" for name, number in count.items())
    click.echo(f"{click.style('All is well:', fg='green')} {told}.")


def _unheard_words(chosen: Settings, understanding: Understanding, languages: int) -> list[str]:
    """Words that the recognizer does not know, or why there is no recognizer."""
    if not understanding.graph.sentences:
        return []
    with progress("Asking the recognizer for the words"):
        try:
            recognizer = build_recognizer(
                in_language(chosen, understanding.intents.language), paths(), alone=languages == 1
            )
        except AssistantError as error:
            return [str(error)]
        unknown = recognizer.use(spoken_grammar(understanding))
    return unknown_word_warnings(unknown, understanding.intents, most=None)


def _show_levels(found: Sequence[Device], seconds: float) -> None:
    import threading

    from rich.live import Live

    from assistant.audio.frames import level_dbfs

    levels: dict[str, float] = {}
    stop = threading.Event()

    def listen_to(name: str, source: AudioSource) -> None:
        with contextlib.suppress(AssistantError):
            while not stop.is_set() and (chunk := source.read()) is not None:
                levels[name] = level_dbfs(chunk)

    sources = list(_open_microphones(found))
    threads = [threading.Thread(target=listen_to, args=pair, daemon=True) for pair in sources]
    for thread in threads:
        thread.start()
    try:
        with Live(refresh_per_second=12) as live:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                live.update(_device_table(found, levels))
                time.sleep(0.08)
    finally:
        stop.set()
        for _, source in sources:
            source.close()


def _open_microphones(found: Sequence[Device]) -> Iterator[tuple[str, AudioSource]]:
    from assistant.audio.microphone import MicrophoneSource
    from assistant.errors import DeviceError

    for device in found:
        if device.direction == "input":
            with contextlib.suppress(DeviceError):  # busy: its level stays empty
                yield device.full_name, MicrophoneSource(device.full_name)


def _device_table(found: Sequence[Device], levels: dict[str, float]) -> Any:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    table = Table(box=None)
    for column in ("", "name", "rate", "host", "level"):
        table.add_column(column)
    for device in found:
        what = "microphone" if device.direction == "input" else "loudspeaker"
        level: Any = ""
        if device.direction == "input" and device.full_name in levels:
            level = ProgressBar(60.0, max(0.0, 60.0 + levels[device.full_name]), width=30)
        name = f"{device.name}{'  (default)' if device.default else ''}"
        table.add_row(what, name, f"{device.default_rate} Hz", device.host_api, level)
    return table


COMMANDS = (status, events, devices, check, reload_intents)

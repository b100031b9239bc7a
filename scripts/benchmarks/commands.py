"""The command line of ``scripts/bench``."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from assistant.measuring.drawing import HOW_TO_INSTALL, can_draw
from scripts.benchmarks.coffee import Split
from scripts.benchmarks.page import write_page
from scripts.benchmarks.tables import Report

FIXTURE = Path(__file__).resolve().parents[2] / "tests" / "data" / "vosk-mini"
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
Function = TypeVar("Function", bound=Callable[..., Any])


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Measure the assistant on this machine."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


json_option = click.option("--json", "as_json", is_flag=True, help="Print figures as JSON.")
minutes_option = click.option(
    "--minutes", type=click.FloatRange(0.1), default=5.0, show_default=True, help="Audio of a kind."
)
daemon_option = click.option(
    "--daemon/--no-daemon", "with_daemon", default=False, help="The real process, too (20 s)."
)


def _speech_to_intent(
    _context: click.Context, _option: click.Parameter, folder: Path | None
) -> Path | None:
    """Tell another folder from the set's before anything is measured."""
    if folder is not None and not (folder / "labels.json").is_file():
        raise click.BadParameter(f"there is no labels.json in {folder}")
    return folder


def data_option(*, required: bool) -> Callable[[Function], Function]:
    """``--data FOLDER``."""
    return click.option(
        "--data",
        type=FOLDER,
        callback=_speech_to_intent,
        required=required,
        metavar="FOLDER",
        help="Picovoice's speech-to-intent set: clean/*.flac, labels.json, coffee_maker.yaml, "
        "kitchen.flac; beside it wake-word/*.",
    )


vosk_option = click.option(
    "--vosk-model", type=FOLDER, metavar="FOLDER", help="Vosk with this model."
)
networks_option = click.option(
    "--networks",
    type=FOLDER,
    metavar="FOLDER",
    help="Phone networks trained otherwise, files of scripts/train-phones named by how.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default=True,
    help="Processes at a time.",
)


def listening_options(function: Function) -> Function:
    """What ``recognizers`` can be told."""
    options = (
        click.option(
            "--split",
            type=click.Choice(get_args(Split)),
            default="test",
            show_default=True,
            help="Which half of the clips.",
        ),
        click.option("--limit", type=click.IntRange(1), help="Only so many clips of each kind."),
        vosk_option,
        jobs_option,
    )
    for option in options:
        function = option(function)
    return function


@main.command()
@data_option(required=True)
@listening_options
@click.option(
    "--dump",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what became of each clip, a line of JSON each.",
)
@json_option
def recognizers(*, as_json: bool, **options: Any) -> None:
    """How many real commands are understood, clean and in noise."""
    _print(_measure("recognizers", **options), as_json=as_json)


@main.command()
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=None, help="Commands.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@json_option
def phones(*, as_json: bool, **options: Any) -> None:
    """What the phone recognizer adds to PocketSphinx, as shipped and after training."""
    _print(_measure("phones", **options), as_json=as_json)


def _share(_context: click.Context, _option: click.Parameter, folder: Path) -> Path:
    """Tell where there are no words before anything is learnt."""
    words = importlib.import_module("scripts.benchmarks.spokenwords")
    try:
        words.english(folder)
        words.german(folder)
    except FileNotFoundError as error:
        raise click.BadParameter(str(error)) from error
    return folder


@main.command()
@click.option(
    "--share",
    type=FOLDER,
    callback=_share,
    default=Path("/usr/share"),
    metavar="FOLDER",
    help="Where ktuberling-data and klettres-data are unpacked; /usr/share.",
)
@json_option
def german(*, as_json: bool, share: Path) -> None:
    """Whether a phone network that espeak-ng has taught German understands people."""
    _print(_measure("german", share=share), as_json=as_json)


@main.command("phone-steps")
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=None, help="Commands.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@networks_option
@json_option
def phone_steps(*, as_json: bool, **options: Any) -> None:
    """What each part of the phone recognizer is worth."""
    _print(_measure("phone-steps", **options), as_json=as_json)


@main.command()
@click.option(
    "--dump",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    metavar="FILE",
    help="What 'recognizers --split dev --dump FILE' has written.",
)
@json_option
def calibrate(*, as_json: bool, **options: Any) -> None:
    """The constants of PocketSphinx's confidence."""
    _print(_measure("calibrate", **options), as_json=as_json)


@main.command("calibrate-phones")
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="dev", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=None, help="Commands.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@json_option
def calibrate_phones(*, as_json: bool, **options: Any) -> None:
    """By which constants phones and PocketSphinx are believed together."""
    _print(_measure("phone-calibration", **options), as_json=as_json)


@main.command()
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=75, show_default=True, help="Commands.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@json_option
def ablation(*, as_json: bool, **options: Any) -> None:
    """What each step of hearing with PocketSphinx is worth."""
    _print(_measure("ablation", **options), as_json=as_json)


@main.command()
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@click.option("--word", default="alexa", show_default=True, help="One of DATA/../wake-word.")
@json_option
def wake(*, as_json: bool, **options: Any) -> None:
    """What the wake word costs, and how often it is missed."""
    _print(_measure("wake", **options), as_json=as_json)


@main.command("wake-calibration")
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="dev", show_default=True)
@json_option
def wake_calibration(*, as_json: bool, **options: Any) -> None:
    """How often packaged wake words are heard in other speech: the constants of sensitivity."""
    _print(_measure("wake-calibration", **options), as_json=as_json)


@main.command("wake-speaker")
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@json_option
def wake_speaker(*, as_json: bool, **options: Any) -> None:
    """How well voices are told apart by their call."""
    _print(_measure("wake-speaker", **options), as_json=as_json)


@main.command()
@data_option(required=True)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@json_option
def microphones(*, as_json: bool, **options: Any) -> None:
    """Which of two microphones that hear a call is the nearer one."""
    _print(_measure("microphones", **options), as_json=as_json)


@main.command()
@data_option(required=False)
@minutes_option
@daemon_option
@json_option
def idle(*, as_json: bool, **options: Any) -> None:
    """What waiting for the wake word costs."""
    _print(_measure("idle", **options), as_json=as_json)


def _home_assistant(_context: click.Context, _option: click.Parameter, folder: Path) -> Path:
    """Tell another folder from Home Assistant's before anything is measured."""
    for inside in ("sentences", "tests"):
        if not (folder / inside / "en").is_dir():
            raise click.BadParameter(f"there is no {inside}/en in {folder}")
    return folder


@main.command()
@click.option(
    "--data",
    type=FOLDER,
    callback=_home_assistant,
    required=True,
    metavar="FOLDER",
    help="Home Assistant's intents: sentences/en, tests/en.",
)
@json_option
def intents(*, as_json: bool, **options: Any) -> None:
    """How matching grows with the templates, beside hassil."""
    _print(_measure("intents", **options), as_json=as_json)


@main.command()
@json_option
def turn(*, as_json: bool) -> None:
    """How long after the last word the action begins."""
    _print(_measure("turn"), as_json=as_json)


@main.command()
@json_option
def pauses(*, as_json: bool) -> None:
    """Whether a pause within a command cuts it off."""
    _print(_measure("pauses"), as_json=as_json)


@main.command()
@json_option
def start(*, as_json: bool) -> None:
    """How soon it is ready, and how much memory it has."""
    _print(_measure("start"), as_json=as_json)


@main.command()
@json_option
def pi(*, as_json: bool) -> None:
    """What it takes on this machine: waiting, start and memory in one table."""
    _print(_measure("pi"), as_json=as_json)


@main.command()
@data_option(required=True)
@vosk_option
@jobs_option
@json_option
def growth(*, as_json: bool, **options: Any) -> None:
    """What more sentences and more names cost, and narrowing the grammar."""
    _print(_measure("growth", **options), as_json=as_json)


@main.command()
@data_option(required=True)
@jobs_option
@json_option
def skills(*, as_json: bool, data: Path, jobs: int) -> None:
    """What lists, arithmetic and units add to the grammar and to the memory."""
    _print(_measure("skills", data=data, jobs=jobs), as_json=as_json)


@main.command()
@jobs_option
@json_option
def conversations(*, as_json: bool, jobs: int) -> None:
    """How many turns of scripted conversations succeed when they are spoken."""
    _print(_measure("conversations", jobs=jobs), as_json=as_json)


@main.command("self-hearing")
@jobs_option
@json_option
def self_hearing(*, as_json: bool, jobs: int) -> None:
    """Whether it takes its own voice for the owner's."""
    _print(_measure("self-hearing", jobs=jobs), as_json=as_json)


@main.command()
@click.option("--hours", default=24.0, show_default=True, help="Of sound.")
@json_option
def soak(*, as_json: bool, hours: float) -> None:
    """A day of sound, faster than real time, while parts fail: memory, files, lost turns."""
    _print(_measure("soak", hours=hours), as_json=as_json)


@main.command()
@json_option
def limits(*, as_json: bool) -> None:
    """Whether it runs in 512 MB of memory, and in less. As root."""
    _print(_measure("limits"), as_json=as_json)


@main.command()
@json_option
def recovery(*, as_json: bool) -> None:
    """How soon it works again once what had failed is well."""
    _print(_measure("recovery"), as_json=as_json)


@main.command()
@click.option("--days", type=click.IntRange(1), default=1000, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@json_option
def alarms(*, as_json: bool, days: int, seed: int) -> None:
    """Whether alarms ring in time when the clock is set and the power is cut."""
    _print(_measure("alarms", days=days, seed=seed), as_json=as_json)


@main.command()
@json_option
def pronunciation(*, as_json: bool) -> None:
    """How near to the dictionary unknown words are guessed."""
    _print(_measure("pronunciation"), as_json=as_json)


@main.command()
@click.option("--model", type=FOLDER, default=FIXTURE, help="Another one of make-vosk-model.")
@json_option
def vosk(*, as_json: bool, model: Path) -> None:
    """What the tests' Vosk model costs, and how well it hears."""
    _print(_measure("vosk", model=model), as_json=as_json)


def _wake_words(_context: click.Context, _option: click.Parameter, folder: Path) -> Path:
    """Tell another folder before anything is trained."""
    for inside in ("wake-word", "speech-to-intent/clean"):
        if not (folder / inside).is_dir():
            raise click.BadParameter(f"there is no {inside} in {folder}")
    return folder


@main.command("wake-training")
@click.option(
    "--data",
    type=FOLDER,
    callback=_wake_words,
    required=True,
    metavar="FOLDER",
    help="Picovoice's sets: wake-word/NAME/*.flac, speech-to-intent/clean/*.flac and kitchen.flac.",
)
@click.option("--word", "words", multiple=True, help="Only this word; may be repeated.")
@click.option(
    "--recordings",
    type=click.IntRange(0),
    multiple=True,
    default=(20, 5, 0),
    show_default=True,
    help="Train on so many; may be repeated.",
)
@click.option(
    "--seeds", type=click.IntRange(1), default=5, show_default=True, help="Draw so many times."
)
@click.option("--split", type=click.Choice(get_args(Split)), default="test", show_default=True)
@jobs_option
@json_option
def wake_training(*, as_json: bool, **options: Any) -> None:
    """What a wake word is worth that was trained on a few recordings."""
    _print(_measure("wake-training", **options), as_json=as_json)


@main.command("all")
@data_option(required=True)
@listening_options
@networks_option
@click.option(
    "--share", type=FOLDER, metavar="FOLDER", help="Of 'german', which is left out without it."
)
@minutes_option
@click.option(
    "--intents-data",
    type=FOLDER,
    callback=_home_assistant,
    required=True,
    metavar="FOLDER",
    help="Home Assistant's intents: sentences/en, tests/en.",
)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only this one; may be given several times."
)
@click.option("--write", is_flag=True, help="Write docs/benchmarks.md anew.")
@json_option
def everything(
    *,
    data: Path,
    intents_data: Path,
    minutes: float,
    networks: Path | None,
    share: Path | None,
    only: tuple[str, ...],
    write: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """All of them, one after the other."""
    if write and options["limit"] is not None:
        raise click.UsageError("the page is of all clips: --write goes without --limit")
    jobs, vosk_model = options["jobs"], options["vosk_model"]
    each: dict[str, dict[str, Any]] = {
        "recognizers": {"data": data, **options},
        "ablation": {"data": data, "split": options["split"], "limit": 75, "jobs": jobs},
        "phones": {"data": data, "split": options["split"], "jobs": jobs},
        "phone-steps": {
            "data": data,
            "split": options["split"],
            "jobs": jobs,
            "networks": networks,
        },
        "german": {"share": share or Path("/usr/share")},
        "vosk": {"model": FIXTURE},
        "wake": {"data": data, "split": options["split"]},
        "wake-calibration": {"data": data},
        "wake-speaker": {"data": data},
        "microphones": {"data": data},
        "idle": {"data": data, "minutes": minutes, "with_daemon": True},
        "turn": {},
        "pauses": {},
        "start": {},
        "intents": {"data": intents_data},
        "growth": {"data": data, "vosk_model": vosk_model, "jobs": jobs},
        "skills": {"data": data, "jobs": jobs},
        "conversations": {"jobs": jobs},
        "self-hearing": {"jobs": jobs},
        "soak": {},
        "recovery": {},
        "limits": {},
        "alarms": {},
        "pronunciation": {},
        "wake-training": {
            "data": data.parent,
            "recordings": (20,),
            "jobs": jobs,
        },
    }
    if unknown := sorted({*only} - each.keys()):
        raise click.BadParameter(f"there is no '{unknown[0]}'; known: {', '.join(each)}")
    wanted = only or [name for name in each if name != "german" or share is not None]
    reports = [_measure(name, **each[name]) for name in wanted]
    for report in reports:
        _print(report, as_json=as_json)
    if write:
        page = write_page(reports, list(each), data, vosk=vosk_model is not None)
        click.echo(f"Written: {page}", err=True)
        if not can_draw():
            click.echo(f"Without plots, which need matplotlib. {HOW_TO_INSTALL}", err=True)


def _measure(name: str, **options: Any) -> Report:
    """Run one benchmark; its engines are loaded only now."""
    report: Report = importlib.import_module(
        f"scripts.benchmarks.{name.replace('-', '_')}"
    ).measure(**options)
    return report


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"benchmark": report.name} | report.figures))
    else:
        click.echo(report.markdown())

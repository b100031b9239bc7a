"""``assistant timers``, ``alarms``, ``reminders`` and ``planned``: what is still to come."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import TypeVar

import click

from assistant import clock
from assistant.agenda import Agenda, Entry, Kind
from assistant.cli.common import json_option, paths
from assistant.speech.spoken import spoken
from assistant.state import StateStore
from assistant.timers import Timer, Timers

T = TypeVar("T")


@click.command("timers")
@json_option
def timers(*, as_json: bool) -> None:
    """Print the timers that run or are paused, the first to end first."""
    found = _read(lambda store: Timers(store).running(time.time()), [])
    now = clock.now()
    for timer in found:
        click.echo(json.dumps(_timer(timer, now)) if as_json else _timer_line(timer, now))
    _nothing(found, "timers", as_json=as_json)


@click.command("alarms")
@json_option
def alarms(*, as_json: bool) -> None:
    """Print the alarms that are set, the next one first."""
    _print((Kind.ALARM,), "alarms", as_json=as_json)


@click.command("reminders")
@json_option
def reminders(*, as_json: bool) -> None:
    """Print the reminders, the next one first."""
    _print((Kind.REMINDER,), "reminders", as_json=as_json)


@click.command("planned")
@json_option
def planned(*, as_json: bool) -> None:
    """Print the commands that are to be given later, those of the schedule too."""
    _print((Kind.COMMAND, Kind.SCHEDULE), "planned commands", as_json=as_json)


def _print(kinds: tuple[Kind, ...], what: str, *, as_json: bool) -> None:
    found = _read(lambda store: Agenda(store).upcoming(*kinds), [])
    now = clock.now()
    for entry in found:
        click.echo(json.dumps(_entry(entry, now)) if as_json else "  ".join(_words(entry, now)))
    _nothing(found, what, as_json=as_json)


def _read(read: Callable[[StateStore], list[T]], nothing: list[T]) -> list[T]:
    path = paths().database
    if not path.exists():
        return nothing
    with closing(StateStore.open(path)) as store:
        return read(store)


def _nothing(found: Sequence[object], what: str, *, as_json: bool) -> None:
    if not found and not as_json:
        click.echo(f"There are no {what}.")


def _timer(timer: Timer, now: datetime) -> dict[str, object]:
    ends = None if timer.paused else _written(timer.ends_at, now)
    return {
        "id": timer.id,
        "name": timer.name,
        "duration_seconds": timer.duration_seconds,
        "left_seconds": round(timer.left(now.timestamp()), 1),
        "ends_at": ends,
        "paused": timer.paused,
    }


def _timer_line(timer: Timer, now: datetime) -> str:
    left = spoken(timedelta(seconds=round(timer.left(now.timestamp()))))
    name = timer.name or spoken(timedelta(seconds=timer.duration_seconds))
    return f"{name}  {left} left{', paused' if timer.paused else ''}"


def _entry(entry: Entry, now: datetime) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": entry.id,
        "text": entry.text,
        "time": _written(entry.due_at, now),
        "rule": entry.rule or None,
    }
    if entry.kind in {Kind.COMMAND, Kind.SCHEDULE}:
        fields |= {"kind": entry.kind.value, "domain": entry.domain}
    return fields


def _words(entry: Entry, now: datetime) -> Iterator[str]:
    yield spoken(entry.time(now), now=now)
    if entry.text:
        yield entry.text
    repeat = entry.recurrence(now)
    if repeat is not None:
        yield f"({spoken(repeat)})"


def _written(seconds: float, now: datetime) -> str:
    return datetime.fromtimestamp(seconds, now.tzinfo).isoformat(timespec="seconds")


COMMANDS = (timers, alarms, reminders, planned)

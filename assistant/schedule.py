"""The schedule of the configuration: commands at times that come again and again.

Their times are read as they are said, "every weekday at seven", by the slot type ``recurrence`` of
the default language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.agenda import Agenda, Kind
from assistant.config import ScheduleEntry
from assistant.dialogue.understanding import Understanding
from assistant.errors import Place, Problem
from assistant.events import NearlyUnderstood, NotUnderstood, Understood
from assistant.intents.circumstances import Circumstances
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import Block, Intent, IntentSet, Template
from assistant.intents.template import ListReference
from assistant.turn import Transcript
from assistant.values import Recurrence
from assistant.yamlsource import Text, place_of

_SLOT = "recurrence"
_NOWHERE = Place("", 1, 1)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A command, and when it is given."""

    command: str
    times: Recurrence


def read_schedule(
    entries: Mapping[str, ScheduleEntry], understanding: Understanding, problems: list[Problem]
) -> list[Scheduled]:
    """Read the times, and see that the commands mean something; adds to ``problems``."""
    if not entries:
        return []
    times = _times(understanding.intents)
    found = []
    for name, entry in entries.items():
        one = f"'{name}' in 'schedule.commands'"
        missing = [key for key in ("when", "command") if not getattr(entry, key)]
        if missing:
            problems.append(Problem(f"{one} needs '{missing[0]}'", place_of(name)))
            continue
        match = times.match(entry.when, Circumstances(understanding.now()))
        recurrence = match.values().get(_SLOT) if match else None
        if not isinstance(recurrence, Recurrence):
            hint = "write it as you would say it: 'every weekday at seven'"
            message = f"'when' of {one} is no time that comes again and again: '{entry.when}'"
            problems.append(Problem(message, place_of(entry.when), hint))
        elif problem := _unknown(entry.command, one, understanding):
            problems.append(problem)
        else:
            found.append(Scheduled(str(entry.command), recurrence))
    return found


def keep_schedule(agenda: Agenda, schedule: list[Scheduled], now: datetime) -> None:
    """Put the schedule into the agenda; what is there already keeps its next time.

    Raises StateError.
    """
    wanted = {(one.command, one.times.rule): one for one in schedule}
    for entry in agenda.upcoming(Kind.SCHEDULE):
        if wanted.pop((entry.text, entry.rule), None) is None:
            agenda.remove(entry.id)
    for one in wanted.values():
        agenda.add(Kind.SCHEDULE, one.times, now, one.command)


def _times(intents: IntentSet) -> IntentGraph:
    """Compile what understands a recurrence, and nothing else."""
    text = Text(f"{{{_SLOT}}}", _NOWHERE)
    block = Block((Template(text, ListReference(_SLOT, _SLOT, 0)),))
    intent = Intent("Schedule", (block,), None, {}, "", (), _NOWHERE)
    return compile_intents(replace(intents, intents={"Schedule": intent}, lists={}, rules={}))


def _unknown(command: str, one: str, understanding: Understanding) -> Problem | None:
    event = understanding.understand(Transcript(command, 1.0))
    if isinstance(event, Understood):
        return None
    near = understanding.reconsider(event) if isinstance(event, NotUnderstood) else event
    hint = "write a sentence of one of your intents"
    if isinstance(near, NearlyUnderstood):
        hint = f"did you mean '{near.sentences[0]}'?"
    message = f"no intent understands '{command}', the command of {one}"
    return Problem(message, place_of(command), hint)

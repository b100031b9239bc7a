"""The built-in actions, made: what ``intents.builtins`` promises the intent files."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assistant.actions import (
    alarms,
    calculator,
    chance,
    clock,
    control,
    conversion,
    later,
    lists,
    media,
    muting,
    reminders,
    spelling,
    timers,
    volume,
)
from assistant.actions.slots import text
from assistant.agenda import Agenda
from assistant.errors import ActionError, StateError
from assistant.events import AlarmDue, Due
from assistant.intents.builtins import ANSWERS
from assistant.ports import Action, MediaPlayer, Mixer
from assistant.timers import Timers
from assistant.turn import ActionResult, Match


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What the built-in actions work on.

    ``now`` gives the local time with its time zone. ``last_reply`` is what was said last, and
    ``last_asked`` what was asked before, ``last_heard`` what was heard, understood or not; '' for
    nothing. ``undo`` takes back what the last turn did. ``examples`` are sentences that somebody
    can say, of a group or of any ('') of the ``groups``. ``timers_changed`` is called after a
    timer, an alarm or the like was begun or cancelled, so that the daemon looks again when the next
    one is due. ``last_rung`` is what rang not long ago, and ``interrupted`` an alarm that the wake
    word has cut. ``domain`` is that of the turn. ``chance(n)`` chooses from 0 to n - 1.
    ``microphones`` are what can be turned off. ``mixer`` has the volume of the system, where that
    is what the volume means, and ``player`` plays music.
    """

    now: Callable[[], datetime]
    timers: Timers
    settings: volume.SettingsStore
    lists: lists.ListStore
    last_reply: Callable[[], str]
    last_asked: Callable[[], str]
    last_heard: Callable[[], str]
    undo: Callable[[], Awaitable[ActionResult]]
    examples: Callable[[str], Sequence[str]]
    groups: Callable[[], Sequence[str]]
    timers_changed: Callable[[], None]
    agenda: Agenda
    last_rung: Callable[[], Due | None] = lambda: None
    interrupted: Callable[[], AlarmDue | None] = lambda: None
    domain: Callable[[], str] = str
    snooze_seconds: float = 540.0
    chance: chance.Chance = random.SystemRandom().randrange
    microphones: muting.Switch = field(default_factory=muting.NoMicrophones)
    mixer: Mixer | None = None
    player: MediaPlayer | None = None


def build_builtins(context: ActionContext) -> dict[str, Action]:
    """Make every built-in action, by the names of ``BUILTIN_ACTIONS``."""
    now, agenda, changed = context.now, context.agenda, context.timers_changed
    timer_actions = timers.TimerActions(now, context.timers, changed, context.last_rung)
    alarm_actions = alarms.AlarmActions(
        now,
        agenda,
        context.timers,
        changed,
        context.last_rung,
        context.interrupted,
        context.snooze_seconds,
    )
    reminder_actions = reminders.ReminderActions(now, agenda, changed)
    later_actions = later.LaterActions(now, agenda, changed, context.domain)
    list_actions = lists.ListActions(context.lists)
    level = context.mixer or volume.OwnVolume(context.settings)
    slow = SLOW | (VOLUME if context.mixer else frozenset())
    plain: dict[str, Callable[[Match], ActionResult]] = {
        "clock.time": lambda _: clock.tell_time(context.now()),
        "clock.date": lambda _: clock.tell_date(context.now()),
        "timers.set": timer_actions.set_timer,
        "timers.left": timer_actions.tell_left,
        "timers.list": timer_actions.tell_all,
        "timers.cancel": timer_actions.cancel,
        "timers.cancel_all": timer_actions.cancel_all,
        "timers.pause": timer_actions.pause,
        "timers.resume": timer_actions.resume,
        "timers.lengthen": timer_actions.lengthen,
        "timers.shorten": timer_actions.shorten,
        "alarms.set": alarm_actions.set_alarm,
        "alarms.list": alarm_actions.tell_all,
        "alarms.cancel": alarm_actions.cancel,
        "alarms.cancel_all": alarm_actions.cancel_all,
        "alarms.skip": alarm_actions.skip,
        "alarms.snooze": alarm_actions.snooze,
        "reminders.set": reminder_actions.set_reminder,
        "reminders.list": reminder_actions.tell_all,
        "reminders.cancel": reminder_actions.cancel,
        "reminders.cancel_all": reminder_actions.cancel_all,
        "later.add": later_actions.add,
        "later.list": later_actions.tell_all,
        "later.cancel": later_actions.cancel,
        "later.cancel_all": later_actions.cancel_all,
        "volume.set": lambda match: volume.set_to(level, match),
        "volume.up": lambda match: volume.turn_up(level, match),
        "volume.down": lambda match: volume.turn_down(level, match),
        "microphone.mute": lambda match: muting.mute(context.microphones, match),
        "microphone.unmute": lambda _: muting.unmute(context.microphones),
        "lists.add": list_actions.add,
        "lists.remove": list_actions.remove,
        "lists.tell": list_actions.tell,
        "lists.find": list_actions.find,
        "lists.clear": list_actions.clear,
        "calculator.calculate": calculator.calculate,
        "conversion.convert": conversion.convert,
        "spelling.spell": spelling.spell,
        "chance.dice": lambda match: chance.roll(context.chance, match),
        "chance.coin": lambda _: chance.flip(context.chance),
        "chance.number": lambda match: chance.pick(context.chance, match),
        "assistant.stop": lambda _: control.be_quiet(),
        "assistant.never_mind": lambda _: control.be_quiet(),
        "assistant.repeat": lambda _: control.repeat(context.last_reply()),
        "assistant.last_asked": lambda _: control.tell_asked(context.last_asked()),
        "assistant.heard": lambda _: control.tell_heard(context.last_heard()),
        "assistant.help": lambda match: control.help_with(
            context.examples(group := text(match, "group")),
            () if group else context.groups(),
        ),
        **dict.fromkeys(sorted(ANSWERS), lambda _: control.nothing_more()),
    }
    made: dict[str, Action] = {
        name: Builtin(do, in_thread=name in slow) for name, do in plain.items()
    }

    async def undo(match: Match) -> ActionResult:  # noqa: ARG001 - it is always the same
        return await context.undo()

    made["assistant.undo"] = undo
    made |= media.media_actions(context.player)
    return made


SLOW = frozenset({"conversion.convert"})
"""Importing pint takes a Raspberry Pi part of a second, which the loop is not to stand still."""

VOLUME = frozenset({"volume.set", "volume.up", "volume.down"})
"""A program is run for that of the system."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A built-in action: a plain function that answers at once, or in a thread of its own."""

    do: Callable[[Match], ActionResult]
    in_thread: bool = False

    async def __call__(self, match: Match) -> ActionResult:
        """Do it; a state database that cannot be written is told as ActionError."""
        try:
            return await asyncio.to_thread(self.do, match) if self.in_thread else self.do(match)
        except StateError as error:
            raise ActionError(error.message, error.hint) from error

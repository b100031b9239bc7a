"""The contract between intent files and the built-in actions: outcomes, and the values of each.

A reply may use a value only where the action delivers it, and has to cover every outcome; the
loader checks both, so that no reply has a hole when it is spoken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Delivered:
    """Names of the values that an outcome always has, and of those that it has sometimes."""

    always: frozenset[str]
    sometimes: frozenset[str] = frozenset()


Outcomes = Mapping[str, Delivered]


def _delivers(always: str = "", sometimes: str = "") -> Delivered:
    return Delivered(frozenset(always.split()), frozenset(sometimes.split()))


_TIMERS: Outcomes = {
    "none": _delivers(),
    "one": _delivers("left duration", "paused"),
    "named": _delivers("left duration name", "paused"),
    "many": _delivers("left duration count names timers lefts"),
}

_A_TIMER: Outcomes = {
    "none": _delivers(),
    "done": _delivers("left duration"),
    "named": _delivers("left duration name"),
    "which": _delivers("names count"),
}

BUILTIN_ACTIONS: Mapping[str, Outcomes] = MappingProxyType(
    {
        "clock.time": {"done": _delivers("time")},
        "clock.date": {"done": _delivers("date")},
        "timers.set": {"done": _delivers("duration"), "named": _delivers("duration name")},
        "timers.left": _TIMERS,
        "timers.list": _TIMERS,
        "timers.cancel": {
            "none": _delivers(),
            "done": _delivers("duration"),
            "named": _delivers("duration name"),
            "which": _delivers("names count"),
        },
        "timers.cancel_all": {"none": _delivers(), "done": _delivers("count")},
        "timers.pause": _A_TIMER,
        "timers.resume": _A_TIMER,
        "timers.lengthen": _A_TIMER,
        "timers.shorten": {**_A_TIMER, "too_short": _delivers("left")},
        "alarms.set": {"done": _delivers("time"), "repeated": _delivers("time repeat")},
        "alarms.list": {
            "none": _delivers(),
            "one": _delivers("time alarms count"),
            "many": _delivers("time alarms count"),
        },
        "alarms.cancel": {
            "none": _delivers(),
            "done": _delivers("time"),
            "which": _delivers("alarms count"),
        },
        "alarms.cancel_all": {"none": _delivers(), "done": _delivers("count")},
        "alarms.skip": {
            "none": _delivers(),
            "done": _delivers("time"),
            "repeated": _delivers("time next"),
        },
        "alarms.snooze": {"none": _delivers(), "done": _delivers("duration")},
        "reminders.set": {
            "done": _delivers("text time"),
            "repeated": _delivers("text time repeat"),
            "when": _delivers("text"),
            "past": _delivers("text time"),
        },
        "reminders.list": {
            "none": _delivers(),
            "one": _delivers("text time texts times count"),
            "many": _delivers("text time texts times count"),
        },
        "reminders.cancel": {
            "none": _delivers(),
            "done": _delivers("text time"),
            "which": _delivers("texts count"),
        },
        "reminders.cancel_all": {"none": _delivers(), "done": _delivers("count")},
        "later.add": {
            "done": _delivers("command time"),
            "after": _delivers("command time duration"),
            "repeated": _delivers("command time repeat"),
            "past": _delivers("command time"),
        },
        "later.list": {
            "none": _delivers(),
            "one": _delivers("command time commands times count"),
            "many": _delivers("command time commands times count"),
        },
        "later.cancel": {
            "none": _delivers(),
            "done": _delivers("command"),
            "which": _delivers("commands count"),
        },
        "later.cancel_all": {"none": _delivers(), "done": _delivers("count")},
        "volume.set": {"done": _delivers("volume")},
        "volume.up": {"done": _delivers("volume"), "loudest": _delivers("volume")},
        "volume.down": {"done": _delivers("volume"), "quietest": _delivers("volume")},
        "media.play": {"done": _delivers(), "none": _delivers()},
        "media.pause": {"done": _delivers(), "none": _delivers()},
        "media.next": {"done": _delivers(), "none": _delivers()},
        "media.previous": {"done": _delivers(), "none": _delivers()},
        "media.stop": {"done": _delivers(), "none": _delivers()},
        "media.playing": {
            "done": _delivers("title artist"),
            "titled": _delivers("title"),
            "unknown": _delivers(),
            "none": _delivers(),
        },
        "microphone.mute": {"done": _delivers(), "timed": _delivers("duration")},
        "microphone.unmute": {"done": _delivers(), "none": _delivers()},
        "lists.add": {
            "done": _delivers("items"),
            "there": _delivers("there"),
            "some": _delivers("items there"),
        },
        "lists.remove": {
            "done": _delivers("items"),
            "missing": _delivers("missing"),
            "some": _delivers("items missing"),
            "which": _delivers("choices"),
        },
        "lists.tell": {"none": _delivers(), "done": _delivers("items count")},
        "lists.find": {"done": _delivers("items"), "missing": _delivers("missing")},
        "lists.clear": {"none": _delivers(), "done": _delivers("count")},
        "calculator.calculate": {
            "done": _delivers("result"),
            "about": _delivers("result"),
            "by_zero": _delivers(),
            "no_root": _delivers(),
        },
        "conversion.convert": {
            "done": _delivers("quantity result"),
            "about": _delivers("quantity result"),
            "different": _delivers("quantity"),
        },
        "spelling.spell": {"done": _delivers("letters"), "too_long": _delivers()},
        "chance.dice": {
            "done": _delivers("number"),
            "several": _delivers("numbers total"),
            "too_many": _delivers(),
        },
        "chance.coin": {"heads": _delivers(), "tails": _delivers()},
        "chance.number": {"done": _delivers("number")},
        "assistant.stop": {"done": _delivers()},
        "assistant.never_mind": {"done": _delivers()},
        "assistant.repeat": {"done": _delivers("text"), "none": _delivers()},
        "assistant.last_asked": {"done": _delivers("text"), "none": _delivers()},
        "assistant.heard": {"done": _delivers("text"), "none": _delivers()},
        "assistant.undo": {"done": _delivers(), "none": _delivers()},
        "assistant.help": {"done": _delivers("examples", "groups"), "group": _delivers("examples")},
        "assistant.yes": {"done": _delivers()},
        "assistant.no": {"done": _delivers()},
        "assistant.choose": {"done": _delivers()},
    }
)

ANSWERS = frozenset({"assistant.yes", "assistant.no", "assistant.choose"})
"""Answers to a question of the assistant. Their sentences are listened to only after one.

"Yes" and a choice act themselves only when nothing was asked; otherwise what was asked for is done
in their stead. The slot ``number`` of a choice counts from 1.
"""

# What the assistant itself says, under ``responses:``.
RESPONSES: Mapping[str, Delivered] = MappingProxyType(
    {
        "not_understood": _delivers(),
        "rejected": _delivers(),
        "nothing_heard": _delivers(),
        "failed": _delivers("reason"),
        "broken": _delivers(),
        "did_you_mean": _delivers("sentence"),
        "which_one": _delivers("first second"),
        "which_value": _delivers("choices"),
        "confirm": _delivers("sentence"),
        "pin": _delivers(),
        "pin_wrong": _delivers(),
        "pin_locked": _delivers(),
        "timer_done": _delivers("duration", "name"),
        "timer_late": _delivers("duration late", "name"),
        "alarm_due": _delivers("time"),
        "alarm_late": _delivers("time late"),
        "alarm_missed": _delivers("time"),
        "reminder_due": _delivers("text time"),
        "reminder_late": _delivers("text time late"),
        "reminder_missed": _delivers("text time"),
        "command_missed": _delivers("text time"),
        "state_moved_aside": _delivers(),
        "state_restored": _delivers(),
        "muted": _delivers(),
        "unmuted": _delivers(),
    }
)

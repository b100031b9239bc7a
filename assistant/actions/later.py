"""Commands that are given later: "turn off the heater in ten minutes"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.actions.alarms import about
from assistant.actions.reminders import alike
from assistant.actions.slots import duration, text, when
from assistant.agenda import Agenda, Kind
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match


@dataclass(frozen=True, slots=True)
class LaterActions:
    """The actions ``later.*``.

    Slots: ``command``, the text of it, and the time as that of an alarm. ``domain`` tells in which
    domain it is said. Values: ``command``, ``time``, ``duration``, ``repeat``, ``count``;
    ``commands`` and ``times`` have those of several.
    """

    now: Callable[[], datetime]
    agenda: Agenda
    changed: Callable[[], None]
    domain: Callable[[], str]

    def add(self, match: Match) -> ActionResult:
        """Keep a command for its time: 'done', 'after' a duration, or 'repeated'.

        'past' is a time that is over. Raises ActionError without a time, or without a command.
        """
        now = self.now()
        command, at = text(match, "command"), when(match, now)
        if not command or at is None:
            raise ActionError(
                f"the intent '{match.intent}' has no command or no time for it",
                f"Give it the slots command and time, repeat or duration, at {match.place}.",
            )
        if isinstance(at, datetime) and at <= now:
            return ActionResult("past", {"command": command, "time": at})
        entry = self.agenda.add(Kind.COMMAND, at, now, command, self.domain())
        self.changed()
        result = about(entry, now)
        values = {**result.values, "command": entry.text}
        if (length := duration(match)) is not None:
            return ActionResult("after", values | {"duration": length})
        return ActionResult(result.outcome, values)

    def tell_all(self, _match: Match) -> ActionResult:
        """Say which commands are to come, the next one first: 'none', 'one', 'many'."""
        now = self.now()
        found = self.agenda.upcoming(Kind.COMMAND)
        if not found:
            return ActionResult("none")
        values = {
            "command": found[0].text,
            "time": found[0].time(now),
            "commands": [one.text for one in found],
            "times": [one.recurrence(now) or one.time(now) for one in found],
            "count": len(found),
        }
        return ActionResult("one" if len(found) == 1 else "many", values)

    def cancel(self, match: Match) -> ActionResult:
        """Cancel the command meant by its text, or the only one: 'none', 'done', 'which'."""
        found = self.agenda.upcoming(Kind.COMMAND)
        if not found:
            return ActionResult("none")
        meant = alike(found, text(match, "command"))
        if len(meant) != 1:
            asked = meant or found
            told = {"commands": [one.text for one in asked], "count": len(asked)}
            return ActionResult("which", told)
        self.agenda.remove(meant[0].id)
        self.changed()
        return ActionResult("done", {"command": meant[0].text})

    def cancel_all(self, _match: Match) -> ActionResult:
        """Cancel every command that is to come: 'none', or 'done' with their ``count``."""
        found = self.agenda.upcoming(Kind.COMMAND)
        for one in found:
            self.agenda.remove(one.id)
        self.changed()
        return ActionResult("done", {"count": len(found)}) if found else ActionResult("none")

"""Reminders by voice. What they are is in ``assistant.agenda``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assistant.actions.alarms import about
from assistant.actions.slots import text, when
from assistant.agenda import Agenda, Entry, Kind
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match


@dataclass(frozen=True, slots=True)
class ReminderActions:
    """The actions ``reminders.*``.

    Slots: ``text``, and the time as that of an alarm, or a ``day``, on which it is then in the
    morning. Values: ``text``, ``time`` (datetime), ``repeat`` (Recurrence), ``count`` (int);
    ``texts`` and ``times`` have those of several.
    """

    now: Callable[[], datetime]
    agenda: Agenda
    changed: Callable[[], None]

    def set_reminder(self, match: Match) -> ActionResult:
        """Set a reminder: 'done', 'repeated', or 'when' where no time was said."""
        now = self.now()
        what, at = text(match, "text"), when(match, now)
        if not what:
            raise ActionError(
                f"the intent '{match.intent}' reminds of nothing",
                f"Give it the slot text, at {match.place}.",
            )
        if at is None:
            return ActionResult("when", {"text": what})
        if isinstance(at, datetime) and at <= now:
            return ActionResult("past", {"text": what, "time": at})
        entry = self.agenda.add(Kind.REMINDER, at, now, what)
        self.changed()
        result = about(entry, now)
        return ActionResult(result.outcome, {**result.values, "text": entry.text})

    def tell_all(self, _match: Match) -> ActionResult:
        """Say which reminders there are, the next one first: 'none', 'one', 'many'."""
        now = self.now()
        found = self.agenda.upcoming(Kind.REMINDER)
        if not found:
            return ActionResult("none")
        values = {
            "text": found[0].text,
            "time": found[0].time(now),
            "texts": [one.text for one in found],
            "times": [one.recurrence(now) or one.time(now) for one in found],
            "count": len(found),
        }
        return ActionResult("one" if len(found) == 1 else "many", values)

    def cancel(self, match: Match) -> ActionResult:
        """Cancel the reminder meant by its ``text``, or the only one: 'none', 'done', 'which'."""
        found = self.agenda.upcoming(Kind.REMINDER)
        if not found:
            return ActionResult("none")
        meant = alike(found, text(match, "text"))
        if len(meant) != 1:
            asked = meant or found
            told = {"texts": [one.text for one in asked], "count": len(asked)}
            return ActionResult("which", told)
        self.agenda.remove(meant[0].id)
        self.changed()
        return ActionResult("done", {"text": meant[0].text, "time": meant[0].time(self.now())})

    def cancel_all(self, _match: Match) -> ActionResult:
        """Cancel every reminder: 'none', or 'done' with their ``count``."""
        found = self.agenda.upcoming(Kind.REMINDER)
        for one in found:
            self.agenda.remove(one.id)
        self.changed()
        return ActionResult("done", {"count": len(found)}) if found else ActionResult("none")


def alike(entries: list[Entry], said: str) -> list[Entry]:
    """Find the entries that somebody means: all of them where nothing is said.

    One with the very words comes before those that only have these words among theirs.
    """
    if not said:
        return entries
    words = said.casefold().split()
    same = [one for one in entries if one.text.casefold().split() == words]
    return same or [one for one in entries if set(words) <= set(one.text.casefold().split())]

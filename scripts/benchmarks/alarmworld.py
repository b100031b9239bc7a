"""A made-up household with alarms, timers and reminders, whose clock is set and power is cut.

The timekeeper, the timers, the agenda and the database are the real ones; only the clock is not.
What has to ring, and when, is worked out here once more, in another way: an alarm by the days of
the calendar, a timer by a stopwatch. Time jumps from one thing that happens to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from assistant.agenda import Agenda, Entry, Kind
from assistant.events import TimerDue
from assistant.intents.kinds.recurring import WEEKDAYS
from assistant.state import StateStore
from assistant.timekeeper import CHECK_SECONDS, IsDue, Timekeeper
from assistant.timers import Timer, Timers
from assistant.values import Recurrence

BEGINNING = datetime(2026, 1, 1, 12, 0, tzinfo=UTC).timestamp()
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu")]
WAKE_UP_SECONDS = 0.05
"""The longest that a process takes to be woken when it is time."""
TOLERANCE_SECONDS = 0.2
EVENTS_A_DAY = 8.0
CUT_WHILE_RINGING = 0.02
MOST_REPEATED = 6


@dataclass(slots=True)
class Expected:
    """One thing that is to ring.

    It rings at the time ``local`` of the clock on the wall, again and again at ``clock`` on
    ``weekdays``; or at a Unix time (``wall``), or by the stopwatch (``steady``), which is how what
    was begun since the start is timed.
    """

    wall: float = 0.0
    steady: float | None = None
    local: datetime | None = None
    clock: time = time()
    weekdays: frozenset[int] = frozenset()


@dataclass(slots=True)
class Figures:
    """What came of it.

    ``rung_after`` are those whose time passed while the clock was set or nothing ran; how late they
    are counts from then.
    """

    days: int
    rung: int = 0
    rung_after: int = 0
    lost: int = 0
    twice: int = 0
    too_late: int = 0
    cut_while_ringing: int = 0
    disturbances: dict[str, int] = field(default_factory=dict)
    latest_seconds: float = 0.0
    latest_after_seconds: float = 0.0


class World:
    """The household. ``run`` lives through so many days."""

    def __init__(self, folder: Path, days: int, seed: int) -> None:
        self._path = folder / "state.sqlite3"
        self._chance = Random(seed)
        self.figures = Figures(days)
        self._steady = 0.0
        self._offset = BEGINNING
        self._zone = ZONES[0]
        self._expected: dict[tuple[str, int], Expected] = {}
        self._disturbed_at = 0.0
        self._passed: set[tuple[str, int]] = set()
        self._rung: list[IsDue] = []
        self._cut = False
        self._start()

    # --- the machine ------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._steady + self._offset, self._zone)

    def _start(self) -> None:
        self._store = StateStore.open(self._path)
        self._timers = Timers(self._store)
        self._agenda = Agenda(self._store)
        self._keeper = Timekeeper(
            self._timers, self._agenda, self._due, self._now, lambda: self._steady
        )
        # What was begun before has a time by the clock from now on.
        for one in self._expected.values():
            if one.steady is not None:
                one.wall, one.steady = one.steady + self._offset, None

    def run(self) -> Figures:
        """Live through the days, and count what came of it."""
        end = self._steady + self.figures.days * 86_400
        happens = self._next()
        look = self._steady
        while self._steady < end:
            if happens < look:
                self._steady = happens
                look = min(look, self._steady + self._happen())
                happens = self._next()
            else:
                self._steady = look + self._chance.random() * WAKE_UP_SECONDS
                self._look()
                look = self._next_look()
        self._look()  # the last thing to happen may have been a power cut of days
        self._count_lost()
        self._store.close()
        return self.figures

    def _next(self) -> float:
        return self._steady + self._chance.expovariate(EVENTS_A_DAY / 86_400)

    def _next_look(self) -> float:
        """When the keeper looks next. That it looks each second changes nothing until then."""
        dues = [one for one in (self._timers.next_due(), self._agenda.next_due()) if one]
        left = min(dues) - self._steady - self._offset if dues else 86_400.0
        return self._steady + max(left, 0.0)

    # --- what rings -------------------------------------------------------------------------------

    def _look(self) -> None:
        """Let the keeper look; what rang is then made known, unless the power was cut before."""
        self._keeper.look()
        rung, self._rung = self._rung, []
        for due in rung:
            if isinstance(due, TimerDue):
                self._timers.remove(due.timer_id)
            else:
                self._agenda.finish(due.id, self._now())
        if self._cut:
            self._cut = False
            self.figures.cut_while_ringing += 1
            self._cut_power(0.0)

    def _due(self, due: IsDue) -> None:
        """Ring; now and then the power is cut before anybody could hear it."""
        if self._chance.random() < CUT_WHILE_RINGING:
            self._cut = True
            return
        self._judge(("timer", due.timer_id) if isinstance(due, TimerDue) else ("entry", due.id))
        self._rung.append(due)

    def _judge(self, key: tuple[str, int]) -> None:
        """Hold a ring against what was expected."""
        figures, one, now = self.figures, self._expected.get(key), self._wall
        if one is None or self._time_of(one) > now + TOLERANCE_SECONDS:
            figures.twice += 1
            return
        figures.rung += 1
        at = self._time_of(one)
        if key in self._passed:  # while the clock was set, or nothing ran
            late = self._steady - self._disturbed_at
            figures.rung_after += 1
            figures.latest_after_seconds = max(figures.latest_after_seconds, late)
            figures.too_late += late > CHECK_SECONDS + TOLERANCE_SECONDS
            self._passed.discard(key)
        else:
            late = now - at
            figures.latest_seconds = max(figures.latest_seconds, late)
            figures.too_late += late > TOLERANCE_SECONDS
        if one.weekdays:
            self._move_on(one, max(at, now))
        else:
            del self._expected[key]

    @property
    def _wall(self) -> float:
        return self._steady + self._offset

    def _time_of(self, one: Expected) -> float:
        """Unix time at which it is to ring, as the clock and the zone are now."""
        if one.steady is not None:
            return one.steady + self._offset
        return one.wall if one.local is None else one.local.replace(tzinfo=self._zone).timestamp()

    def _on(self, day: date, clock: time) -> datetime:
        """A time as the clock on the wall shows it: one that is skipped is later by as much."""
        moment = datetime.combine(day, clock, self._zone).timestamp()
        return datetime.fromtimestamp(moment, self._zone).replace(tzinfo=None, fold=0)

    def _move_on(self, one: Expected, after: float) -> None:
        day = (one.local or self._now()).date()
        while True:
            day += timedelta(days=1)
            one.local = self._on(day, one.clock)
            if day.weekday() in one.weekdays and self._time_of(one) > after:
                return

    def _count_lost(self) -> None:
        self.figures.lost = sum(
            self._time_of(one) < self._wall - CHECK_SECONDS - TOLERANCE_SECONDS
            for one in self._expected.values()
        )

    # --- what happens -----------------------------------------------------------------------------

    def _happen(self) -> float:
        """Let something happen; returns in how many seconds the keeper looks because of it."""
        told = [self._set_timer, self._set_alarm, self._repeat_alarm, self._remind, self._change]
        told += [*told, self._cancel, self._skip]
        untold = [self._step_clock, self._cut_power, self._move]
        chosen = self._chance.choice([*told, *untold])
        chosen()
        return 0.0 if chosen in told else self._chance.random() * CHECK_SECONDS

    def _set_timer(self) -> None:
        seconds = self._chance.randint(1, 3 * 3600)
        timer = self._timers.begin(self._wall, seconds)
        self._expected["timer", timer.id] = Expected(steady=self._steady + seconds)

    def _change(self) -> None:
        """Pause a timer and let it go on, or let it take longer."""
        running = self._timers.running(self._wall)
        if not running:
            return
        timer: Timer = self._chance.choice(running)
        one = self._expected["timer", timer.id]
        if self._chance.random() < 0.5:
            self._timers.resume(self._timers.pause(timer, self._wall), self._wall)
            one.steady = self._time_of(one) - self._offset
            return
        longer = self._chance.randint(1, 600)
        self._timers.lengthen(timer, longer)
        one.wall += longer
        one.steady = None if one.steady is None else one.steady + longer

    def _remind(self) -> None:
        seconds = self._chance.randint(1, 36 * 3600)
        length = timedelta(seconds=seconds)
        entry = self._agenda.add(Kind.REMINDER, length, self._now(), "call mum")
        self._expected["entry", entry.id] = Expected(steady=self._steady + seconds)

    def _some_clock(self) -> time:
        return time(self._chance.randrange(24), self._chance.choice([0, 15, 30, 45]))

    def _set_alarm(self) -> None:
        day = self._now().date() + timedelta(days=self._chance.randint(0, 5))
        self._add_alarm(day, frozenset())

    def _repeat_alarm(self) -> None:
        if sum(bool(one.weekdays) for one in self._expected.values()) >= MOST_REPEATED:
            return
        days = frozenset(self._chance.sample(range(7), self._chance.randint(1, 7)))
        day = self._now().date()
        while day.weekday() not in days:
            day += timedelta(days=1)
        self._add_alarm(day, days)

    def _add_alarm(self, day: date, days: frozenset[int]) -> None:
        clock = self._some_clock()
        one = Expected(local=self._on(day, clock), clock=clock, weekdays=days)
        if self._time_of(one) <= self._wall:
            return
        at = datetime.fromtimestamp(self._time_of(one), self._zone)
        named = ",".join(WEEKDAYS[weekday] for weekday in sorted(days))
        rule = f"FREQ=WEEKLY;BYDAY={named};BYHOUR={clock.hour};BYMINUTE={clock.minute};BYSECOND=0"
        entry = self._agenda.add(Kind.ALARM, Recurrence(rule, at) if days else at, self._now())
        self._expected["entry", entry.id] = one

    def _some_alarm(self) -> Entry | None:
        alarms = self._agenda.upcoming(Kind.ALARM)
        return self._chance.choice(alarms) if alarms else None

    def _cancel(self) -> None:
        if (alarm := self._some_alarm()) is not None:
            self._agenda.remove(alarm.id)
            del self._expected["entry", alarm.id]

    def _skip(self) -> None:
        if (alarm := self._some_alarm()) is None:
            return
        one = self._expected["entry", alarm.id]
        self._agenda.skip(alarm, self._now())
        self._passed.discard(("entry", alarm.id))
        if one.weekdays:
            self._move_on(one, self._time_of(one))
        else:
            del self._expected["entry", alarm.id]

    # --- what goes wrong --------------------------------------------------------------------------

    def _step_clock(self) -> None:
        """Set the clock, by a second or by hours."""
        most = self._chance.choice([2.0, 60.0, 3600.0, 6 * 3600.0])
        self._offset += self._chance.uniform(-most, most)
        self._disturb("clock set")

    def _move(self) -> None:
        """Take the machine to another zone."""
        self._zone = self._chance.choice(ZONES)
        self._disturb("other zone")

    def _cut_power(self, seconds: float | None = None) -> None:
        """Cut the power for a while."""
        if seconds is None:
            seconds = self._chance.choice([1.0, 60.0, 7200.0, 3 * 86_400.0]) * self._chance.random()
        self._store.close()
        self._steady += seconds
        self._disturb("power cut")
        self._start()

    def _disturb(self, what: str) -> None:
        """Note what ought to have rung by now, which it could not."""
        counted = self.figures.disturbances
        counted[what] = counted.get(what, 0) + 1
        self._disturbed_at = self._steady
        due = {key for key, one in self._expected.items() if self._time_of(one) <= self._wall}
        self._passed = due

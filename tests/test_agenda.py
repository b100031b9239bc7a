from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.agenda import Agenda, Entry, Kind
from assistant.errors import StateError
from assistant.values import Recurrence

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
EVERY_DAY_AT_7 = "FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0"
NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=BERLIN)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=BERLIN)


class MemoryStore:
    """The contract of AgendaStore in a dict; ``broken`` refuses every change."""

    def __init__(self) -> None:
        self.rows: dict[int, Entry] = {}
        self.broken = False
        self._last_id = 0

    def entries(self) -> list[Entry]:
        return sorted(self.rows.values(), key=lambda entry: (entry.due_at, entry.id))

    def add_entry(self, entry: Entry) -> Entry:
        self._refuse_if_broken()
        self._last_id += 1
        self.rows[self._last_id] = replace(entry, id=self._last_id)
        return self.rows[self._last_id]

    def change_entry(self, entry: Entry) -> None:
        self._refuse_if_broken()
        self.rows[entry.id] = entry

    def remove_entry(self, entry_id: int) -> None:
        self._refuse_if_broken()
        self.rows.pop(entry_id, None)

    def _refuse_if_broken(self) -> None:
        if self.broken:
            raise StateError("the disk is full")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def agenda(store: MemoryStore) -> Agenda:
    return Agenda(store)


def steady(now: datetime) -> float:
    """A clock that nobody sets, on a machine whose clock was never set."""
    return now.timestamp()


def every_day(start: datetime) -> Recurrence:
    return Recurrence(EVERY_DAY_AT_7, start)


def test_an_alarm_is_due_at_its_time_and_told_once(agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, SEVEN, NIGHT)
    assert agenda.next_due() == SEVEN.timestamp()
    assert agenda.due(SEVEN - timedelta(seconds=0.1)) == []
    assert agenda.due(SEVEN) == [alarm]
    assert agenda.due(SEVEN) == []
    assert agenda.upcoming(Kind.ALARM) == []


def test_it_is_kept_until_it_has_been_made_known(store: MemoryStore, agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, SEVEN, NIGHT)
    agenda.due(SEVEN)
    assert Agenda(store).due(SEVEN) == [alarm]
    agenda.finish(alarm.id, SEVEN)
    assert store.entries() == []


def test_what_could_not_be_heard_is_told_again(agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, SEVEN, NIGHT)
    agenda.due(SEVEN)
    agenda.tell_again(alarm.id)
    assert agenda.due(SEVEN) == [alarm]


def test_what_comes_again_is_due_the_next_time(agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
    agenda.due(SEVEN)
    agenda.finish(alarm.id, SEVEN)
    (following,) = agenda.upcoming(Kind.ALARM)
    assert following.time(SEVEN) == SEVEN + timedelta(days=1)


def test_times_that_passed_while_nothing_ran_are_told_once(store: MemoryStore) -> None:
    before = Agenda(store)
    before.add(Kind.ALARM, every_day(SEVEN), NIGHT)
    later = SEVEN + timedelta(days=5, hours=1)
    after_power_cut = Agenda(store)
    (late,) = after_power_cut.due(later)
    assert late.time(later) == SEVEN
    after_power_cut.finish(late.id, later)
    (following,) = after_power_cut.upcoming(Kind.ALARM)
    assert following.time(later) == SEVEN + timedelta(days=6)


def test_skipping_leaves_out_one_time(agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
    skipped = agenda.skip(alarm, NIGHT)
    assert skipped is not None
    assert skipped.time(NIGHT) == SEVEN + timedelta(days=1)
    assert agenda.due(SEVEN) == []
    once = agenda.add(Kind.ALARM, SEVEN, NIGHT)
    assert agenda.skip(once, NIGHT) is None
    assert agenda.upcoming(Kind.ALARM) == [skipped]


class TestSummerTime:
    """In 2026 the clocks of Berlin go forward on 29 March at 2:00, back on 25 October at 3:00."""

    def test_seven_is_seven_on_both_days(self, agenda: Agenda) -> None:
        first = datetime(2026, 3, 28, 7, 0, tzinfo=BERLIN)
        alarm = agenda.add(Kind.ALARM, every_day(first), first - timedelta(hours=1))
        agenda.finish(alarm.id, first)
        (following,) = agenda.upcoming(Kind.ALARM)
        assert following.due_at - first.timestamp() == 23 * 3600
        assert following.local == "2026-03-29T07:00:00"

    @pytest.mark.parametrize(
        ("day", "times"),
        [
            # 2:30 is skipped, and is an hour later; there are two of it, and the first one counts.
            (date(2026, 3, 28), ["02:30+01:00", "03:30+02:00", "02:30+02:00"]),
            (date(2026, 10, 24), ["02:30+02:00", "02:30+02:00", "02:30+01:00"]),
        ],
    )
    def test_a_time_that_is_skipped_or_comes_twice(
        self, agenda: Agenda, day: date, times: list[str]
    ) -> None:
        first = datetime.combine(day, time(2, 30), BERLIN)
        rule = "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;BYSECOND=0"
        alarm = agenda.add(Kind.ALARM, Recurrence(rule, first), first - timedelta(hours=2))
        rung = []
        for _ in times:
            (due,) = agenda.due(datetime.fromtimestamp(alarm.due_at, BERLIN))
            rung.append(due.time(first).isoformat(timespec="minutes")[11:])
            agenda.finish(due.id, due.time(first))
            (alarm,) = agenda.upcoming(Kind.ALARM)
        assert rung == times

    def test_in_ten_hours_is_ten_hours(self, agenda: Agenda) -> None:
        evening = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
        entry = agenda.add(Kind.REMINDER, timedelta(hours=10), evening, "call mum")
        assert entry.due_at - evening.timestamp() == 36_000
        assert entry.time(evening).hour == 7


class TestAnotherZone:
    def test_an_alarm_stays_at_its_time_of_day(self, store: MemoryStore, agenda: Agenda) -> None:
        agenda.add(Kind.ALARM, SEVEN, NIGHT)
        agenda.check_clock(NIGHT, steady(NIGHT))
        there = (NIGHT + timedelta(minutes=1)).astimezone(TOKYO)
        agenda.check_clock(there, steady(there))
        (alarm,) = agenda.upcoming(Kind.ALARM)
        # It is Monday, 6:01 there, so it rings in 59 minutes.
        assert alarm.time(there) == datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO)
        assert store.entries() == [alarm]

    def test_also_when_the_zone_was_changed_while_it_was_off(self, store: MemoryStore) -> None:
        Agenda(store).add(Kind.ALARM, every_day(SEVEN), NIGHT)
        after = Agenda(store)
        there = NIGHT.astimezone(TOKYO)
        after.check_clock(there, steady(there))
        (alarm,) = after.upcoming(Kind.ALARM)
        assert alarm.time(there) == datetime(2026, 11, 23, 7, 0, tzinfo=TOKYO)
        after.finish(alarm.id, alarm.time(there))
        (following,) = after.upcoming(Kind.ALARM)
        assert following.time(there) == datetime(2026, 11, 24, 7, 0, tzinfo=TOKYO)

    def test_real_time_goes_on(self, agenda: Agenda) -> None:
        snooze = agenda.add(Kind.ALARM, timedelta(minutes=9), NIGHT)
        hourly = agenda.add(Kind.REMINDER, Recurrence("FREQ=HOURLY", NIGHT), NIGHT, "drink")
        agenda.check_clock(NIGHT, steady(NIGHT))
        there = NIGHT.astimezone(TOKYO)
        agenda.check_clock(there, steady(there))
        assert agenda.upcoming(Kind.ALARM, Kind.REMINDER) == [hourly, snooze]


class TestAClockThatIsSet:
    def test_in_ten_minutes_keeps_its_length_and_seven_does_not_move(self, agenda: Agenda) -> None:
        soon = agenda.add(Kind.COMMAND, timedelta(minutes=10), NIGHT, "turn off the lamp")
        alarm = agenda.add(Kind.ALARM, SEVEN, NIGHT)
        agenda.check_clock(NIGHT, 1000.0)
        set_forward = NIGHT + timedelta(hours=3, seconds=60)
        agenda.check_clock(set_forward, 1060.0)
        assert agenda.upcoming(Kind.COMMAND) == [replace(soon, due_at=soon.due_at + 3 * 3600)]
        assert agenda.upcoming(Kind.ALARM) == [alarm]

    def test_an_alarm_that_has_rung_does_not_ring_again(self, agenda: Agenda) -> None:
        alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
        agenda.check_clock(SEVEN, 1000.0)
        agenda.due(SEVEN)
        agenda.finish(alarm.id, SEVEN)
        set_back = SEVEN - timedelta(minutes=5)
        agenda.check_clock(set_back, 1060.0)
        assert agenda.due(SEVEN + timedelta(minutes=1)) == []

    def test_a_clock_that_was_a_year_ahead_loses_no_alarm(self, agenda: Agenda) -> None:
        alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
        wrong = SEVEN + timedelta(days=365)
        agenda.check_clock(wrong, 1000.0)
        agenda.due(wrong)
        agenda.finish(alarm.id, wrong)
        (ahead,) = agenda.upcoming(Kind.ALARM)
        agenda.finish(ahead.id, ahead.time(wrong))
        agenda.check_clock(NIGHT, 1060.0)
        (mended,) = agenda.upcoming(Kind.ALARM)
        assert mended.time(NIGHT) == SEVEN


def test_what_was_missed_is_told_when_somebody_is_there(store: MemoryStore, agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
    agenda.due(SEVEN)
    missed = agenda.note_missed(alarm)
    agenda.finish(alarm.id, SEVEN)
    after_restart = Agenda(store)
    assert after_restart.due(SEVEN + timedelta(hours=1)) == []
    assert after_restart.tell_missed() == [missed]
    assert after_restart.tell_missed() == []
    after_restart.finish(missed.id, SEVEN)
    assert [entry.kind for entry in store.entries()] == [Kind.ALARM]


def test_what_cannot_be_stored_does_not_happen(store: MemoryStore, agenda: Agenda) -> None:
    alarm = agenda.add(Kind.ALARM, every_day(SEVEN), NIGHT)
    store.broken = True
    with pytest.raises(StateError):
        agenda.add(Kind.ALARM, SEVEN, NIGHT)
    with pytest.raises(StateError):
        agenda.skip(alarm, NIGHT)
    with pytest.raises(StateError):
        agenda.remove(alarm.id)
    assert agenda.upcoming(Kind.ALARM) == [alarm]


RULES = [
    EVERY_DAY_AT_7,
    "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=2;BYMINUTE=30;BYSECOND=0",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYHOUR=7;BYMINUTE=0;BYSECOND=0",
    "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=0;BYMINUTE=0;BYSECOND=0",
    "FREQ=HOURLY;INTERVAL=7",
    "FREQ=DAILY",
]
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")]
moments = st.integers(1_735_689_600, 1_861_920_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(st.sampled_from(RULES), st.sampled_from(ZONES), moments, st.integers(1, 20))
def test_times_go_forward_and_survive_a_restart(
    rule: str, zone: ZoneInfo, start: datetime, count: int
) -> None:
    store = MemoryStore()
    begin = start.astimezone(zone)
    agenda = Agenda(store)
    entry = agenda.add(Kind.ALARM, Recurrence(rule, begin), begin)
    for _ in range(count):
        now = entry.time(begin)
        agenda = Agenda(store)
        agenda.check_clock(now, steady(now))
        assert agenda.due(now) == [entry]
        agenda.finish(entry.id, now)
        (following,) = agenda.upcoming(Kind.ALARM)
        assert following.due_at > entry.due_at
        entry = following

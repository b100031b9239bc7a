from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import StateError
from assistant.events import TimerDue
from assistant.timers import Timer, Timers


class MemoryStore:
    """The contract of TimerStore in a dict; ``broken`` refuses every change."""

    def __init__(self) -> None:
        self.rows: dict[int, Timer] = {}
        self.broken = False
        self._last_id = 0

    def timers(self) -> list[Timer]:
        return sorted(self.rows.values(), key=lambda timer: (timer.ends_at, timer.id))

    def add_timer(self, name: str, duration_seconds: int, ends_at: float) -> Timer:
        self._refuse_if_broken()
        self._last_id += 1
        timer = Timer(self._last_id, name, duration_seconds, ends_at)
        self.rows[timer.id] = timer
        return timer

    def change_timer(self, timer: Timer) -> None:
        self._refuse_if_broken()
        self.rows[timer.id] = timer

    def remove_timer(self, timer_id: int) -> None:
        self._refuse_if_broken()
        self.rows.pop(timer_id, None)

    def _refuse_if_broken(self) -> None:
        if self.broken:
            raise StateError("the disk is full")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def timers(store: MemoryStore) -> Timers:
    return Timers(store)


def due(timer: Timer, late_seconds: float = 0.0) -> TimerDue:
    return TimerDue(timer.id, timer.name, timer.duration_seconds, late_seconds)


def test_a_timer_is_due_at_its_end_and_told_once(timers: Timers) -> None:
    tea = timers.begin(1000.0, 300, "tea")
    assert timers.next_due() == 1300.0
    assert timers.due(1299.9) == []
    assert timers.due(1300.0) == [due(tea)]
    assert timers.due(1300.0) == []
    assert timers.next_due() is None


def test_no_timer_is_never_due(timers: Timers) -> None:
    assert timers.next_due() is None
    assert timers.due(1e12) == []


def test_several_timers_are_due_in_the_order_of_their_ends(timers: Timers) -> None:
    long = timers.begin(0.0, 20)
    short = timers.begin(0.0, 10)
    assert timers.running(0.0) == [short, long]
    assert timers.due(30.0) == [due(short, 20.0), due(long, 10.0)]


def test_a_timer_is_stored_until_it_has_been_announced(store: MemoryStore, timers: Timers) -> None:
    tea = timers.begin(0.0, 60)
    timers.due(60.0)
    assert store.timers() == [tea]
    timers.remove(tea.id)
    assert store.timers() == []


def test_a_timer_cut_off_before_its_announcement_is_due_again(store: MemoryStore) -> None:
    before = Timers(store)
    tea = before.begin(0.0, 60)
    before.due(60.0)
    after_power_cut = Timers(store)
    assert after_power_cut.due(3660.0) == [due(tea, late_seconds=3600.0)]


@pytest.mark.parametrize(("found_after", "late_seconds"), [(0.0, 0.0), (5.0, 0.0), (5.5, 5.5)])
def test_a_timer_is_late_when_found_more_than_five_seconds_after(
    timers: Timers, found_after: float, late_seconds: float
) -> None:
    tea = timers.begin(0.0, 60)
    assert timers.due(60.0 + found_after) == [due(tea, late_seconds)]


def test_a_ringing_timer_runs_no_more_and_is_not_found(timers: Timers) -> None:
    timers.begin(0.0, 60, "tea")
    assert timers.running(60.0) == []
    assert timers.find(60.0, name="tea") == []


def test_a_cancelled_timer_is_never_due(store: MemoryStore, timers: Timers) -> None:
    tea = timers.begin(0.0, 60)
    timers.remove(tea.id)
    assert timers.due(100.0) == []
    assert store.timers() == []


def test_a_timer_that_cannot_be_stored_does_not_run(store: MemoryStore, timers: Timers) -> None:
    store.broken = True
    with pytest.raises(StateError):
        timers.begin(0.0, 60)
    assert timers.running(0.0) == []


def test_a_timer_that_cannot_be_removed_still_runs(store: MemoryStore, timers: Timers) -> None:
    tea = timers.begin(0.0, 60)
    store.broken = True
    with pytest.raises(StateError):
        timers.remove(tea.id)
    assert timers.running(0.0) == [tea]


class TestFinding:
    def test_without_words_every_timer_can_be_meant(self, timers: Timers) -> None:
        tea, eggs = timers.begin(0.0, 60, "tea"), timers.begin(0.0, 90, "eggs")
        assert timers.find(0.0) == [tea, eggs]

    def test_by_name_whatever_its_case_and_spaces(self, timers: Timers) -> None:
        timers.begin(0.0, 60, "tea")
        eggs = timers.begin(0.0, 90, "Soft  Eggs")
        assert timers.find(0.0, name=" soft eggs ") == [eggs]

    def test_by_name_which_keeps_its_letters(self, timers: Timers) -> None:
        sauce = timers.begin(0.0, 60, " Soße ")
        assert timers.find(0.0, name="soße") == [sauce]
        assert sauce.name == "Soße"

    def test_by_duration(self, timers: Timers) -> None:
        timers.begin(0.0, 60)
        five_minutes = timers.begin(0.0, 300)
        assert timers.find(0.0, duration_seconds=300) == [five_minutes]

    def test_by_name_and_duration(self, timers: Timers) -> None:
        timers.begin(0.0, 60, "tea")
        assert timers.find(0.0, name="tea", duration_seconds=300) == []

    def test_of_timers_nobody_can_tell_apart_the_last_to_end(self, timers: Timers) -> None:
        timers.begin(0.0, 60)
        said_again = timers.begin(1.0, 60)
        assert timers.find(1.0) == [said_again]


class TestClock:
    """A Raspberry Pi starts in the past, and its clock steps when the time service answers."""

    def test_a_timer_begun_before_the_step_keeps_its_time(
        self, store: MemoryStore, timers: Timers
    ) -> None:
        tea = timers.begin(1000.0, 60)
        timers.check_clock(now=1000.0, steady_seconds=10.0)
        timers.check_clock(now=5010.0, steady_seconds=20.0)
        moved = replace(tea, ends_at=5060.0)
        assert timers.running(5010.0) == [moved]
        assert store.timers() == [moved]

    def test_each_step_counts_once(self, timers: Timers) -> None:
        timers.begin(1000.0, 60)
        for now, steady_seconds in [(1000, 10), (5010, 20), (5020, 30), (3030, 40), (3040, 50)]:
            timers.check_clock(now, steady_seconds)
        assert timers.next_due() == 3060.0

    def test_a_timer_begun_after_the_step_is_not_moved(self, timers: Timers) -> None:
        """While no timer runs nobody checks the clock, so the step is seen only afterwards."""
        timers.check_clock(now=1000.0, steady_seconds=10.0)
        timers.begin(5000.0, 60)
        timers.check_clock(now=5000.0, steady_seconds=20.0)
        assert timers.next_due() == 5060.0

    def test_a_timer_of_an_earlier_run_ends_by_the_clock(self, store: MemoryStore) -> None:
        Timers(store).begin(5000.0, 60)
        after_restart = Timers(store)
        after_restart.check_clock(now=1000.0, steady_seconds=10.0)
        after_restart.check_clock(now=5100.0, steady_seconds=20.0)
        assert [timer.late_seconds for timer in after_restart.due(5100.0)] == [40.0]

    def test_drift_is_no_step(self, timers: Timers) -> None:
        timers.begin(1000.0, 60)
        timers.check_clock(now=1000.0, steady_seconds=10.0)
        timers.check_clock(now=1010.05, steady_seconds=20.0)
        assert timers.next_due() == 1060.0

    def test_a_timer_that_rings_is_not_moved(self, store: MemoryStore, timers: Timers) -> None:
        tea = timers.begin(1000.0, 5)
        timers.check_clock(now=1000.0, steady_seconds=10.0)
        timers.due(1005.0)
        timers.check_clock(now=5005.0, steady_seconds=15.0)
        assert store.timers() == [tea]

    def test_a_removed_timer_is_forgotten(self, timers: Timers) -> None:
        timers.remove(timers.begin(1000.0, 5).id)
        timers.check_clock(now=1000.0, steady_seconds=10.0)
        timers.check_clock(now=5000.0, steady_seconds=10.0)
        assert timers.next_due() is None


@given(st.lists(st.integers(0, 100), max_size=8), st.lists(st.integers(0, 40), max_size=12))
def test_every_timer_is_told_exactly_once_whenever_somebody_looks(
    durations: list[int], pauses: list[int]
) -> None:
    timers = Timers(MemoryStore())
    begun = [timers.begin(0.0, duration).id for duration in durations]
    told: list[int] = []
    now = 0.0
    for pause in [*pauses, 100]:
        now += pause
        told += [event.timer_id for event in timers.due(now)]
        assert timers.next_due() is None or timers.next_due() > now  # type: ignore[operator]
    assert sorted(told) == begun

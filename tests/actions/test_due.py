"""Alarms, reminders and later commands, as somebody would use them: a match in, a result out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.agenda import Kind
from assistant.errors import ActionError
from assistant.events import AlarmDue, ReminderDue, TimerDue
from assistant.turn import ActionResult
from assistant.values import Recurrence
from tests.actions.test_registry import House, house

__all__ = ["house"]

SEVEN = datetime(2026, 3, 15, 7, 0, tzinfo=UTC)  # it is 15:09 of the day before
EVERY_DAY = Recurrence("FREQ=DAILY;BYHOUR=7;BYMINUTE=0;BYSECOND=0", SEVEN)
TEN_MINUTES = timedelta(minutes=10)


class TestTimers:
    @pytest.fixture(autouse=True)
    def _two_timers(self, house: House) -> None:
        house.do("timers.set", minutes=10, name="pasta")
        house.do("timers.set", minutes=20)

    def test_paused_it_stands_still_until_it_is_resumed(self, house: House) -> None:
        house.wait(60)
        paused = house.do("timers.pause", name="pasta")
        assert (paused.outcome, paused.values["left"]) == ("named", timedelta(minutes=9))
        house.wait(3600)
        assert [due.name for due in house.timers.due(house.now.timestamp())] == [""]
        left = house.do("timers.left", name="pasta")
        assert (left.values["left"], left.values["paused"]) == (timedelta(minutes=9), True)
        assert house.do("timers.resume").values["left"] == timedelta(minutes=9)
        house.wait(540)
        assert [due.name for due in house.timers.due(house.now.timestamp())] == ["pasta"]

    def test_which_one_is_asked_for(self, house: House) -> None:
        assert house.do("timers.pause").outcome == "which"
        assert house.do("timers.lengthen", by=TEN_MINUTES).outcome == "which"
        assert house.do("timers.resume") == ActionResult("none")

    def test_longer_and_shorter(self, house: House) -> None:
        longer = house.do("timers.lengthen", name="pasta", by=timedelta(minutes=2))
        assert longer.values["left"] == timedelta(minutes=12)
        assert longer.values["duration"] == timedelta(minutes=12)
        shorter = house.do("timers.shorten", name="pasta", by=timedelta(minutes=5))
        assert shorter.values["left"] == timedelta(minutes=7)
        too_short = house.do("timers.shorten", name="pasta", by=timedelta(minutes=7))
        assert too_short == ActionResult("too_short", {"left": timedelta(minutes=7)})

    def test_one_that_has_just_rung_runs_again(self, house: House) -> None:
        house.do("timers.cancel_all")
        assert house.do("timers.lengthen", by=TEN_MINUTES) == ActionResult("none")
        house.rung = TimerDue(1, "pasta", 600, 0.0)
        assert house.do("timers.lengthen", by=TEN_MINUTES).values["name"] == "pasta"
        assert [timer.name for timer in house.store.timers()] == ["pasta"]

    def test_error_without_an_amount(self, house: House) -> None:
        with pytest.raises(ActionError, match="does not say by how much to change a timer"):
            house.do("timers.lengthen", name="pasta")


class TestAlarms:
    def test_at_a_time(self, house: House) -> None:
        assert house.do("alarms.set", time=SEVEN) == ActionResult("done", {"time": SEVEN})
        assert house.looked_again == 1
        assert house.do("alarms.list").values["alarms"] == [SEVEN]

    def test_again_and_again(self, house: House) -> None:
        result = house.do("alarms.set", repeat=EVERY_DAY)
        assert result == ActionResult("repeated", {"time": SEVEN, "repeat": EVERY_DAY})

    def test_from_now_on(self, house: House) -> None:
        result = house.do("alarms.set", duration=timedelta(minutes=30))
        assert result.values["time"] == house.now + timedelta(minutes=30)

    def test_error_without_a_time(self, house: House) -> None:
        with pytest.raises(ActionError, match="sets an alarm without a time"):
            house.do("alarms.set")

    def test_error_of_a_time_that_is_none(self, house: House) -> None:
        with pytest.raises(ActionError, match="slot 'time' of 'alarms_set' is not a point"):
            house.do("alarms.set", time="seven")

    def test_none_of_them(self, house: House) -> None:
        for action in ("list", "cancel", "cancel_all", "skip", "snooze"):
            assert house.do(f"alarms.{action}") == ActionResult("none")

    def test_the_only_one_is_cancelled(self, house: House) -> None:
        house.do("alarms.set", time=SEVEN)
        assert house.do("alarms.cancel").outcome == "done"
        assert house.do("alarms.list") == ActionResult("none")

    def test_of_several_one_is_named(self, house: House) -> None:
        for hour in (6, 7, 8):
            house.do("alarms.set", time=SEVEN.replace(hour=hour))
        assert house.do("alarms.cancel").values["count"] == 3
        # "My seven o'clock alarm", said at three in the afternoon.
        evening = house.now.replace(hour=19, minute=0, second=0)
        assert house.do("alarms.cancel", time=evening).values["time"] == SEVEN
        left = house.do("alarms.list").values["alarms"]
        assert left == [SEVEN.replace(hour=6), SEVEN.replace(hour=8)]
        assert house.do("alarms.cancel", time=SEVEN.replace(hour=9)).outcome == "which"

    def test_by_how_it_comes_again(self, house: House) -> None:
        house.do("alarms.set", repeat=EVERY_DAY)
        house.do("alarms.set", time=SEVEN.replace(hour=8))
        assert house.do("alarms.cancel", repeat=EVERY_DAY).values["time"] == SEVEN

    def test_the_one_that_rings_stays_for_its_next_time(self, house: House) -> None:
        house.do("alarms.set", repeat=EVERY_DAY)
        house.interrupted = AlarmDue(1, SEVEN)
        assert house.do("alarms.cancel").outcome == "done"
        assert len(house.agenda.upcoming(Kind.ALARM)) == 1

    def test_all(self, house: House) -> None:
        house.do("alarms.set", time=SEVEN)
        house.do("alarms.set", repeat=EVERY_DAY)
        assert house.do("alarms.cancel_all") == ActionResult("done", {"count": 2})
        assert house.store.entries() == []

    def test_skipping(self, house: House) -> None:
        house.do("alarms.set", repeat=EVERY_DAY)
        skipped = house.do("alarms.skip")
        tomorrow = SEVEN + timedelta(days=1)
        assert skipped == ActionResult("repeated", {"time": SEVEN, "next": tomorrow})
        house.do("alarms.cancel_all")
        house.do("alarms.set", time=SEVEN)
        assert house.do("alarms.skip") == ActionResult("done", {"time": SEVEN})
        assert house.store.entries() == []

    def test_snoozing(self, house: House) -> None:
        house.rung = AlarmDue(1, SEVEN)
        assert house.do("alarms.snooze").values == {"duration": timedelta(minutes=9)}
        house.rung = ReminderDue(2, "call mum", SEVEN)
        house.do("alarms.snooze", minutes=5)
        house.rung = TimerDue(3, "pasta", 600, 0.0)
        house.do("alarms.snooze", duration=TEN_MINUTES)
        assert [one.text for one in house.store.entries()] == ["call mum", ""]
        assert [one.name for one in house.store.timers()] == ["pasta"]

    def test_error_of_a_snooze_of_days(self, house: House) -> None:
        with pytest.raises(ActionError, match="no time to snooze for"):
            house.do("alarms.snooze", duration=timedelta(days=2))


class TestReminders:
    def test_at_a_time(self, house: House) -> None:
        result = house.do("reminders.set", text="call mum", time=SEVEN)
        assert result == ActionResult("done", {"text": "call mum", "time": SEVEN})

    @pytest.mark.parametrize(
        ("day", "time"),
        [
            (date(2026, 3, 15), datetime(2026, 3, 15, 9, 0, tzinfo=UTC)),
            (date(2026, 3, 14), datetime(2026, 3, 14, 16, 9, 26, tzinfo=UTC)),  # today
        ],
    )
    def test_on_a_day(self, house: House, day: date, time: datetime) -> None:
        assert house.do("reminders.set", text="pay", day=day).values["time"] == time

    def test_in_two_days_is_at_the_same_time_of_day(self, house: House) -> None:
        result = house.do("reminders.set", text="pay", duration=timedelta(days=2))
        assert result.values["time"] == datetime(2026, 3, 16, 15, 9, tzinfo=UTC)

    def test_without_a_time_it_asks_and_sets_nothing(self, house: House) -> None:
        assert house.do("reminders.set", text="pay") == ActionResult("when", {"text": "pay"})
        past = house.do("reminders.set", text="pay", time=house.now - timedelta(days=1))
        assert past.outcome == "past"
        assert house.store.entries() == []

    def test_listing_and_cancelling(self, house: House) -> None:
        house.do("reminders.set", text="call mum", duration=TEN_MINUTES)
        house.do("reminders.set", text="Feed the cat", repeat=EVERY_DAY)
        told = house.do("reminders.list").values
        assert (told["texts"], told["text"]) == (["call mum", "Feed the cat"], "call mum")
        assert house.do("reminders.cancel").values["texts"] == ["call mum", "Feed the cat"]
        assert house.do("reminders.cancel", text="dance").outcome == "which"
        assert house.do("reminders.cancel", text="the cat").values["text"] == "Feed the cat"
        assert house.do("reminders.cancel").values["text"] == "call mum"
        assert house.do("reminders.cancel_all") == ActionResult("none")

    def test_error_of_nothing_to_be_reminded_of(self, house: House) -> None:
        with pytest.raises(ActionError, match="reminds of nothing"):
            house.do("reminders.set", time=SEVEN)


class TestLater:
    def test_after_a_while_and_at_a_time(self, house: House) -> None:
        after = house.do("later.add", command="louder", duration=TEN_MINUTES)
        assert (after.outcome, after.values["duration"]) == ("after", TEN_MINUTES)
        assert house.do("later.add", command="quieter", time=SEVEN).outcome == "done"
        assert house.do("later.add", command="stop", repeat=EVERY_DAY).outcome == "repeated"
        assert house.do("later.list").values["commands"] == ["louder", "quieter", "stop"]
        assert house.do("later.cancel", command="quieter").outcome == "done"
        assert house.do("later.cancel").outcome == "which"
        assert house.do("later.cancel_all") == ActionResult("done", {"count": 2})

    def test_not_in_the_past(self, house: House) -> None:
        yesterday = house.now - timedelta(days=1)
        assert house.do("later.add", command="louder", time=yesterday).outcome == "past"
        assert house.store.entries() == []

    @pytest.mark.parametrize("slots", [{"command": "louder"}, {"time": SEVEN}])
    def test_error_without_a_command_or_a_time(
        self, house: House, slots: dict[str, str | datetime]
    ) -> None:
        with pytest.raises(ActionError, match="has no command or no time for it"):
            house.do("later.add", **slots)

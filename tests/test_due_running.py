"""A real assistant that is killed, and has alarms, reminders and commands for later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from assistant import clock
from assistant.agenda import Agenda, Kind
from assistant.state import StateStore
from tests.running import Home, Running
from tests.running import home as a_home

pytestmark = pytest.mark.engines

TALKATIVE = ("--source", "-", "--output", "none", "--verbose")
SCHEDULE = """\
schedule:
  commands:
    chime: {when: every hour, command: what time is it}
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with a_home() as place:
        yield place


def test_what_was_due_while_it_was_off_is_told_or_done(house: Home) -> None:
    with closing(StateStore.open(house.paths.database)) as store:
        agenda, now = Agenda(store), clock.now()
        agenda.add(Kind.COMMAND, timedelta(minutes=-1), now, "set a timer for five minutes")
        agenda.add(Kind.COMMAND, timedelta(hours=-2), now, "set a timer for an hour")
        agenda.add(Kind.REMINDER, timedelta(hours=-1), now, "call mum")
    with Running(house, *TALKATIVE) as assistant:
        assistant.wait_for_output("I was off when this was to be done")
        assert "call mum." in assistant.wait_for_output("I was to remind you 1 hour")
        assistant.say("stop")
        assistant.wait_for_output("Intent SetTimer")
        status = assistant.ask("status")["status"]
    assert (status["timers"], status["reminders"], status["later_commands"]) == (1, 0, 0)
    with closing(StateStore.open(house.paths.database)) as store:
        assert [timer.duration_seconds for timer in store.timers()] == [300]
        assert store.entries() == []


def test_a_reminder_survives_being_killed_and_the_schedule_is_kept(house: Home) -> None:
    house.config(SCHEDULE)
    with Running(house) as assistant:
        assert assistant.say("remind me to call mum in fifteen seconds")["outcome"] == "acted"
        said = assistant.say("turn the volume up in an hour")
        assert said["reply"] == "In 1 hour: turn the volume up."
        assistant.process.kill()
    with closing(StateStore.open(house.paths.database)) as store:
        reminder = next(one for one in store.entries() if one.kind is Kind.REMINDER)
    with Running(house, *TALKATIVE) as assistant:
        assistant.wait_for_output("call mum.")
        assert time.time() >= reminder.due_at
        assistant.say("stop")
    printed = house.run("planned").stdout
    assert "turn the volume up" in printed
    assert "what time is it  (every hour)" in printed

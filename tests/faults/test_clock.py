"""The clock is set under a running assistant: forward by two days, and back to the day before."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.faults.inside import Faults
from tests.running import Home, Running, home

pytestmark = pytest.mark.engines

DAY = 24 * 3600.0


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def test_a_clock_that_is_set_moves_no_timer_and_loses_no_alarm(house: Home) -> None:
    faults = Faults(house.folder / "faults")
    faults.set_clock(0)

    def left(assistant: Running) -> str:
        """What is left, once the new time was seen: it is looked at each second."""
        until = time.monotonic() + 30
        while True:
            reply: str = assistant.say("how long is left on my timer")["reply"]
            if "1 hour, 59 minutes" in reply or time.monotonic() > until:
                return reply

    with Running(house, environment=faults.environment) as assistant:
        assert assistant.say("set a timer for two hours")["outcome"] == "acted"
        assert assistant.say("set an alarm for seven")["outcome"] == "acted"
        assert assistant.say("remind me to call mum in three hours")["outcome"] == "acted"
        faults.set_clock(2 * DAY)
        alarm = assistant.wait_for("alarm-due")
        assert alarm["late_seconds"] > DAY
        assert assistant.say("stop")["outcome"] == "acted"
        assert "1 hour, 59 minutes" in left(assistant)
        faults.set_clock(-DAY)
        assert "1 hour, 59 minutes" in left(assistant)
        told = assistant.ask("status")["status"]
        assert (told["timers"], told["alarms"], told["reminders"]) == (1, 0, 1)
        assert told["failed_parts"] == {}
        assert assistant.terminate() == 0
        assert "Traceback" not in assistant.output

"""Triggers at work: pressed, pulled out, plugged in again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import pytest

from assistant.config import Settings, load_settings
from assistant.errors import ConfigError, DeviceError
from assistant.events import Event, PartFailed, PartWorks, TriggerPressed
from assistant.triggering import Triggering, Wired
from assistant.wiring import build_triggers


class Pedal:
    """A trigger that a test plugs in, presses and pulls out."""

    name = "the pedal"

    def __init__(self) -> None:
        self.is_there = True
        self.tries = 0
        self.watched = asyncio.Event()
        self.tried = asyncio.Event()
        self.press: Callable[[], None] = lambda: None
        self._pulled = asyncio.Event()

    async def watch(self, ready: Callable[[], None], pressed: Callable[[], None]) -> None:
        self.tries += 1
        if self.tries == 4:
            self.tried.set()
        if self.is_there:
            self.press = pressed
            ready()
            self.watched.set()
            await self._pulled.wait()
        raise DeviceError("The pedal is gone.", "Is it still plugged in?")

    def pull_out(self) -> None:
        self.is_there = False
        self.watched.clear()
        self._pulled.set()

    def plug_in(self) -> None:
        self._pulled = asyncio.Event()
        self.is_there = True


GONE = PartFailed("trigger the pedal", "The pedal is gone. Is it still plugged in?")


def test_pulled_out_it_is_waited_for_and_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.triggering.RETRY_SECONDS", 0.001)
    events: list[Event] = []
    done: list[str] = []

    async def scene() -> None:
        pedal = Pedal()
        triggering = Triggering([Wired(pedal, "listen")], done.append, events.append)
        running = asyncio.create_task(triggering.run())
        await pedal.watched.wait()
        pedal.press()
        pedal.pull_out()
        await pedal.tried.wait()
        pedal.plug_in()
        await pedal.watched.wait()
        pedal.press()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(scene(), 20))
    pressed = TriggerPressed("the pedal", "listen")
    assert events == [pressed, GONE, PartWorks("trigger the pedal"), pressed]
    assert done == ["listen", "listen"]


def test_one_that_is_missing_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []

    async def scene() -> None:
        missing, there = Pedal(), Pedal()
        missing.is_there = False
        wired = [Wired(missing, "listen"), Wired(there, "stop")]
        running = asyncio.create_task(Triggering(wired, lambda _: None, events.append).run())
        await there.watched.wait()
        there.press()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(scene(), 20))
    assert events == [GONE, TriggerPressed("the pedal", "stop")]


# --- from the settings ----------------------------------------------------------------------------


def test_as_written() -> None:
    pytest.importorskip("evdev")
    text = """\
triggers:
  - {device: /dev/input/event0, key: KEY_F13, do: listen}
  - {gpio: 17, do: " turn on the light "}
"""
    wired = build_triggers(load_settings(text, "config.yaml"))
    assert [(one.trigger.name, one.does) for one in wired] == [
        ("KEY_F13 of /dev/input/event0", "listen"),
        ("GPIO 17", "turn on the light"),
    ]


def test_without_any_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("evdev", "gpiozero"):
        monkeypatch.setitem(sys.modules, package, None)
    assert build_triggers(Settings()) == []


def test_error_a_key_that_linux_does_not_know() -> None:
    pytest.importorskip("evdev")
    text = "triggers:\n  - {device: /dev/input/event0, key: KEY_F31, do: listen}\n"
    with pytest.raises(ConfigError) as caught:
        build_triggers(load_settings(text, "config.yaml"))
    assert str(caught.value) == (
        "config.yaml:2:38: there is no key 'KEY_F31'\n"
        "      - {device: /dev/input/event0, key: KEY_F31, do: listen}\n"
        "                                         ^^^^^^^\n"
        "    did you mean 'KEY_F3'?"
    )

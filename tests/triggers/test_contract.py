"""What every key and button keeps to: evdev's devices, real ones where the machine makes them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory

from assistant.errors import DeviceError, EngineError
from assistant.ports import Trigger
from assistant.triggers.buttons import ButtonTrigger
from assistant.triggers.keys import KeyTrigger

evdev = pytest.importorskip("evdev")
ecodes = evdev.ecodes


class FakeDevice:
    """An input device as evdev gives it; its events come through a socket."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self.fd = self._ours.fileno()
        self.closed = False

    def capabilities(self) -> dict[int, list[int]]:
        return {ecodes.EV_SYN: [0], ecodes.EV_KEY: [ecodes.KEY_A, ecodes.KEY_F13]}

    def read(self) -> Iterator[Any]:
        data = self._ours.recv(3)
        if not data:
            raise OSError(errno.ENODEV, "No such device")
        kind, code, value = data
        return iter([SimpleNamespace(type=kind, code=code, value=value)])

    def close(self) -> None:
        self.closed = True
        self._ours.close()
        self._theirs.close()

    def send(self, kind: int, code: int, value: int) -> None:
        self._theirs.send(bytes((kind, code, value)))

    def unplug(self) -> None:
        self._theirs.close()


class FakeKey:
    """The key F13 of a pedal that is not there."""

    can_be_unplugged = True

    def __init__(self) -> None:
        self.device = FakeDevice()
        self.trigger = KeyTrigger("/dev/input/pedal", "KEY_F13", lambda _: self.device)

    def press(self) -> None:
        for value in (1, 2, 2, 0):  # pressed, held, let go
            self.device.send(ecodes.EV_KEY, ecodes.KEY_F13, value)
            self.device.send(ecodes.EV_SYN, 0, 0)

    def press_another(self) -> None:
        self.device.send(ecodes.EV_KEY, ecodes.KEY_A, 1)

    def unplug(self) -> None:
        self.device.unplug()

    def close(self) -> None:
        assert self.device.closed


class RealKey:
    """The key F13 of a keyboard that the kernel makes up: uinput."""

    can_be_unplugged = True

    def __init__(self) -> None:
        if not os.access("/dev/uinput", os.W_OK):
            pytest.skip("this machine makes no input devices: no /dev/uinput")
        self._keyboard = evdev.UInput({ecodes.EV_KEY: [ecodes.KEY_A, ecodes.KEY_F13]})
        self.trigger = KeyTrigger(self._keyboard.device.path, "KEY_F13")

    def press(self) -> None:
        for value in (1, 2, 2, 0):
            self._keyboard.write(ecodes.EV_KEY, ecodes.KEY_F13, value)
            self._keyboard.syn()

    def press_another(self) -> None:
        self._keyboard.write(ecodes.EV_KEY, ecodes.KEY_A, 1)
        self._keyboard.syn()

    def unplug(self) -> None:
        self._keyboard.close()

    def close(self) -> None:
        self._keyboard.close()


class Button:
    """The button at GPIO 17 of a Raspberry Pi that gpiozero makes up."""

    can_be_unplugged = False

    def __init__(self) -> None:
        self._before = gpiozero.Device.pin_factory
        gpiozero.Device.pin_factory = self._factory = MockFactory()
        self.trigger = ButtonTrigger(17)

    def press(self) -> None:
        self._factory.pin(17).drive_low()
        self._factory.pin(17).drive_high()

    def press_another(self) -> None:
        self._factory.pin(4).drive_low()

    def close(self) -> None:
        self._factory.close()
        gpiozero.Device.pin_factory = self._before


ALL = [FakeKey, RealKey, Button]


@pytest.fixture(params=ALL, ids=["a fake of evdev", "uinput", "gpiozero"])
def wired(request: pytest.FixtureRequest) -> Iterator[Any]:
    with contextlib.closing(request.param()) as wired:
        yield wired


class Finger:
    """Somebody who watches what the trigger tells."""

    def __init__(self, trigger: Trigger) -> None:
        self.presses = 0
        self._trigger = trigger
        self._ready = asyncio.Event()
        self._pressed = asyncio.Event()

    async def __aenter__(self) -> Finger:
        self.watching = asyncio.create_task(self._trigger.watch(self._ready.set, self._press))
        await self._ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.watching.cancel()
        await asyncio.gather(self.watching, return_exceptions=True)

    def _press(self) -> None:
        self.presses += 1
        self._pressed.set()

    async def until_pressed(self, times: int) -> None:
        while self.presses < times:
            self._pressed.clear()
            await self._pressed.wait()


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def in_time() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(in_time())


def test_each_press_is_told_once(wired: Any) -> None:
    async def scene() -> None:
        async with Finger(wired.trigger) as finger:
            wired.press()
            await finger.until_pressed(1)
            wired.press_another()
            wired.press()
            await finger.until_pressed(2)
            assert finger.presses == 2

    play(scene)


def test_it_can_be_watched_again(wired: Any) -> None:
    async def scene() -> None:
        async with Finger(wired.trigger):
            pass
        if isinstance(wired, FakeKey):
            wired.device = FakeDevice()
        async with Finger(wired.trigger) as finger:
            wired.press()
            await finger.until_pressed(1)

    play(scene)


def test_error_pulled_out(wired: Any) -> None:
    if not wired.can_be_unplugged:
        pytest.skip("a pin stays where it is")

    async def scene() -> None:
        async with Finger(wired.trigger) as finger:
            wired.unplug()
            with pytest.raises(DeviceError, match=r"is gone\. Is it still plugged in\?"):
                await finger.watching

    play(scene)


# --- where it cannot be used ----------------------------------------------------------------------


def watch(trigger: Trigger) -> None:
    async def scene() -> None:
        await trigger.watch(lambda: None, lambda: None)

    play(scene)


def test_error_not_plugged_in() -> None:
    with pytest.raises(DeviceError) as caught:
        watch(KeyTrigger("/dev/input/by-id/nothing", "KEY_F13"))
    assert caught.value.message.startswith("/dev/input/by-id/nothing cannot be opened: ")


def test_error_something_else_than_an_input_device(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeviceError, match="cannot be opened"):
        watch(KeyTrigger(str(tmp_path / "file"), "KEY_F13"))


def test_error_it_may_not_be_read() -> None:
    def refuse(path: str) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    with pytest.raises(DeviceError) as caught:
        watch(KeyTrigger("/dev/input/event0", "KEY_F13", refuse))
    assert str(caught.value).startswith("/dev/input/event0 may not be read. Add the user to the ")


def test_error_it_has_no_such_key() -> None:
    device = FakeDevice()
    with pytest.raises(DeviceError, match=r"/dev/input/event0 has no key KEY_F14\."):
        watch(KeyTrigger("/dev/input/event0", "KEY_F14", lambda _: device))
    assert device.closed


def test_error_no_such_pin() -> None:
    with contextlib.closing(Button()), pytest.raises(DeviceError) as caught:
        watch(ButtonTrigger(63))
    assert caught.value.message.startswith("The button at GPIO 63 cannot be used: ")


@pytest.mark.parametrize(
    ("package", "make", "extra"),
    [
        ("evdev", lambda: KeyTrigger("/dev/input/event0", "KEY_F13"), "keys"),
        ("gpiozero", lambda: ButtonTrigger(17), "gpio"),
    ],
)
def test_error_the_package_is_missing(
    monkeypatch: pytest.MonkeyPatch, package: str, make: Callable[[], Trigger], extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EngineError) as caught:
        make()
    assert caught.value.hint == f"Install it: pip install 'assistant[{extra}]'"

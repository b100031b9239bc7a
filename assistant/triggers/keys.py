"""A key of an input device, such as a pedal, a remote control or a keyboard: Linux's evdev."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from assistant.errors import DeviceError, EngineError

PRESSED = 1
"""The value of a key event; 0 is its release, 2 its repetition while it is held."""


class KeyTrigger:
    """A ``key`` as Linux names it, KEY_F13, of the ``device`` at this path.

    ``open_device`` opens it as evdev's ``InputDevice`` does.
    """

    def __init__(
        self, device: str, key: str, open_device: Callable[[str], Any] | None = None
    ) -> None:
        self._device = device
        self._key = key
        self._open = open_device or load_evdev().InputDevice

    @property
    def name(self) -> str:
        """The key and its device."""
        return f"{self._key} of {self._device}"

    async def watch(self, ready: Callable[[], None], pressed: Callable[[], None]) -> None:
        """Call ``pressed`` each time, until cancelled; ``ready`` once it can be pressed.

        Raises DeviceError when the device is not there or has no such key, or is pulled out.
        """
        code = key_codes()[self._key]
        device = self._opened(code)
        loop = asyncio.get_running_loop()
        gone: asyncio.Future[None] = loop.create_future()

        def read() -> None:
            try:
                for event in device.read():
                    if (event.type, event.code, event.value) == (_KEYS, code, PRESSED):
                        pressed()
            except BlockingIOError:
                return
            except OSError as error:
                if not gone.done():
                    gone.set_exception(error)

        loop.add_reader(device.fd, read)
        try:
            ready()
            await gone
        except OSError as error:
            raise DeviceError(f"{self._device} is gone.", "Is it still plugged in?") from error
        finally:
            loop.remove_reader(device.fd)
            device.close()

    def _opened(self, code: int) -> Any:
        try:
            device = self._open(self._device)
        except PermissionError as error:
            raise DeviceError(
                f"{self._device} may not be read.",
                "Add the user to the group input; for the service see docs/operations.md.",
            ) from error
        except OSError as error:
            raise DeviceError(
                f"{self._device} cannot be opened: {error.strerror or error}.", "Is it plugged in?"
            ) from error
        if code not in device.capabilities().get(_KEYS, []):
            device.close()
            raise DeviceError(
                f"{self._device} has no key {self._key}.",
                "evtest shows the names of its keys: sudo apt install evtest",
            )
        return device


_KEYS = 1  # EV_KEY of <linux/input-event-codes.h>


def key_codes() -> dict[str, int]:
    """Return the code of each key and button by its name. Raises EngineError."""
    codes: dict[str, int] = load_evdev().ecodes.ecodes
    return {name: code for name, code in codes.items() if name.startswith(("KEY_", "BTN_"))}


def known_keys() -> Collection[str]:
    """Return the names of all keys. Raises EngineError."""
    return key_codes().keys()


def load_evdev() -> Any:
    """Give the package evdev. Raises EngineError when it is missing."""
    try:
        import evdev  # noqa: PLC0415 - optional, and only for who has such a trigger
    except ImportError as error:
        raise EngineError(
            "The package evdev is not installed, which a key as a trigger needs.",
            "Install it: pip install 'assistant[keys]'",
        ) from error
    return evdev

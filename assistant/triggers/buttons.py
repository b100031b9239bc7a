"""A button at a GPIO pin, which connects it to ground: gpiozero."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from assistant.errors import DeviceError, EngineError

BOUNCE_SECONDS = 0.03
"""A contact closes and opens some times within so long; that is one press."""


class ButtonTrigger:
    """The button at a pin, by Broadcom's number of it."""

    def __init__(self, pin: int) -> None:
        self._pin = pin
        self._gpiozero = load_gpiozero()

    @property
    def name(self) -> str:
        """The pin."""
        return f"GPIO {self._pin}"

    async def watch(self, ready: Callable[[], None], pressed: Callable[[], None]) -> None:
        """Call ``pressed`` each time, until cancelled; ``ready`` once it can be pressed.

        Raises DeviceError when the pin cannot be used.
        """
        loop = asyncio.get_running_loop()
        try:
            button = self._gpiozero.Button(self._pin, bounce_time=BOUNCE_SECONDS)
        except (self._gpiozero.GPIOZeroError, OSError, RuntimeError, ValueError) as error:
            raise DeviceError(
                f"The button at GPIO {self._pin} cannot be used: {str(error).rstrip('.')}.",
                "Is this a Raspberry Pi, and may the user use its pins (group gpio)?",
            ) from error
        try:
            # gpiozero calls from a thread of its own.
            button.when_pressed = lambda: loop.call_soon_threadsafe(pressed)
            ready()
            await loop.create_future()
        finally:
            button.close()


def load_gpiozero() -> Any:
    """Give the package gpiozero. Raises EngineError when it is missing."""
    try:
        import gpiozero  # noqa: PLC0415 - optional, and only for who has such a trigger
    except ImportError as error:
        raise EngineError(
            "The package gpiozero is not installed, which a button as a trigger needs.",
            "Install it: pip install 'assistant[gpio]'",
        ) from error
    return gpiozero

"""Whether the microphones are off, and until when.

That is a setting, so that it outlives a restart. Belongs to the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import ActionError, StateError
from assistant.events import Muted, PartFailed, Unmuted

if TYPE_CHECKING:
    from assistant.actions.volume import SettingsStore
    from assistant.ports import Emit

SETTING = "mute"
CHECK_SECONDS = 10.0
"""The clock is looked at this often, so that setting it is noticed."""
LONGEST_SECONDS = 366 * 86_400.0


class Muting:
    """Turns all microphones off and on by ``switch``, and tells it.

    ``ended`` is called when the time is over for which they were to be off.
    """

    def __init__(
        self,
        settings: SettingsStore,
        switch: Callable[[bool], None],
        emit: Emit,
        ended: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._switch = switch
        self._emit = emit
        self._ended = ended
        self._now = now
        self._changed = asyncio.Event()
        kept = settings.setting(SETTING)
        self.is_muted = kept is not None
        self._until: float | None = kept["until"] if kept else None
        if self.is_muted:
            switch(True)

    def mute(self, seconds: float | None = None) -> None:
        """Turn them off, for so many seconds, or until ``unmute``.

        Raises StateError when that cannot be kept: they are off all the same. Raises ActionError
        for more than a year, or no time at all.
        """
        if seconds is not None and not 0 < seconds <= LONGEST_SECONDS:
            raise ActionError("a microphone is off for a year at most", "Leave the time out.")
        self.is_muted = True
        self._until = None if seconds is None else self._now() + seconds
        self._switch(True)
        self._emit(Muted(seconds))
        self._changed.set()
        self._settings.set_setting(SETTING, {"until": self._until})

    def unmute(self) -> bool:
        """Turn them on; false where they were. Raises StateError when that cannot be kept."""
        if not self.is_muted:
            return False
        self._settings.set_setting(SETTING, None)
        self.is_muted, self._until = False, None
        self._switch(False)
        self._emit(Unmuted())
        self._changed.set()
        return True

    async def run(self) -> None:
        """Turn them on when the time is over, until cancelled."""
        while True:
            self._changed.clear()
            wait = None
            if self._until is not None:
                wait = min(self._until - self._now(), CHECK_SECONDS)
                if wait <= 0 and self._unmute_in_time():
                    continue
                wait = CHECK_SECONDS if wait <= 0 else wait
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait()

    def _unmute_in_time(self) -> bool:
        """Turn them on; false where that cannot be kept, and is to be tried again."""
        try:
            self.unmute()
        except StateError as error:
            self._emit(PartFailed("state", str(error)))
            return False
        self._ended()
        return True

    def status(self) -> dict[str, Any]:
        """Tell whether they are off, and until when, as ISO 8601 in local time; '' for no end."""
        until = "" if self._until is None else _local(self._until)
        return {"muted": self.is_muted, "muted_until": until}


def _local(moment: float) -> str:
    return datetime.fromtimestamp(moment).astimezone().isoformat(timespec="seconds")

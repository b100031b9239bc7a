"""What is asked of the core from outside, by the control socket, a key or a button.

Belongs to the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.dialogue.state import Phase
from assistant.errors import AssistantError, ControlError
from assistant.events import (
    AnnouncementDue,
    ListenRequested,
    NothingHeard,
    PartFailed,
    StopHeard,
    TextGiven,
)
from assistant.wakewords import domain_settings

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.conversation import Conversation
    from assistant.listeners import Listeners
    from assistant.muting import Muting
    from assistant.ports import Emit
    from assistant.turn import TurnRecord
    from assistant.upkeep import Upkeep


class Requests:
    """Answers what a client asks for, and does what a key does.

    ``statuses`` each tell a part of how everything is.
    """

    def __init__(
        self,
        conversation: Conversation,
        *,
        settings: Settings,
        listeners: Listeners,
        muting: Muting,
        upkeep: Upkeep,
        emit: Emit,
        statuses: Sequence[Callable[[], dict[str, Any]]],
    ) -> None:
        self._conversation = conversation
        self._settings = settings
        self._listeners = listeners
        self._muting = muting
        self._upkeep = upkeep
        self._emit = emit
        self._statuses = statuses

    async def say(self, text: str, domain: str) -> TurnRecord:
        """Take a command as text. Raises ControlError where there is no such domain."""
        if domain not in (known := domain_settings(self._settings)):
            others = ", ".join(f"'{name}'" for name in known if name) or "none but the default"
            raise ControlError(f"there is no domain '{domain}'", f"The wake words open {others}.")
        return await self._conversation.say(text, domain)

    def listen(self, microphone: str) -> None:
        """Open a microphone as after a wake word; without a name, the first one that works.

        Raises ControlError where there is none of that name.
        """
        known = self._listeners.names
        if microphone and microphone not in known:
            others = ", ".join(f"'{name}'" for name in known if name) or "one without a name"
            raise ControlError(f"there is no microphone '{microphone}'", f"There is {others}.")
        if self._muting.is_muted:
            raise ControlError("the microphone is muted", "Have it hear again: assistant unmute")
        self._conversation.handle(ListenRequested(self._listeners.one_that_works(microphone)))

    def mute(self, seconds: float | None) -> None:
        """Hear nothing, for so many seconds or until ``unmute``. Raises StateError."""
        self._muting.mute(seconds)

    def unmute(self) -> bool:
        """Hear again; false where nothing was muted. Raises StateError."""
        return self._muting.unmute()

    def announce(self, text: str) -> None:
        """Say this to everybody, once nothing else is going on."""
        self._conversation.handle(AnnouncementDue("", text))

    async def reload(self) -> dict[str, Any]:
        """Read the intent files again; tells how many there are. Raises IntentError."""
        return await self._upkeep.reload()

    def status(self) -> dict[str, Any]:
        """Tell how everything is."""
        return {name: value for part in self._statuses for name, value in part().items()}

    def press(self, does: str) -> None:
        """Do what a key or a button does: 'listen', 'mute', 'stop' or a sentence."""
        match does:
            case "listen" if self._muting.is_muted:
                self._conversation.handle(AnnouncementDue("muted"))
            case "listen":
                self.listen("")
            case "mute":
                self._toggle_mute()
            case "stop":
                listens = self._conversation.phase is Phase.LISTENING
                self._conversation.handle(NothingHeard() if listens else StopHeard())
            case sentence:
                self._conversation.handle(TextGiven(sentence))

    def _toggle_mute(self) -> None:
        """Mute or hear again, and say so: a button does not tell."""
        try:
            hears = self.unmute()
            if not hears:
                self.mute(None)
        except AssistantError as error:
            self._emit(PartFailed("state", str(error)))
        else:
            self._conversation.handle(AnnouncementDue("unmuted" if hears else "muted"))

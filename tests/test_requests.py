"""What clients, keys and buttons ask for, without an assistant around it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.config import Settings
from assistant.dialogue.state import Phase
from assistant.errors import ControlError, StateError
from assistant.events import (
    AnnouncementDue,
    Event,
    ListenRequested,
    NothingHeard,
    PartFailed,
    StopHeard,
    TextGiven,
)
from assistant.requests import Requests


@dataclass
class FakeMuting:
    is_muted: bool = False
    broken: bool = False

    def mute(self, seconds: float | None) -> None:
        if self.broken:
            raise StateError("The disk is full.", "Make room.")
        self.is_muted = True

    def unmute(self) -> bool:
        was, self.is_muted = self.is_muted, False
        return was

    def status(self) -> dict[str, Any]:
        return {"muted": self.is_muted}


@dataclass
class Home:
    """A core's parts, which note what they are asked for."""

    muting: FakeMuting = field(default_factory=FakeMuting)
    phase: Phase = Phase.WAITING
    happened: list[Event] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)

    @property
    def requests(self) -> Requests:
        parts: Any = SimpleNamespace(
            phase=self.phase,
            handle=self.happened.append,
            names=("kitchen", "hall"),
            one_that_works=lambda name: name or "hall",
        )
        muting: Any = self.muting
        return Requests(
            parts,
            settings=Settings(),
            listeners=parts,
            muting=muting,
            upkeep=parts,
            emit=self.told.append,
            statuses=(lambda: {"phase": self.phase.value}, self.muting.status),
        )

    def press(self, does: str) -> list[Event]:
        self.requests.press(does)
        return self.happened


def test_a_key_listens_with_the_first_microphone_that_works() -> None:
    assert Home().press("listen") == [ListenRequested("hall")]


def test_a_key_that_listens_says_that_nothing_is_heard_while_it_is_muted() -> None:
    assert Home(FakeMuting(is_muted=True)).press("listen") == [AnnouncementDue("muted")]


@pytest.mark.parametrize(("muted", "said"), [(False, "muted"), (True, "unmuted")])
def test_a_key_mutes_and_the_next_press_takes_it_back(muted: bool, said: str) -> None:
    home = Home(FakeMuting(is_muted=muted))
    assert home.press("mute") == [AnnouncementDue(said)]
    assert home.muting.is_muted is not muted


def test_a_mute_that_cannot_be_kept_is_told() -> None:
    home = Home(FakeMuting(broken=True))
    assert home.press("mute") == []
    assert home.told == [PartFailed("state", "The disk is full. Make room.")]


def test_a_key_stops_what_goes_on() -> None:
    assert Home().press("stop") == [StopHeard()]
    assert Home(phase=Phase.LISTENING).press("stop") == [NothingHeard()]


def test_a_key_gives_a_sentence() -> None:
    assert Home().press("turn on the lamp") == [TextGiven("turn on the lamp")]


def test_error_a_microphone_that_is_not_there() -> None:
    with pytest.raises(ControlError, match="no microphone 'attic'") as error:
        Home().requests.listen("attic")
    assert error.value.hint == "There is 'kitchen', 'hall'."


def test_error_listening_while_muted() -> None:
    home = Home(FakeMuting(is_muted=True))
    with pytest.raises(ControlError, match="muted"):
        home.requests.listen("kitchen")
    assert home.happened == []


def test_error_a_domain_that_is_not_there() -> None:
    with pytest.raises(ControlError, match="no domain 'german'"):
        asyncio.run(Home().requests.say("stop", "german"))


def test_the_status_is_that_of_all_parts() -> None:
    assert Home().requests.status() == {"phase": "waiting", "muted": False}

"""Turning the microphones off: on a real store, with a clock that is turned by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import ActionError, StateError
from assistant.events import Event, Muted, Unmuted
from assistant.muting import Muting
from assistant.state import StateStore


class Ears:
    """An assistant's ears; each ``Ears`` on the same store is one after a restart."""

    def __init__(self, store: StateStore, now: float = 1_000_000.0) -> None:
        self.switched: list[bool] = []
        self.events: list[Event] = []
        self.ended: list[float] = []
        self.now = now
        self.muting = Muting(
            store, self.switched.append, self.events.append, self._end, lambda: self.now
        )

    def _end(self) -> None:
        self.ended.append(self.now)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    with closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        yield store


def test_off_until_somebody_turns_them_on(store: StateStore) -> None:
    ears = Ears(store)
    ears.muting.mute()
    assert ears.switched == [True]
    assert ears.muting.status() == {"muted": True, "muted_until": ""}
    assert ears.muting.unmute()
    assert ears.switched == [True, False]
    assert ears.muting.status() == {"muted": False, "muted_until": ""}
    assert ears.events == [Muted(), Unmuted()]


def test_on_already(store: StateStore) -> None:
    ears = Ears(store)
    assert not ears.muting.unmute()
    assert (ears.switched, ears.events) == ([], [])


def test_off_after_a_restart(store: StateStore) -> None:
    Ears(store).muting.mute()
    again = Ears(store)
    assert again.switched == [True]
    assert again.muting.is_muted
    assert again.muting.unmute()
    assert Ears(store).switched == []


def test_for_a_time(store: StateStore) -> None:
    ears = Ears(store)

    async def scene() -> None:
        ears.muting.mute(600)
        running = asyncio.create_task(ears.muting.run())
        await asyncio.sleep(0)
        assert ears.muting.is_muted
        ears.now += 599.99
        ears.muting.mute(0.005)  # looks at the clock again
        ears.now += 0.01
        async with asyncio.timeout(30):
            while Unmuted() not in ears.events:  # noqa: ASYNC110 - it happens in this loop
                await asyncio.sleep(0)
        running.cancel()

    asyncio.run(scene())
    assert ears.events == [Muted(600), Muted(0.005), Unmuted()]
    assert ears.ended == [pytest.approx(1_000_600.0)]


def test_a_time_that_was_over_before_the_restart_is_over(store: StateStore) -> None:
    Ears(store).muting.mute(600)
    later = Ears(store, now=1_000_601.0)
    assert later.muting.is_muted  # until it runs: nothing is heard before

    async def scene() -> None:
        running = asyncio.create_task(later.muting.run())
        await asyncio.sleep(0)
        assert not later.muting.is_muted
        running.cancel()

    asyncio.run(scene())
    assert later.ended == [1_000_601.0]


def test_the_end_is_told_with_its_time_zone(store: StateStore) -> None:
    ears = Ears(store)
    ears.muting.mute(600)
    until = ears.muting.status()["muted_until"]
    assert len(until) == len("2026-03-01T07:30:00+00:00")


@pytest.mark.parametrize("seconds", [0.0, -5.0, 1e12])
def test_error_of_a_time_that_makes_no_sense(store: StateStore, seconds: float) -> None:
    ears = Ears(store)
    with pytest.raises(ActionError):
        ears.muting.mute(seconds)
    assert not ears.muting.is_muted


def test_error_what_cannot_be_kept_is_off_all_the_same(store: StateStore) -> None:
    ears = Ears(store)
    store.close()
    with pytest.raises(StateError):
        ears.muting.mute()
    assert ears.switched == [True]
    assert ears.muting.is_muted
    with pytest.raises(StateError):  # never on, where it would be off after a restart
        ears.muting.unmute()
    assert ears.muting.is_muted

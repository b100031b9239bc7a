"""Sentences that were not understood are kept, with what was meant, as many as the owner wants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import StateError
from assistant.events import Event, NearlyUnderstood, PartFailed, TurnEnded, Understood
from assistant.missedkeeping import PART, MissedKeeper
from assistant.state import StateStore
from assistant.turn import Match, Outcome, TurnRecord

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
LIGHT = Match("TurnOn", (), "turn on the light", "turn on the light", "house.yaml:1:1")
FAN = LIGHT._replace(text="turn on the fan")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    with closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        yield store


class Kept:
    def __init__(self, store: StateStore, most: int = 200) -> None:
        self.store = store
        self.told: list[Event] = []
        self.keeper = MissedKeeper(store, most, lambda: NOW, self.told.append)

    def not_understood(self, text: str) -> None:
        record = TurnRecord(outcome=Outcome.NOT_UNDERSTOOD, transcript=text)
        self.keeper.take(TurnEnded(record))

    @property
    def sentences(self) -> list[tuple[str, str, int]]:
        return [(one.text, one.meant, one.times) for one in self.store.missed()]


def test_what_was_not_understood_is_kept_and_counted(store: StateStore) -> None:
    kept = Kept(store)
    kept.not_understood("make it cosy")
    kept.not_understood("make it cosy")
    kept.not_understood("")
    kept.keeper.take(TurnEnded(TurnRecord(outcome=Outcome.ACTED, transcript="stop")))
    assert kept.sentences == [("make it cosy", "", 2)]


def test_a_yes_tells_what_was_meant(store: StateStore) -> None:
    kept = Kept(store)
    kept.keeper.take(NearlyUnderstood("turn of light", (LIGHT.text,), ((LIGHT,),)))
    kept.keeper.take(Understood("yes", LIGHT))
    assert kept.sentences == [("turn of light", "turn on the light", 1)]


def test_a_no_does_not(store: StateStore) -> None:
    kept = Kept(store)
    kept.keeper.take(NearlyUnderstood("turn of light", (LIGHT.text,), ((LIGHT,),)))
    kept.keeper.take(Understood("what time is it", FAN))
    kept.keeper.take(Understood("turn on the light", LIGHT))
    assert kept.sentences == []


def test_no_i_meant_tells_it_too(store: StateStore) -> None:
    kept = Kept(store)
    kept.keeper.take(Understood("turn on the fan", FAN))
    kept.keeper.take(Understood("no I meant turn on the light", LIGHT, instead=True))
    assert kept.sentences == [("turn on the fan", "turn on the light", 1)]


def test_with_none_to_be_kept_those_of_before_are_erased(store: StateStore) -> None:
    Kept(store).not_understood("make it cosy")
    kept = Kept(store, most=0)
    kept.not_understood("make it warm")
    assert kept.sentences == []


def test_a_store_that_cannot_is_told(store: StateStore) -> None:
    class Full(StateStore):
        def add_missed(self, text: str, meant: str, now: datetime, most: int) -> None:
            raise StateError("the disk is full")

    kept = Kept(store)
    kept.keeper = MissedKeeper(
        Full(store._connection, store.path, None), 200, lambda: NOW, kept.told.append
    )
    kept.not_understood("make it cosy")
    assert kept.told == [PartFailed(PART, "The disk is full.")]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.integers(1, 5))
def test_of_many_the_last_ones_are_kept(texts: list[str], most: int) -> None:
    with closing(StateStore.open(Path(":memory:"))) as store:
        for number, text in enumerate(texts):
            store.add_missed(text, "", NOW + timedelta(seconds=number), most)
        latest = list(dict.fromkeys(reversed(texts)))[:most]
        assert [one.text for one in store.missed()] == latest

"""Who gets the floor, and with it the recognizers."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.audio.frames import Samples
from assistant.floor import Floor
from assistant.hearing import Hearing
from assistant.ports import Grammar, StopListener, UnknownWord
from assistant.turn import Transcript, Wake
from assistant.wakewords import DEFAULT
from tests.recordings import grammar_of

KITCHEN = Wake("hey_jarvis", 0.7, 1.44, microphone="kitchen", snr_db=30.0)
HALL = Wake("hey_jarvis", 0.9, 1.52, microphone="hall", snr_db=20.0)
BATH = Wake("hey_jarvis", 0.8, 1.52, microphone="bath", snr_db=35.0)
STOP = replace(KITCHEN, name="hey_marvin", command="stop")
GRAMMARS = {DEFAULT: (grammar_of("what time is it"), None)}


class Deaf:
    """A recognizer that remembers its grammars; ``busy`` holds it up while it takes one."""

    name = "deaf"

    def __init__(self) -> None:
        self.grammars: list[Grammar] = []
        self.dropped: list[Grammar] = []
        self.busy: threading.Event | None = None
        self.began = threading.Event()

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        self.began.set()
        if self.busy is not None:
            assert self.busy.wait(10)
        self.grammars.append(grammar)
        return [UnknownWord("time")]

    def drop(self, grammar: Grammar) -> None:
        self.dropped.append(grammar)

    def start(self, before: Samples | None = None) -> None:
        raise NotImplementedError

    def feed(self, samples: Samples) -> str:
        raise NotImplementedError

    def prepare(self, utterance: Samples) -> Transcript | None:
        raise NotImplementedError

    def finish(self, utterance: Samples) -> Transcript:
        raise NotImplementedError

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:
        raise NotImplementedError


class House:
    """A floor whose clock a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.recognizer = Deaf()
        self.floor = Floor(Hearing({DEFAULT: self.recognizer}, ()), lambda: self.seconds)

    def holder(self) -> list[str]:
        """Who has it."""
        found = []
        for name in ("kitchen", "hall", "bath"):
            with self.floor.recognizing(name) as hearing:
                found += [name] if hearing is not None else []
        return found


@pytest.fixture
def house() -> House:
    return House()


# --- the same word at several microphones ---------------------------------------------------------


def test_the_first_one_gets_the_floor_at_once(house: House) -> None:
    assert house.floor.claim(HALL) is None
    assert house.holder() == ["hall"]


def test_where_the_same_word_stands_out_more_it_goes_on(house: House) -> None:
    house.floor.claim(HALL)
    house.seconds += 0.3
    assert house.floor.claim(KITCHEN) == HALL
    assert house.holder() == ["kitchen"]
    house.seconds += 0.1
    assert house.floor.claim(BATH) == KITCHEN
    assert house.holder() == ["bath"]


def test_where_it_stands_out_less_it_is_dropped_whatever_its_score(house: House) -> None:
    house.floor.claim(KITCHEN)
    assert house.floor.claim(HALL) == HALL
    assert house.floor.claim(replace(HALL, snr_db=KITCHEN.snr_db)).microphone == "hall"  # type: ignore[union-attr]
    assert house.holder() == ["kitchen"]


@pytest.mark.parametrize(
    "better", [replace(BATH, name="alexa"), replace(BATH, name="hey_marvin", command="stop")]
)
def test_another_word_gets_no_floor_that_is_taken(house: House, better: Wake) -> None:
    house.floor.claim(HALL)
    assert house.floor.claim(better) == better
    assert house.holder() == ["hall"]


def test_after_half_a_second_it_is_another_call_and_comes_too_late(house: House) -> None:
    house.floor.claim(HALL)
    house.seconds += 0.5
    assert house.floor.claim(KITCHEN) == KITCHEN
    assert house.holder() == ["hall"]


def test_a_command_that_is_over_is_not_taken_away(house: House) -> None:
    house.floor.claim(HALL)
    assert house.floor.settle("hall")
    assert house.floor.claim(KITCHEN) == KITCHEN
    assert not house.floor.settle("kitchen")
    house.floor.leave("hall")
    assert house.floor.claim(KITCHEN) == KITCHEN  # still the same call
    house.seconds += 0.5
    assert house.floor.claim(KITCHEN) is None


def test_a_word_that_is_a_command_is_done_once_and_leaves_the_floor_free(house: House) -> None:
    assert house.floor.claim(STOP) is None
    assert house.holder() == []
    elsewhere = replace(STOP, microphone="hall", snr_db=60.0)
    assert house.floor.claim(elsewhere) == elsewhere
    assert house.floor.claim(HALL) is None
    house.floor.leave("hall")
    house.seconds += 0.5
    assert house.floor.claim(elsewhere) is None


def test_the_same_microphone_hears_it_as_often_as_it_likes(house: House) -> None:
    assert [house.floor.claim(STOP) for _ in range(3)] == [None, None, None]


# --- what the dialogue wants ----------------------------------------------------------------------


def test_the_dialogue_gives_the_floor_and_takes_it(house: House) -> None:
    house.floor.claim(KITCHEN)
    house.floor.take("bath")
    assert house.holder() == ["bath"]
    assert house.floor.claim(HALL) == HALL
    house.floor.leave("kitchen")
    assert house.holder() == ["bath"]
    house.floor.free()
    assert house.holder() == []


def test_what_is_offered_is_taken_by_whoever_is_first(house: House) -> None:
    assert house.floor.offer("kitchen")
    assert not house.floor.offer("hall")
    assert house.floor.offer("kitchen")
    house.floor.free()
    assert house.floor.offer("hall")


def test_what_was_given_is_not_lost_to_a_better_call_than_before(house: House) -> None:
    house.floor.claim(HALL)
    house.floor.take("bath")
    assert house.floor.claim(KITCHEN) == KITCHEN
    assert house.holder() == ["bath"]


# --- the recognizers ------------------------------------------------------------------------------


def test_new_grammars_wait_until_the_floor_is_free(house: House) -> None:
    told: list[Sequence[UnknownWord]] = []
    house.floor.claim(KITCHEN)
    house.floor.use_next(GRAMMARS, told.append)
    house.floor.keep_ready()
    assert (house.recognizer.grammars, told) == ([], [])
    house.floor.leave("kitchen")
    house.floor.keep_ready()
    house.floor.keep_ready()
    assert (len(house.recognizer.grammars), told) == (1, [[UnknownWord("time")]])


def test_nobody_waits_for_who_gets_the_recognizers_ready(house: House) -> None:
    """A microphone that waits for the wake word is not held up, and one that heard it claims."""
    house.recognizer.busy = threading.Event()
    house.floor.use_next(GRAMMARS, lambda _: None)
    preparing = threading.Thread(target=house.floor.keep_ready)
    preparing.start()
    assert house.recognizer.began.wait(10)
    house.floor.keep_ready()
    assert house.floor.claim(HALL) is None
    house.recognizer.busy.set()
    preparing.join(10)
    assert house.holder() == ["hall"]
    assert len(house.recognizer.grammars) == 1


def test_before_there_are_grammars_nothing_stops_a_reply(house: House) -> None:
    assert house.floor.listen_for_stop(DEFAULT) is None

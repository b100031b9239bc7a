"""The audio thread, on a pipeline with real engines."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.errors import DeviceError, RecordingError
from assistant.events import (
    ChunkHeard,
    Event,
    NothingHeard,
    PartFailed,
    PartWorks,
    Ready,
    Transcribed,
    WakeDetected,
)
from assistant.listening import Listener
from assistant.pipeline import Pipeline
from tests.recordings import chunks_of, shared_pipeline, silence

pytestmark = pytest.mark.engines


class ListSource:
    """Chunks from a list; then its end, an error, or a wait until it is closed."""

    name = "a list"
    is_device = False

    def __init__(self, chunks: Sequence[Samples], end: str = "end") -> None:
        self._chunks = list(chunks)
        self._end = end
        self._closed = threading.Event()

    def read(self) -> Samples | None:
        if self._chunks:
            return self._chunks.pop(0)
        if self._end == "lost":
            raise RecordingError("The recording is damaged.")
        if self._end == "wait":
            self._closed.wait()
        return None

    def close(self) -> None:
        self._closed.set()


class Heard:
    """What a listener hands out."""

    def __init__(self, source: ListSource, pipeline: Pipeline) -> None:
        self.events: list[Event] = []
        self.error: BaseException | None = None
        self._over = threading.Event()
        self.listener = Listener(lambda: source, pipeline, self.events.append, self._ended)

    def _ended(self, error: BaseException | None) -> None:
        self.error = error
        self._over.set()

    def to_the_end(self) -> Heard:
        self.listener.start()
        assert self._over.wait(60)
        return self


@pytest.fixture
def pipeline() -> Pipeline:
    pipeline = shared_pipeline()
    pipeline.begin()
    return pipeline


def test_a_recording_is_heard_to_its_end(pipeline: Pipeline) -> None:
    heard = Heard(ListSource(chunks_of("what-time", 2.0)), pipeline).to_the_end()
    kinds = [type(event) for event in heard.events]
    assert kinds[0] is Ready
    assert WakeDetected in kinds
    assert kinds[-1] is Transcribed
    assert heard.error is None
    assert heard.listener.chunks == len(chunks_of("what-time", 2.0))


def test_levels_come_only_when_wanted(pipeline: Pipeline) -> None:
    unwanted = Heard(ListSource(silence(0.4)), pipeline).to_the_end()
    assert [type(event) for event in unwanted.events] == [Ready]
    wanted = Heard(ListSource(silence(0.4)), pipeline)
    wanted.listener.wants_levels = True
    wanted.to_the_end()
    assert sum(isinstance(event, ChunkHeard) for event in wanted.events) == 5


def test_a_damaged_recording_ends_it(pipeline: Pipeline) -> None:
    heard = Heard(ListSource(silence(0.4), end="lost"), pipeline).to_the_end()
    assert str(heard.error) == "The recording is damaged."


def test_a_microphone_that_does_not_open_is_told(pipeline: Pipeline) -> None:
    def refuse() -> ListSource:
        raise DeviceError("There is no microphone 'a list'.")

    ended: list[BaseException | None] = []
    over = threading.Event()

    def note(error: BaseException | None) -> None:
        ended.append(error)
        over.set()

    Listener(refuse, pipeline, lambda _: None, note).start()
    assert over.wait(10)
    assert [str(error) for error in ended] == ["There is no microphone 'a list'."]


def test_told_before_it_starts_a_command_comes_before_the_first_chunk(pipeline: Pipeline) -> None:
    heard = Heard(ListSource(chunks_of("command-without-wake-word", 2.0)), pipeline)
    heard.listener.tell(Pipeline.listen)
    heard.to_the_end()
    texts = [event.transcript.text for event in heard.events if isinstance(event, Transcribed)]
    assert texts == ["set a timer for five minutes"]


def test_stopping_ends_the_thread_and_is_no_failure(pipeline: Pipeline) -> None:
    heard = Heard(ListSource(silence(0.4), end="wait"), pipeline)
    heard.listener.start()
    assert heard.listener.stop()
    assert heard.error is None


# --- muted ----------------------------------------------------------------------------------------


class Microphone:
    """A device that is opened again and again; each time it gives chunks until it is closed."""

    name = "a microphone"
    is_device = True

    def __init__(self) -> None:
        self.opened = 0
        self.closed = 0
        self.reads = 0
        self.refused = 0
        self.gone = False
        self._changed = threading.Condition()
        self._chunks: list[Samples] = []

    def open(self) -> Microphone:
        with self._changed:
            if self.gone:
                self.refused += 1
                self._changed.notify_all()
                raise DeviceError("There is no microphone.")
            self.opened += 1
            self._changed.notify_all()
        return self

    def read(self) -> Samples | None:
        with self._changed:
            self.reads += 1
            assert self._changed.wait_for(
                lambda: self._chunks or self.gone or self.closed >= self.opened, 60
            )
            if self.gone:
                raise DeviceError("The microphone is gone.")
            return self._chunks.pop(0) if self._chunks else None

    def close(self) -> None:
        with self._changed:
            self.closed = self.opened
            self._changed.notify_all()

    def pull_out(self, gone: bool = True) -> None:
        """Pull it out, or plug it in again."""
        with self._changed:
            self.gone = gone
            self._changed.notify_all()

    def wait_until_looked_for(self, times: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.refused >= times, 60)

    def give(self, chunks: Sequence[Samples]) -> None:
        """Have it hear this; returns once that has been read."""
        with self._changed:
            self._chunks += chunks
            self._changed.notify_all()

    def wait_until_open(self, times: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.opened == times, 60)

    def wait_until_closed(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.closed == self.opened, 60)


class Room:
    """A listener at a microphone, and what it tells."""

    def __init__(self, pipeline: Pipeline, *, patient: bool = False) -> None:
        self.microphone = Microphone()
        self.events: list[Event] = []
        self._told = threading.Condition()
        self.ended: list[BaseException | None] = []
        self.listener = Listener(
            self.microphone.open,
            pipeline,
            self._tell,
            self.ended.append,
            patient=patient,
            retry_seconds=0.01,
        )

    def _tell(self, event: Event) -> None:
        with self._told:
            self.events.append(event)
            self._told.notify_all()

    def wait_for(self, kind: type[Event]) -> None:
        with self._told:
            told = self._told.wait_for(lambda: any(isinstance(e, kind) for e in self.events), 60)
        assert told, self.events


def test_muted_the_device_is_closed_and_unmuted_opened_again(pipeline: Pipeline) -> None:
    room = Room(pipeline)
    room.listener.start()
    room.microphone.give(silence(0.08))
    room.wait_for(Ready)
    room.listener.mute(True)
    room.microphone.give(silence(0.08))
    room.microphone.wait_until_closed()
    chunks = room.listener.chunks
    room.listener.mute(False)
    room.microphone.wait_until_open(2)
    room.microphone.give(chunks_of("what-time", 2.0))
    room.wait_for(Transcribed)
    assert room.listener.chunks > chunks
    assert room.ended == []
    assert room.listener.stop()


def test_muted_before_it_starts_the_device_is_closed_before_anything_is_read(
    pipeline: Pipeline,
) -> None:
    room = Room(pipeline)
    room.listener.mute(True)
    room.listener.start()
    room.microphone.wait_until_open(1)
    room.microphone.wait_until_closed()
    assert room.microphone.reads == 0
    room.listener.mute(False)
    room.microphone.wait_until_open(2)
    room.microphone.give(silence(0.08))
    room.wait_for(Ready)
    assert room.listener.stop()
    assert room.ended == []


def test_muted_in_the_middle_of_a_command_nothing_of_it_is_heard(pipeline: Pipeline) -> None:
    room = Room(pipeline)
    room.listener.start()
    room.listener.tell(Pipeline.listen)
    room.microphone.give(chunks_of("command-without-wake-word")[:8])
    room.wait_for(Ready)
    room.listener.mute(True)
    room.microphone.give(chunks_of("command-without-wake-word")[8:9])
    room.wait_for(NothingHeard)
    room.microphone.wait_until_closed()
    room.listener.mute(False)
    room.microphone.wait_until_open(2)
    room.microphone.give(silence(2.0))
    assert room.listener.stop()
    assert not any(isinstance(event, Transcribed) for event in room.events)


def test_a_command_that_was_asked_for_just_before_is_heard_by_nobody(pipeline: Pipeline) -> None:
    room = Room(pipeline)
    room.listener.mute(True)
    room.listener.start()
    room.listener.tell(Pipeline.listen)
    room.wait_for(NothingHeard)
    assert room.listener.stop()


def test_a_stream_is_read_on_and_dropped(pipeline: Pipeline) -> None:
    """What is said meanwhile would else be heard later, out of the pipe."""
    heard = Heard(ListSource(chunks_of("what-time", 2.0)), pipeline)
    heard.listener.mute(True)
    heard.to_the_end()
    assert heard.events == []
    assert heard.listener.chunks == 0


# --- pulled out -----------------------------------------------------------------------------------


def test_a_microphone_that_is_pulled_out_is_told_once_and_heard_when_it_is_back(
    pipeline: Pipeline,
) -> None:
    room = Room(pipeline)
    room.listener.start()
    room.microphone.give(silence(0.08))
    room.wait_for(Ready)
    room.microphone.pull_out()
    room.microphone.wait_until_looked_for(3)
    room.microphone.pull_out(gone=False)
    room.microphone.give(chunks_of("what-time", 2.0))
    room.wait_for(Transcribed)
    assert room.listener.stop()
    kinds = [type(event) for event in room.events]
    assert kinds.count(Ready) == kinds.count(PartWorks) == 1
    assert [event for event in room.events if isinstance(event, PartFailed)] == [
        PartFailed("microphone", "The microphone is gone."),
        PartFailed("microphone", "There is no microphone."),
    ]
    assert room.listener.tries >= 3
    assert room.ended == []


def test_a_service_waits_for_a_microphone_from_the_start(pipeline: Pipeline) -> None:
    room = Room(pipeline, patient=True)
    room.microphone.pull_out()
    room.listener.start()
    room.microphone.wait_until_looked_for(2)
    room.microphone.pull_out(gone=False)
    room.microphone.give(silence(0.08))
    room.wait_for(PartWorks)
    room.wait_for(Ready)
    assert room.listener.stop()


def test_pulled_out_in_the_middle_of_a_command_nothing_of_it_is_heard(pipeline: Pipeline) -> None:
    room = Room(pipeline)
    room.listener.start()
    room.listener.tell(Pipeline.listen)
    room.microphone.give(chunks_of("command-without-wake-word")[:8])
    room.wait_for(Ready)
    room.microphone.pull_out()
    room.wait_for(NothingHeard)
    room.microphone.pull_out(gone=False)
    room.microphone.give(silence(2.0))
    room.wait_for(PartWorks)
    assert room.listener.stop()
    assert not any(isinstance(event, Transcribed) for event in room.events)


def test_it_ends_while_it_looks_for_a_microphone(pipeline: Pipeline) -> None:
    room = Room(pipeline, patient=True)
    room.microphone.pull_out()
    room.listener.start()
    room.wait_for(PartFailed)
    assert room.listener.stop()
    assert room.ended == []


def test_a_microphone_that_gives_nothing_but_zeros_is_told(pipeline: Pipeline) -> None:
    room = Room(pipeline)
    room.listener.start()
    room.microphone.give([np.zeros_like(chunk) for chunk in silence(60.0)])
    room.wait_for(PartFailed)
    room.microphone.give(chunks_of("what-time")[:3])
    room.wait_for(PartWorks)
    assert room.listener.stop()
    failure = next(event for event in room.events if isinstance(event, PartFailed))
    assert failure.message.startswith("The microphone 'a microphone' gives nothing but zeros.")

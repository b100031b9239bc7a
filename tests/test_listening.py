"""The audio thread, on a pipeline with real engines."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from assistant.audio.frames import Samples
from assistant.errors import DeviceError
from assistant.events import ChunkHeard, Event, Ready, Transcribed, WakeDetected
from assistant.listening import Listener
from assistant.pipeline import Pipeline
from tests.recordings import chunks_of, shared_pipeline, silence

pytestmark = pytest.mark.engines


class ListSource:
    """Chunks from a list; then its end, an error, or a wait until it is closed."""

    name = "a list"

    def __init__(self, chunks: Sequence[Samples], end: str = "end") -> None:
        self._chunks = list(chunks)
        self._end = end
        self._closed = threading.Event()

    def read(self) -> Samples | None:
        if self._chunks:
            return self._chunks.pop(0)
        if self._end == "lost":
            raise DeviceError("The microphone 'a list' is gone.")
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


def test_a_lost_microphone_is_told(pipeline: Pipeline) -> None:
    heard = Heard(ListSource(silence(0.4), end="lost"), pipeline).to_the_end()
    assert str(heard.error) == "The microphone 'a list' is gone."


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

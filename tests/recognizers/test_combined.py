"""Two recognizers together, of real recordings: when the second one hears, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.ports import Grammar, Recognizer, StopListener, UnknownWord
from assistant.recognizers.combined import BothListen, CombinedRecognizer
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.recognizers.vosk import VoskRecognizer
from assistant.turn import Transcript
from tests.recognizers.synthesised import say
from tests.recordings import VOSK_MODEL, grammar_of, samples_of

pytestmark = pytest.mark.engines

HOME = grammar_of("what time is it", "stop", "set a timer for (five|ten) minutes")
WHAT_TIME = samples_of("what-time")[33_600:60_800]
FIVE_MINUTES = samples_of("timer-five-minutes")[35_200:70_400]


def sphinx() -> Recognizer:
    return PocketSphinxRecognizer()


def vosk() -> Recognizer:
    return VoskRecognizer(VOSK_MODEL)


@dataclass
class Watched:
    """A recognizer, and what it was asked."""

    recognizer: Recognizer
    asked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.recognizer.name

    def use(self, grammar: Grammar) -> list[UnknownWord]:
        return list(self.recognizer.use(grammar))

    def drop(self, grammar: Grammar) -> None:
        self.recognizer.drop(grammar)

    def start(self, before: Samples | None = None) -> None:
        self.asked.append("start" if before is None else "start after a sound")
        self.recognizer.start(before)

    def feed(self, samples: Samples) -> str:
        self.asked.append("feed")
        return self.recognizer.feed(samples)

    def prepare(self, utterance: Samples) -> Transcript | None:
        self.asked.append("prepare")
        return self.recognizer.prepare(utterance)

    def finish(self, utterance: Samples) -> Transcript:
        self.asked.append("finish")
        return self.recognizer.finish(utterance)

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:
        return self.recognizer.listen_for_stop(grammar, sure=sure)


def hear(recognizer: Recognizer, audio: Samples) -> Transcript:
    recognizer.start()
    for at in range(0, len(audio), 1280):
        recognizer.feed(audio[at : at + 1280])
    return recognizer.finish(audio)


@pytest.fixture(params=[(sphinx, vosk), (vosk, sphinx)], ids=["sphinx first", "vosk first"])
def two(request: pytest.FixtureRequest) -> tuple[Recognizer, Recognizer]:
    first, second = request.param
    return first(), second()


def alone(recognizer: Recognizer, grammar: Grammar, audio: Samples) -> Transcript:
    recognizer.use(grammar)
    return hear(recognizer, audio)


def together(two: tuple[Recognizer, Recognizer], grammar: Grammar, audio: Samples) -> Transcript:
    return alone(CombinedRecognizer(*two), grammar, audio)


# --- what comes of it -----------------------------------------------------------------------------


@pytest.mark.parametrize("audio", [WHAT_TIME, FIVE_MINUTES], ids=["time", "timer"])
def test_agreeing_they_are_surer_than_each_is_alone(
    two: tuple[Recognizer, Recognizer], audio: Samples
) -> None:
    one, other = (alone(recognizer, HOME, audio) for recognizer in two)
    both = together(two, HOME, audio)
    assert both.text == one.text == other.text
    assert both.confidence == pytest.approx(
        1 - (1 - one.confidence) * (1 - other.confidence), abs=1e-6
    )
    assert both.confidence > max(min(one.confidence, 0.999), min(other.confidence, 0.999))


def test_differing_they_are_less_sure_and_each_is_told(
    two: tuple[Recognizer, Recognizer],
) -> None:
    """Of "cancel the timer" Vosk's fixture hears the shorter sentence."""
    grammar = grammar_of("cancel [the] timer", "stop")
    audio = samples_of("cancel-timer")[33_600:]
    one, other = (alone(recognizer, grammar, audio) for recognizer in two)
    assert {one.text, other.text} == {"cancel the timer", "cancel timer"}
    both = together(two, grammar, audio)
    assert {both.text, *both.alternatives} == {one.text, other.text}
    assert 0.0 < both.confidence < max(one.confidence, other.confidence)


def test_a_word_that_only_the_second_does_not_know_is_no_veto() -> None:
    grammar = grammar_of("turn on the (bandicoot|radio)", "stop")
    pair = CombinedRecognizer(sphinx(), vosk())
    assert pair.use(grammar) == []
    assert vosk().use(grammar) == [UnknownWord("bandicoot")]
    audio = say("turn on the bandicoot")
    of_sphinx = alone(sphinx(), grammar, audio)
    both = together((sphinx(), vosk()), grammar, audio)
    assert both.text == of_sphinx.text == "turn on the bandicoot"
    assert both.confidence == of_sphinx.confidence > 0.0


def test_a_word_that_the_first_does_not_know_is_told_and_left_to_the_second() -> None:
    grammar = grammar_of("turn on the (bandicoot|radio)", "stop")
    pair = CombinedRecognizer(vosk(), sphinx())
    assert pair.use(grammar) == [UnknownWord("bandicoot")]
    assert hear(pair, say("turn on the bandicoot")).text == "turn on the bandicoot"


# --- when the second one hears --------------------------------------------------------------------


def test_it_has_heard_a_whole_sentence_in_the_pause_and_does_not_hear_it_again() -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second)
    pair.use(HOME)
    pair.start(WHAT_TIME[:1600])
    pair.feed(WHAT_TIME)
    prepared = pair.prepare(WHAT_TIME)
    assert second.asked == ["start after a sound", "prepare", "feed", "finish"]
    assert pair.finish(WHAT_TIME) == prepared
    assert second.asked[4:] == []


def test_amid_a_sentence_it_hears_nothing() -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second)
    pair.use(HOME)
    pair.start()
    pair.prepare(FIVE_MINUTES[:16_800])
    assert second.asked == []
    pair.finish(FIVE_MINUTES)
    assert second.asked == ["start", "prepare", "feed", "finish"]


def test_after_one_that_streams_it_gets_its_head_start_in_each_pause() -> None:
    second = Watched(sphinx())
    pair = CombinedRecognizer(vosk(), second)
    pair.use(HOME)
    pair.start()
    pair.feed(WHAT_TIME)
    assert pair.prepare(WHAT_TIME) is None
    assert second.asked == ["start", "prepare"]
    assert pair.finish(WHAT_TIME).text == "what time is it"
    assert second.asked == ["start", "prepare", "finish"]


def test_an_utterance_that_went_on_is_heard_anew() -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second)
    pair.use(grammar_of("what time is it [now]"))
    pair.start()
    pair.prepare(WHAT_TIME)
    pair.finish(WHAT_TIME[:-160])
    assert second.asked == ["start", "prepare", "feed", "finish"] * 2


@pytest.mark.parametrize("early", [True, False], ids=["in the pause", "at the end"])
def test_who_is_sure_does_not_ask(early: bool) -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second, sure=0.5)
    pair.use(HOME)
    pair.start()
    assert not early or pair.prepare(WHAT_TIME)
    heard = pair.finish(WHAT_TIME)
    assert second.asked == []
    assert heard == alone(sphinx(), HOME, WHAT_TIME)


def test_who_is_not_sure_enough_asks() -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second, sure=0.9999)
    pair.use(HOME)
    assert hear(pair, WHAT_TIME).text == "what time is it"
    assert "finish" in second.asked


def test_who_does_not_know_all_words_is_never_sure() -> None:
    second = Watched(vosk())
    pair = CombinedRecognizer(sphinx(), second, sure=0.5)
    pair.use(grammar_of("what time is it", "what xyzzyx is it"))
    hear(pair, WHAT_TIME)
    assert "finish" in second.asked


def test_it_is_called_by_both_names() -> None:
    assert CombinedRecognizer(vosk(), sphinx()).name == "vosk+pocketsphinx"


def test_a_grammar_is_needed() -> None:
    with pytest.raises(RuntimeError, match="a grammar"):
        CombinedRecognizer(PocketSphinxRecognizer(), vosk()).prepare(WHAT_TIME)


class Told:
    """Hears a stop phrase in these chunks."""

    def __init__(self, *chunks: int) -> None:
        self._chunks = chunks
        self._number = 0

    def hears(self, samples: Samples) -> bool:
        assert len(samples) == CHUNK_SAMPLES
        self._number += 1
        return self._number in self._chunks


@pytest.mark.parametrize(
    ("first", "second", "heard"),
    [
        ((5,), (5,), [5]),
        ((5,), (12,), [12]),
        ((12, 13), (5,), [12]),
        ((5,), (13,), []),
        ((5,), (), []),
        ((1, 2, 3), (3, 4), [3]),
        ((5, 9), (6, 10), [6, 10]),
    ],
)
def test_stop_is_what_both_hear_within_a_moment(
    first: tuple[int, ...], second: tuple[int, ...], heard: list[int]
) -> None:
    listener = BothListen([Told(*first), Told(*second)])
    silence = np.zeros(CHUNK_SAMPLES, np.int16)
    assert [number for number in range(1, 20) if listener.hears(silence)] == heard

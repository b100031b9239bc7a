"""Every recognizer obeys the same contract.

Vosk has the model of scripts/make-vosk-model, or the one that ASSISTANT_TEST_VOSK_MODEL names.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.ports import Recognizer, UnknownWord
from assistant.recognizers.combined import CombinedRecognizer
from assistant.recognizers.phones.fusion import PhoneJudge
from assistant.recognizers.phones.recognizer import PhoneRecognizer
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.recognizers.vosk import VoskRecognizer
from tests.recognizers.phones.networks import phone_recognizer
from tests.recognizers.synthesised import say
from tests.recordings import VOSK_MODEL, grammar_of, in_chunks, samples_of

pytestmark = pytest.mark.engines

HOME = grammar_of("what time is it", "stop", "set a timer for (five|ten) minutes")


def load(name: str, cache: Path) -> Recognizer:
    if name == "phones":
        return phone_recognizer(cache)
    if name == "pocketsphinx":
        return PocketSphinxRecognizer()
    return VoskRecognizer(Path(os.environ.get("ASSISTANT_TEST_VOSK_MODEL", VOSK_MODEL)))


@pytest.fixture(
    scope="module",
    params=[
        "phones",
        "pocketsphinx",
        "vosk",
        "phones+pocketsphinx",
        "pocketsphinx+phones",
        "vosk+phones",
        "pocketsphinx+vosk",
        "vosk+pocketsphinx",
    ],
)
def recognizer(request: pytest.FixtureRequest, cache: Path) -> Recognizer:
    first, *others = (load(name, cache) for name in request.param.split("+"))
    if not others:
        return first
    for one in (first, *others):
        if isinstance(one, PhoneRecognizer):
            return CombinedRecognizer(first, others[0], PhoneJudge(one, first=one is first))
    return CombinedRecognizer(first, others[0])


def spoken(name: str, seconds: tuple[float, float]) -> Samples:
    """A span of a recording."""
    begin, end = (round(second * 16_000) for second in seconds)
    return samples_of(name)[begin:end]


WHAT_TIME = spoken("what-time", (2.1, 3.8))
FIVE_MINUTES = spoken("timer-five-minutes", (2.2, 4.4))


def hear(recognizer: Recognizer, audio: Samples) -> tuple[list[str], str, float]:
    """Stream it, then end it: partials, text and confidence."""
    recognizer.start()
    partials = [recognizer.feed(audio[at : at + 1280]) for at in range(0, len(audio), 1280)]
    transcript = recognizer.finish(audio)
    return partials, transcript.text, transcript.confidence


def test_it_hears_a_sentence_and_is_sure(recognizer: Recognizer) -> None:
    assert recognizer.use(HOME) == []
    _, text, confidence = hear(recognizer, WHAT_TIME)
    assert text == "what time is it"
    assert 0.5 < confidence <= 1.0


def test_partials_grow_while_it_is_spoken(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    partials, text, _ = hear(recognizer, FIVE_MINUTES)
    assert text == "set a timer for five minutes"
    assert partials[0] == ""
    assert len(set(partials)) >= 4
    assert partials[-1].startswith("set a timer for")


def test_a_partial_is_of_all_that_was_fed(recognizer: Recognizer) -> None:
    """Words are told with the chunk that they come in, though it were fed in pieces of 10 ms."""
    recognizer.use(HOME)
    pieces = [FIVE_MINUTES[at : at + 160] for at in range(0, 1280 * 27, 160)]
    recognizer.start()
    finest = [recognizer.feed(piece) for piece in pieces]
    recognizer.start()
    partials = [
        recognizer.feed(np.concatenate(pieces[at : at + 8])) for at in range(0, len(pieces), 8)
    ]
    assert partials == finest[7::8]


def test_what_was_prepared_is_what_it_finishes_with(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    without = hear(recognizer, WHAT_TIME)[1:]
    recognizer.start()
    recognizer.feed(WHAT_TIME)
    prepared = recognizer.prepare(WHAT_TIME)
    finished = recognizer.finish(WHAT_TIME)
    assert finished.text == "what time is it"
    assert prepared is None or prepared == finished
    assert finished.text == without[0]
    assert finished.confidence == pytest.approx(without[1], abs=1e-6)  # sums in another order


def test_an_utterance_goes_on_after_it_was_prepared(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    without = hear(recognizer, FIVE_MINUTES)
    recognizer.start()
    partials = []
    for at in range(0, len(FIVE_MINUTES), 1280):
        partials.append(recognizer.feed(FIVE_MINUTES[at : at + 1280]))
        if at == 10 * 1280:
            recognizer.prepare(FIVE_MINUTES[: at + 1280])
    transcript = recognizer.finish(FIVE_MINUTES)
    assert (partials, transcript.text, transcript.confidence) == without


def test_a_beginning_is_prepared_as_one(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    beginning = FIVE_MINUTES[: round(1.05 * 16_000)]
    recognizer.start()
    recognizer.feed(beginning)
    prepared = recognizer.prepare(beginning)
    assert prepared is None or prepared.text in {"set a timer", "set a timer for"}
    assert prepared is None or prepared.confidence == 0.0


def test_what_was_prepared_is_forgotten_with_the_utterance(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    recognizer.start()
    recognizer.feed(WHAT_TIME)
    recognizer.prepare(WHAT_TIME)
    assert hear(recognizer, FIVE_MINUTES)[1] == "set a timer for five minutes"
    recognizer.prepare(WHAT_TIME)
    recognizer.use(grammar_of("set a timer for five minutes"))
    assert hear(recognizer, WHAT_TIME)[1] != "what time is it"


def test_one_utterance_knows_nothing_of_the_one_before(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    first = hear(recognizer, WHAT_TIME)
    hear(recognizer, FIVE_MINUTES)
    assert hear(recognizer, WHAT_TIME)[1] == first[1]


def test_starting_again_drops_what_was_fed(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    recognizer.start()
    recognizer.feed(FIVE_MINUTES[:8000])
    assert hear(recognizer, WHAT_TIME)[1] == "what time is it"


def test_silence_is_no_sentence_or_an_unsure_one(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    _, text, confidence = hear(recognizer, np.zeros(16_000, dtype=np.int16))
    assert text == "" or confidence < 0.3


def test_a_grammar_is_in_force_from_the_next_start(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    hear(recognizer, WHAT_TIME)
    recognizer.use(grammar_of("stop", "set a timer for five minutes"))
    assert hear(recognizer, FIVE_MINUTES)[1] == "set a timer for five minutes"
    assert hear(recognizer, WHAT_TIME)[1] != "what time is it"


def test_words_it_cannot_hear_are_told_and_the_others_are_heard(recognizer: Recognizer) -> None:
    assert recognizer.use(grammar_of("what time is it", "zigbeezle the xyzzyx")) == [
        UnknownWord("xyzzyx"),
        UnknownWord("zigbeezle"),
    ]
    assert hear(recognizer, WHAT_TIME)[1] == "what time is it"


def test_a_word_that_it_does_not_know_is_heard_as_it_is_told_to_sound(
    recognizer: Recognizer,
) -> None:
    grammar = grammar_of("turn on the (zigbeezle|radio|heater)", "what time is it")
    told = replace(grammar, sounds_like={"zigbeezle": ("xyzzyx", "coffee light")})
    assert recognizer.use(told) == []
    partials, text, confidence = hear(recognizer, say("turn on the coffee light"))
    assert partials[-1] == text == "turn on the zigbeezle"
    assert confidence > 0.5
    assert hear(recognizer, say("turn on the radio"))[1] == "turn on the radio"


def test_a_known_word_is_heard_as_it_is_told_and_as_it_was(recognizer: Recognizer) -> None:
    grammar = replace(
        grammar_of("turn on the (fan|music)", "stop"), sounds_like={"fan": ("coffee light",)}
    )
    assert recognizer.use(grammar) == []
    assert hear(recognizer, say("turn on the coffee light"))[1] == "turn on the fan"
    assert hear(recognizer, say("turn on the fan"))[1] == "turn on the fan"
    assert hear(recognizer, say("turn on the music"))[1] == "turn on the music"


def test_what_a_word_was_told_to_sound_like_is_forgotten_with_its_grammar(
    recognizer: Recognizer,
) -> None:
    grammar = grammar_of("turn on the (zigbeezle|radio)")
    light = say("turn on the coffee light")
    recognizer.use(replace(grammar, sounds_like={"zigbeezle": ("coffee light",)}))
    assert hear(recognizer, light)[1] == "turn on the zigbeezle"
    recognizer.use(replace(grammar, sounds_like={"zigbeezle": ("television",)}))
    _, text, confidence = hear(recognizer, light)
    assert text != "turn on the zigbeezle" or confidence < 0.4  # it has to be one of the two
    assert hear(recognizer, say("turn on the television"))[1] == "turn on the zigbeezle"
    assert recognizer.use(grammar) == [UnknownWord("zigbeezle")]
    assert hear(recognizer, light)[1] != "turn on the zigbeezle"


def test_stop_is_heard_and_other_speech_is_not_stop(recognizer: Recognizer) -> None:
    recognizer.use(HOME)
    listener = recognizer.listen_for_stop(HOME)
    assert not any(map(listener.hears, np.array_split(FIVE_MINUTES, 30)))
    assert any(map(recognizer.listen_for_stop(HOME).hears, in_chunks(samples_of("stop"))))


def test_what_stops_is_told_with_the_grammar(recognizer: Recognizer) -> None:
    stop = np.array_split(samples_of("stop"), 30)
    five_minutes = np.array_split(FIVE_MINUTES, 30)
    other = replace(HOME, stop_phrase="five minutes")
    recognizer.use(other)
    assert not any(map(recognizer.listen_for_stop(other).hears, stop))
    assert any(map(recognizer.listen_for_stop(other).hears, five_minutes))
    recognizer.use(HOME)
    assert any(map(recognizer.listen_for_stop(HOME).hears, stop))


def test_stop_is_listened_for_beside_other_ears_and_a_command(recognizer: Recognizer) -> None:
    """As several microphones do it, of which one hears a command."""
    recognizer.use(HOME)
    first, second = recognizer.listen_for_stop(HOME), recognizer.listen_for_stop(HOME)
    recognizer.start()
    stop = in_chunks(samples_of("stop"))
    heard = []
    for at, part in enumerate(np.array_split(WHAT_TIME, len(stop))):
        heard.append((first.hears(part), second.hears(stop[at])))
        recognizer.feed(part)
    assert recognizer.finish(WHAT_TIME).text == "what time is it"
    assert [any(ears) for ears in zip(*heard, strict=True)] == [False, True]

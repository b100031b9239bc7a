"""What is played: commands of each intent, other speech, recordings of the owner's; and noise."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.errors import DeviceError, EngineError
from assistant.measuring.clips import (
    RECORDED,
    SYNTHESISED,
    Clip,
    Sentence,
    choose_sentences,
    in_noise,
    recorded,
    spoken,
)
from assistant.measuring.scores import CLEAN, COMMANDS, NEAR_COMMANDS, OTHER_SPEECH
from assistant.measuring.voices import Voice
from tests.intents.files import load
from tests.recordings import shipped


def of_kind(sentences: list[Sentence], kind: str) -> list[str]:
    return [sentence.text for sentence in sentences if sentence.kind == kind]


def intents_of(understanding: Understanding, text: str) -> list[str]:
    return [match.intent for match in understanding.graph.understand(text)]


def test_commands_are_of_every_intent_that_can_be_spoken() -> None:
    chosen = choose_sentences(shipped(), 60)
    said = of_kind(chosen, COMMANDS)
    intents = {intent for text in said for intent in intents_of(shipped(), text)}
    assert len(said) == 60
    # Those that no grammar has a sentence of: of any words, or as text only.
    any_words = {"Spell", "DelayCommand", "Unmute"}
    assert intents == shipped().intents.intents.keys() - shipped().answers().keys() - any_words
    assert chosen == choose_sentences(shipped(), 60)


def test_as_many_sentences_are_no_commands() -> None:
    chosen = choose_sentences(shipped(), 20)
    counts = Counter(sentence.kind for sentence in chosen)
    assert counts == {COMMANDS: 20, OTHER_SPEECH: 10, NEAR_COMMANDS: 10}
    for text in [*of_kind(chosen, OTHER_SPEECH), *of_kind(chosen, NEAR_COMMANDS)]:
        assert not intents_of(shipped(), text), text


def test_a_language_without_everyday_sentences_has_near_commands() -> None:
    intents = load(
        "intents: {Halt: {sentences: ['arrête [la] musique'], reply: ok}}", language="fr"
    )
    chosen = choose_sentences(make_understanding(Settings(), intents), 4)
    assert set(of_kind(chosen, COMMANDS)) == {"arrête musique", "arrête la musique"}
    assert of_kind(chosen, OTHER_SPEECH) == []
    assert len(of_kind(chosen, NEAR_COMMANDS)) == 1


@pytest.mark.engines
def test_voices_speak_in_turn() -> None:
    sentence = Sentence("stop", COMMANDS)
    voices = [Voice("flite", "slt"), Voice("espeak-ng", "en-us")]
    first, second, third = spoken([sentence] * 3, voices)
    assert np.array_equal(first.samples, third.samples)
    assert not np.array_equal(first.samples, second.samples)
    assert (first.voices, first.condition, first.sentence) == (SYNTHESISED, CLEAN, sentence)


def test_commands_come_in_two_noises_and_other_speech_in_one() -> None:
    tone = (3000 * np.sin(np.arange(16_000))).astype(np.int16)
    clips = [
        Clip(Sentence(text, kind), SYNTHESISED, CLEAN, tone)
        for text, kind in (("stop", COMMANDS), ("good evening", OTHER_SPEECH))
    ]
    noisy = list(in_noise(clips))
    assert [(clip.sentence.text, clip.condition) for clip in noisy] == [
        ("stop", "12 dB"),
        ("stop", "6 dB"),
        ("good evening", "12 dB"),
    ]
    again = list(in_noise(clips))
    for one, other in zip(noisy, again, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert not np.array_equal(one.samples, tone)


# --- recordings -----------------------------------------------------------------------------------


def record(folder: Path, name: str, text: str | None, rate: int = 16_000) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.sin(np.arange(rate) / 5), rate)
    if text is not None:
        path.with_suffix(".txt").write_text(text)
    return path


def test_recordings_have_their_words_beside_them(tmp_path: Path) -> None:
    record(tmp_path, "one.wav", "What time is it?\n", rate=44_100)
    record(tmp_path, "more/two.FLAC", "my grandmother lives in a yellow house")
    other, command = recorded(tmp_path, shipped())
    assert command.sentence == Sentence("What time is it?", COMMANDS)
    assert other.sentence == Sentence("my grandmother lives in a yellow house", OTHER_SPEECH)
    assert command.voices == RECORDED
    assert len(command.samples) == pytest.approx(16_000, abs=1280)


def test_error_recording_without_words(tmp_path: Path) -> None:
    path = record(tmp_path, "one.wav", None)
    with pytest.raises(EngineError) as error:
        recorded(tmp_path, shipped())
    assert str(error.value) == (
        f"Nothing tells what is said in {path}. Write the words into one.txt."
    )
    record(tmp_path, "one.wav", " \n")
    with pytest.raises(EngineError, match=r"Nothing tells"):
        recorded(tmp_path, shipped())


def test_error_words_that_are_no_text(tmp_path: Path) -> None:
    record(tmp_path, "one.wav", "")
    (tmp_path / "one.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(EngineError, match=r"one\.txt cannot be read\. It must be text in UTF-8"):
        recorded(tmp_path, shipped())


def test_error_folder_without_recordings(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There are no recordings in"):
        recorded(tmp_path, shipped())


def test_error_no_folder(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no folder .*/nowhere\."):
        recorded(tmp_path / "nowhere", shipped())


def test_error_damaged_recording(tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_text("no sound")
    (tmp_path / "one.txt").write_text("stop")
    with pytest.raises(DeviceError, match=r"one\.wav"):
        recorded(tmp_path, shipped())

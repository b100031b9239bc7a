"""What is played to the recognizers: the owner's commands and other speech, clean and in noise."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import cycle
from pathlib import Path

import numpy as np

from assistant.audio.files import chunks_of
from assistant.audio.frames import Samples
from assistant.dialogue.understanding import Understanding
from assistant.errors import EngineError
from assistant.events import Understood
from assistant.intents.words import base_language
from assistant.measuring.noise import babble, hum, mix, pink
from assistant.measuring.scores import CLEAN, COMMANDS, NEAR_COMMANDS, OTHER_SPEECH
from assistant.measuring.sentences import Means, commands, other_words, reordered, replaced
from assistant.measuring.voices import Voice, speak
from assistant.recognizers.grammar import compile_grammar
from assistant.turn import Transcript

SEED = 1
SYNTHESISED = "synthesised"
RECORDED = "your recordings"
SOUNDS = (".wav", ".flac", ".ogg")

# With kitchen noise mixed the same way PocketSphinx understands nine of ten real orders of coffee
# at 12 dB and two of three at 6 dB (scripts/bench recognizers).
NOISE_DECIBELS = (12, 6)
OTHERS_DECIBELS = (12,)


@dataclass(frozen=True)
class Sentence:
    """What is said, and what it is: a command or not."""

    text: str
    kind: str


@dataclass(frozen=True)
class Clip:
    """A sentence as it is played."""

    sentence: Sentence
    voices: str
    condition: str
    samples: Samples


def choose_sentences(understanding: Understanding, count: int) -> list[Sentence]:
    """So many commands, of each intent in turn, and as many sentences that are none.

    The same ones each time, as long as the intents stay the same.
    """
    pick = random.Random(SEED).randrange
    graph = understanding.graph
    spoken = {sentence.intent for sentence in graph.sentences} - understanding.answers().keys()
    grammars = [compile_grammar(graph, [intent]) for intent in sorted(spoken)]
    own = commands([one for one in grammars if one.final and one.words()], count, pick)
    others = everyday(understanding.intents.language)
    words = other_words(others, compile_grammar(graph, spoken))
    means = _meaning(understanding)
    near = [*reordered(own[::2], means, pick)]
    near += replaced(own[1::2], words, means, pick) if words else []
    kinds = {
        COMMANDS: own,
        OTHER_SPEECH: [one for one in others if not means(one)][: (count + 1) // 2],
        NEAR_COMMANDS: near[: (count + 1) // 2],
    }
    return [Sentence(text, kind) for kind, texts in kinds.items() for text in texts]


def spoken(sentences: Sequence[Sentence], voices: Sequence[Voice]) -> Iterator[Clip]:
    """Have the sentences spoken in a quiet room, by all voices in turn. Raises EngineError."""
    for sentence, voice in zip(sentences, cycle(voices), strict=False):
        samples = speak(sentence.text, voice, _chance(f"{voice} {sentence.text}"))
        yield Clip(sentence, SYNTHESISED, CLEAN, samples)


def recorded(folder: Path, understanding: Understanding) -> list[Clip]:
    """Read the recordings of a folder, each with its words in a text file of the same name.

    One whose words are no command is other speech. Raises EngineError for a recording without
    words, and DeviceError for one that cannot be read.
    """
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}.", "Name the folder of your recordings.")
    paths = _sounds(folder)
    if not paths:
        raise EngineError(
            f"There are no recordings in {folder}.", "Put WAV or FLAC files there: name.wav."
        )
    clips, means = [], _meaning(understanding)
    for path in paths:
        text = _words_of(path)
        kind = COMMANDS if means(text) else OTHER_SPEECH
        clips.append(Clip(Sentence(text, kind), RECORDED, CLEAN, _read(path)))
    return clips


def has_recordings(folder: Path) -> bool:
    """Whether there is anything to read; not where there is no such folder."""
    return bool(_sounds(folder))


def _sounds(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUNDS)


def in_noise(clips: Sequence[Clip]) -> Iterator[Clip]:
    """The clips in louder and louder noise: a fan, the mains, other people, in turn."""
    speech = [clip.samples for clip in clips]
    for number, clip in enumerate(clips):
        for decibels in NOISE_DECIBELS if clip.sentence.kind == COMMANDS else OTHERS_DECIBELS:
            chance = _chance(f"{clip.sentence.text} {decibels}")
            length = len(clip.samples)
            noise = (
                pink(length, chance),
                hum(length, chance),
                babble(length, speech, chance),
            )[number % 3]
            mixed = mix(clip.samples, noise, decibels, chance)
            yield Clip(clip.sentence, clip.voices, f"{decibels} dB", mixed)


def _words_of(path: Path) -> str:
    sidecar = path.with_suffix(".txt")
    try:
        text = sidecar.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{sidecar} cannot be read.", "It must be text in UTF-8.") from error
    if not text:
        raise EngineError(
            f"Nothing tells what is said in {path}.", f"Write the words into {sidecar.name}."
        )
    return text


def _read(path: Path) -> Samples:
    return np.concatenate([np.zeros(0, np.int16), *chunks_of(path)])


def everyday(language: str) -> list[str]:
    """Sentences that people say to each other; none in languages that have no list of them."""
    file = resources.files(__package__) / "everyday" / f"{base_language(language)}.txt"
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _meaning(understanding: Understanding) -> Means:
    """Return what tells whether a text is a command."""
    return lambda text: isinstance(understanding.understand(Transcript(text, 1.0)), Understood)


def _chance(text: str) -> np.random.Generator:
    """Random numbers that are the same for the same text."""
    return np.random.default_rng(zlib.crc32(text.encode()))

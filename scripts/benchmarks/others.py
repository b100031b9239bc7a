"""Speech that is no command of a grammar: spoken by synthesizers, in a folder for the time."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from assistant.audio.frames import SAMPLE_RATE
from assistant.dialogue.understanding import Understanding
from assistant.engines import spoken_grammar
from assistant.events import Understood
from assistant.measuring.sentences import commands, other_words, reordered, replaced
from assistant.measuring.voices import find_voices, in_turn, speak
from assistant.turn import Transcript
from scripts.benchmarks.coffee import Clip

EVERYDAY_FILE = Path(__file__).parent / "everyday.txt"
EVERYDAY = "everyday sentences, synthesised"
REORDERED = "commands with their words in another order, synthesised"
REPLACED = "commands with a word replaced, synthesised"
NEAR = (REORDERED, REPLACED)
SEED = 3


def everyday() -> list[str]:
    """Sentences that people say at home to each other."""
    return EVERYDAY_FILE.read_text(encoding="utf-8").splitlines()


def synthesised(understanding: Understanding, folder: Path, count: int) -> list[Clip]:
    """So many clips of each kind; the same ones each time with the same synthesizers."""
    pick = random.Random(SEED).randrange
    grammar = spoken_grammar(understanding)

    def means(text: str) -> bool:
        return isinstance(understanding.understand(Transcript(text, 1.0)), Understood)

    said = everyday()
    texts = commands([grammar], 3 * count, pick)  # a single word has no other order
    kinds = {
        EVERYDAY: [text for text in said if not means(text)],
        REORDERED: list(reordered(texts[count:], means, pick)),
        REPLACED: list(replaced(texts[:count], other_words(said, grammar), means, pick)),
    }
    return [clip for kind, said in kinds.items() for clip in spoken(said[:count], kind, folder)]


def spoken(texts: Sequence[str], kind: str, folder: Path) -> list[Clip]:
    """Have sentences spoken, by all voices in turn, into files of a folder."""
    clips = []
    for voice, text in in_turn(find_voices("en"), list(texts)):
        seed = zlib.crc32(f"{voice} {text}".encode())
        path = folder / f"{str(voice).replace(' ', '-')}-{seed:08x}.flac"
        if not path.exists():
            samples = speak(text, voice, np.random.default_rng(seed))
            soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
        clips.append(Clip(path, kind=kind, words=text))
    return clips

"""The folder that Vosk loads, and what stands beside the model for people."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import numpy as np

from scripts.voskmodel import kaldi
from scripts.voskmodel.fst import acceptor, lookahead
from scripts.voskmodel.graph import numbered, sentences_of_words, words_of_phones
from scripts.voskmodel.phones import PHONES, SILENCE_NUMBER, UNUSED_TRANSITION, lexicon
from scripts.voskmodel.sentences import make_up, vocabulary
from scripts.voskmodel.settings import (
    CEPSTRA,
    HIGHEST_HERTZ,
    LOWEST_HERTZ,
    SAMPLE_RATE,
    SUBSAMPLING,
)

SENTENCES = 40_000
"""Made up to count which word follows which."""

FEATURES = f"""\
--use-energy=false
--sample-frequency={SAMPLE_RATE}
--num-mel-bins={CEPSTRA}
--num-ceps={CEPSTRA}
--low-freq={LOWEST_HERTZ}
--high-freq={HIGHEST_HERTZ}
--dither=0
"""
# The scale brings the scores, which are of frames that overlap, to what they are worth beside the
# graph's. The assistant decides itself when an utterance ends; Vosk asks to know all the same.
DECODING = f"""\
--min-active=200
--max-active=3000
--beam=12.0
--lattice-beam=3.0
--acoustic-scale=0.3
--frame-subsampling-factor={SUBSAMPLING}
--endpoint.silence-phones={SILENCE_NUMBER}
"""
PACKAGES = ("vosk", "pocketsphinx", "kaldi-native-fbank", "torch", "numpy", "soxr")


def write(folder: Path, layers: Sequence[kaldi.Layer], log_priors: kaldi.Array, seed: int) -> None:
    """Write everything that Vosk reads."""
    random = np.random.default_rng([seed, 4])
    words = lexicon(vocabulary())
    labels = numbered(words)
    sentences = (make_up("command", random) for _ in range(SENTENCES))
    places = "".join(f"{number} {place}\n" for number, (_, place) in enumerate(PHONES, start=1))
    table = "".join(f"{word} {number}\n" for word, number in labels.items())
    files = {
        "am/final.mdl": kaldi.model(layers, log_priors),
        "conf/mfcc.conf": FEATURES.encode(),
        "conf/model.conf": DECODING.encode(),
        "graph/HCLr.fst": lookahead(words_of_phones(words, labels), len(labels)),
        "graph/Gr.fst": acceptor(sentences_of_words(sentences, labels)),
        "graph/words.txt": f"<eps> 0\n{table}".encode(),
        "graph/disambig_tid.int": f"{UNUSED_TRANSITION}\n".encode(),
        "graph/phones/word_boundary.int": places.encode(),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write_recipe(
    folder: Path, command: str, seed: int, training: str, errors: Sequence[str]
) -> None:
    """Tell people what it is, how it was made, and how well it hears."""
    versions = [f"{name} {metadata.version(name)}" for name in PACKAGES]
    versions += [_version("espeak-ng", "--version"), _version("flite", "--version")]
    lines = [
        "# A Vosk model for tests",
        "",
        f"A fixture, and never a recognizer for people: it knows {len(vocabulary())} words, and",
        "has heard nobody but espeak-ng and flite. It was made, and this page written, by",
        "",
        f"    {command}",
        "",
        f"- Seed: {seed}. Another machine or other versions make another model, about as good.",
        f"- Trained on: {training}",
        "- Sentences and words: `scripts/voskmodel/commands.yaml`",
        *(f"- {line}" for line in errors),
        f"- Made with Python {platform.python_version()}, {', '.join(versions)}",
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _version(*command: str) -> str:
    """What a program says of its version, up to where it tells more."""
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    number = next((word for word in said if word[0].isdigit() or word.startswith("flite-")), "")
    return f"{command[0]} {number.removeprefix('flite-')}"

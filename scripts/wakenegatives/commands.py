"""The command line of ``scripts/make-wake-negatives``."""

from __future__ import annotations

import os
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np

from assistant.embedding.bundle import embedding_checksum, load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.wake.training import negatives
from assistant.wake.training.voices import ENGLISH, FLITE, FLITE_SHARE, VARIANTS, find_voices
from scripts.benchmarks.progress import track
from scripts.wakenegatives.sentences import sentences
from scripts.wakenegatives.speech import BLOCK_SENTENCES, PLACES, SEED, Block, make_block

DEFAULT = Path(negatives.__file__).with_name(negatives.NAME)
BLOCKS = 132


@click.command(context_settings={"max_content_width": 100})
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULT)
@click.option("--blocks", type=click.IntRange(1), default=BLOCKS, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
def main(*, file: Path, blocks: int, jobs: int) -> None:
    """Make the negative set in FILE: by default that of the package.

    espeak-ng and flite say everyday sentences and words of the dictionary in many voices, clean and
    in noise, and what the speech embedding makes of it is kept. It takes some minutes. The same
    programs make the same file.
    """
    voices = find_voices()
    if voices.flite is None:
        raise click.ClickException("flite cannot be found. Install it: sudo apt install flite")
    texts = texts_of(blocks)
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs) as pool:
        load_bundle(Path(folder))
        making = pool.map(_block, range(blocks), texts, [folder] * blocks)
        made = list(track(making, "blocks of sentences", blocks))
    embeddings = np.concatenate([block.embeddings for block in made])
    starts: list[int] = []
    at = 0
    for block in made:
        starts += [at + start for start in block.starts]
        at += len(block.embeddings)
    said = [text for block in texts for text in block]
    packed = negatives.pack(embeddings, starts, said, recipe(blocks))
    file.write_bytes(packed)
    hours = negatives.unpack(packed).hours
    click.echo(f"{file}: {hours:.2f} hours, {len(said)} texts, {len(packed) / 1e6:.2f} MB")


def texts_of(blocks: int) -> list[list[str]]:
    """What is said in each block."""
    texts = sentences(blocks * BLOCK_SENTENCES, np.random.default_rng(SEED))
    return [texts[at : at + BLOCK_SENTENCES] for at in range(0, len(texts), BLOCK_SENTENCES)]


def recipe(blocks: int) -> dict[str, Any]:
    """How the set was made, as it is written into it."""
    return {
        "made by": "scripts/make-wake-negatives",
        "seed": SEED,
        "blocks": blocks,
        "embedding": embedding_checksum(),
        "programs": {"espeak-ng": _version("espeak-ng"), "flite": _version("flite")},
        "voices": {
            "espeak-ng": {"accents": sorted(set(ENGLISH)), "variants": sorted(set(VARIANTS))},
            "flite": {"share": FLITE_SHARE, "voices": sorted(FLITE)},
        },
        "places": [asdict(place) for place in PLACES],
        "noise": ["coloured", "hum", "clatter", "clatter and coloured", "babble"],
    }


def _version(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return next((line for line in lines if "ersion" in line or "text-to-speech" in line), "")


@cache
def _embedding(folder: str) -> SpeechEmbedding:
    return SpeechEmbedding(load_bundle(Path(folder)))


def _block(number: int, texts: list[str], folder: str) -> Block:
    return make_block(number, texts, find_voices(), _embedding(folder))

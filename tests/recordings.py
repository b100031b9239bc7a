"""The recordings of the repository, and the pipeline they are put through."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from assistant.audio.files import FileSource
from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import (
    answer_grammar,
    load_understanding,
    spoken_grammar,
)
from assistant.events import ChunkHeard, Event
from assistant.intentfiles import shipped_intents
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.paths import find_paths
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.ports import Grammar
from assistant.recognizers.grammar import compile_grammar
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer

RECORDINGS = Path(__file__).parent / "data" / "recordings"
VOSK_MODEL = Path(__file__).parent / "data" / "vosk-mini"
"""Knows the words of scripts/voskmodel/commands.yaml."""

NO_FOLDERS = find_paths({"HOME": "/nonexistent", "ASSISTANT_RUNTIME_DIRECTORY": "/nonexistent"}, 0)


@cache
def shipped() -> Understanding:
    """The shipped intents."""
    return load_understanding(Settings(), NO_FOLDERS)


@cache
def recorded() -> Understanding:
    """The shipped intents that the recordings are of, which the small Vosk model knows."""
    names = ("answers", "clock", "control", "timers", "volume")
    files = [shipped_intents("en") / f"{name}.yaml" for name in names]
    return load_understanding(Settings(), NO_FOLDERS, files)


@cache
def shared_pipeline() -> Pipeline:
    """One pipeline with the real engines and the shipped intents; ``begin`` makes it as new."""
    pipeline = build_pipeline(Settings(), PocketSphinxRecognizer())
    use_shipped(pipeline)
    return pipeline


def use_shipped(pipeline: Pipeline) -> None:
    """Have it hear the shipped intents, as the daemon does."""
    pipeline.use(spoken_grammar(shipped()), answer_grammar(shipped()))


def grammar_of(*sentences: str) -> Grammar:
    """A grammar of just these sentence templates."""
    text = "".join(f"      - {json.dumps(sentence)}\n" for sentence in sentences)
    file = SourceFile("test.yaml", f"intents:\n  Test:\n    reply: ok\n    sentences:\n{text}")
    return compile_grammar(compile_intents(load_intents([file], BUILTIN_ACTIONS)))


def chunks_of(name: str, tail_seconds: float = 0.0) -> list[Samples]:
    """A recording in chunks."""
    source = FileSource(RECORDINGS / f"{name}.flac", tail_seconds=tail_seconds)
    chunks = []
    while (chunk := source.read()) is not None:
        chunks.append(chunk)
    source.close()
    return chunks


def samples_of(name: str) -> Samples:
    """A recording whole."""
    return np.concatenate(chunks_of(name))


def in_chunks(samples: Samples) -> list[Samples]:
    """Samples cut into chunks; the last one is filled with silence."""
    whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES))
    return list(whole.reshape(-1, CHUNK_SAMPLES))


def said_after(word: Samples, name: str) -> list[Samples]:
    """The command of a recording after another wake word, in the recording's room."""
    room, command = samples_of("silence"), samples_of(name)[2 * SAMPLE_RATE :]
    spoken = word // 3 + room[: len(word)]
    return [*in_chunks(np.concatenate([room[:SAMPLE_RATE], spoken, command])), *silence(2.0)]


def silence(seconds: float) -> list[Samples]:
    """Digital silence in chunks."""
    count = round(seconds * 16_000 / CHUNK_SAMPLES)
    return [np.zeros(CHUNK_SAMPLES, dtype=np.int16)] * count


def feed(pipeline: Pipeline, chunks: Sequence[Samples]) -> list[Event]:
    """What happens in these chunks, levels left out."""
    return [
        event
        for chunk in chunks
        for event in pipeline.feed(chunk)
        if not isinstance(event, ChunkHeard)
    ]

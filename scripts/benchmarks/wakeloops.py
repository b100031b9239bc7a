"""One wake word engine over streams, in a process of its own: what it scores and what it costs.

``python -m scripts.benchmarks.wakeloops ENGINE WORD FOLDER`` reads ``FOLDER/*.npy`` and writes the
scores of each chunk beside them, ``NAME.scores``; prints JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from scripts.benchmarks.machine import resident_megabytes
from scripts.benchmarks.wakestreams import Stream

ROOT = Path(__file__).parents[2]
CACHE = Path(tempfile.gettempdir()) / "assistant-bench-features"
"""Kept, as on an owner's machine from the second start on."""
Score: TypeAlias = Callable[[Samples], float]


def ours(word: str) -> Score:
    return _engine(word, gated=True)


def ungated(word: str) -> Score:
    return _engine(word, gated=False)


def _engine(word: str, *, gated: bool) -> Score:
    from assistant.embedding.bundle import load_bundle
    from assistant.embedding.features import SpeechEmbedding
    from assistant.wake.activity import ActivityGate
    from assistant.wake.openwakeword import OpenWakeWord
    from assistant.wake.words import load_word

    gate = ActivityGate() if gated else None
    engine = OpenWakeWord({word: load_word(word)}, SpeechEmbedding(load_bundle(CACHE)), gate)
    return lambda chunk: engine.scores(chunk).get(word, 0.0)


def package(word: str) -> Score:
    """openWakeWord's own loop."""
    from assistant.wake.words import find_word

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from openwakeword.model import Model

        model = Model([str(find_word(word))])

    def score(chunk: Samples) -> float:
        (value,) = model.predict(chunk).values()
        return float(value)

    return score


def microwakeword(word: str) -> Score:
    """pymicro-wakeword's own loop."""
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

    model = MicroWakeWord.from_builtin(Model(word))
    features = MicroWakeWordFeatures()

    def score(chunk: Samples) -> float:
        scores = [
            model.process_streaming_prob(one) or 0.0
            for one in features.process_streaming(chunk.tobytes())
        ]
        return float(max(scores, default=0.0))

    return score


ENGINES: dict[str, Callable[[str], Score]] = {
    "ours": ours,
    "ours, no gate": ungated,
    "openwakeword 0.4.0": package,
    "pymicro-wakeword": microwakeword,
}


@dataclass(frozen=True)
class Ran:
    """What an engine did with a stream: CPU seconds, and the score of each chunk."""

    cpu_seconds: float
    scores: npt.NDArray[np.float64]


def run(
    engine: str, word: str, streams: list[Stream], folder: Path
) -> tuple[dict[str, Ran], float]:
    """Put the streams through an engine; returns what came of each, and the megabytes it added."""
    for stream in streams:
        np.save(folder / f"{stream.name}.npy", stream.samples)
    command = [sys.executable, "-m", "scripts.benchmarks.wakeloops", engine, word, str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found = {
        name: Ran(seconds, np.load(folder / f"{name}.scores.npy"))
        for name, seconds in told["cpu_seconds"].items()
    }
    for path in folder.glob("*.npy"):
        path.unlink()
    return found, told["megabytes"]


def _main(engine: str, word: str, folder: Path) -> None:
    streams = {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))}
    import_module("assistant.daemon")  # what is loaded in the core in any case is not added
    before = resident_megabytes()
    score = ENGINES[engine](word)
    score(np.zeros(CHUNK_SAMPLES, dtype=np.int16))
    cpu_seconds, most = {}, 0.0
    for name, samples in streams.items():
        began = time.process_time()
        scores = [score(chunk) for chunk in samples.reshape(-1, CHUNK_SAMPLES)]
        cpu_seconds[name] = time.process_time() - began
        np.save(folder / f"{name}.scores.npy", scores)
        most = max(most, resident_megabytes())
    print(json.dumps({"cpu_seconds": cpu_seconds, "megabytes": most - before}))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))

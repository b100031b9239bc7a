"""``wake-speaker``: how well voices are told apart by their call, and what that does not show.

There are no recordings of the same people on several days, so none of this shows whether somebody
is known again another day, in another room or by another microphone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.config import WakeSettings
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.measuring.scores import percent
from assistant.pipeline import VOICE_SECONDS
from assistant.wake.background import shipped_background
from assistant.wake.voice import Vector, voice_features
from scripts.benchmarks.coffee import Split, part_of, read, speech_of
from scripts.benchmarks.progress import track
from scripts.benchmarks.speakers import COMMANDS, WORDS, in_a_room, recordings, speakers
from scripts.benchmarks.tables import Report, Share, Table
from scripts.benchmarks.trials import (
    REFUSED,
    Features,
    Heard,
    Trials,
    against_all,
    enrol,
    equal_error,
    interval,
    learn_background,
    left_out,
)

SEED = 12
SPEAKERS, RECORDINGS, ENROLLED = 24, 12, 6
# The numbers of the set's recordings of "alexa" run through one speaker after the other, four each:
# neighbours score as high as halves of one recording, recordings four apart no higher than any two
# (by pitch alone, too). From 94 to 281 the runs begin at 94, 98, 102 ...; elsewhere they shift.
FIRST, LAST, RUN = 94, 281, 4


def measure(data: Path, split: Split = "test") -> Report:
    """Enrol everybody of each kind, and hear everybody."""
    score, threshold = shipped_background().score, WakeSettings().verifier_threshold
    folder = data.parent / "wake-word" / "alexa"
    commands = sorted((data / "clean").glob("*.flac"))
    groups = {
        "synthetic, the word": _synthetic("{word}"),
        "synthetic, word and command": _synthetic("{word}, {command}"),
        "real, the word, one session": _alexa(folder, split, elsewhere=False),
        "real, the word, made to sound elsewhere": _alexa(folder, split, elsewhere=True),
        "real, two ends of a command": _ends(part_of(commands, split)),
    }  # fmt: skip
    trials = {
        kind: against_all(enrol(people, voice_features), score) for kind, people in groups.items()
    }
    by_word = embedding()
    of_word = learn_background(by_word).score
    words = {kind: against_all(enrol(people, by_word), of_word) for kind, people in groups.items()}
    introduction = (
        f"Synthetic: {SPEAKERS} of espeak-ng and 12 of flite, none of which the measure was learnt "
        f"from, {ENROLLED} calls enrolled. Real: people of Picovoice's sets (the half '{split}'). "
        "Their recordings are not labelled: those of 'alexa' are taken to be of one speaker by "
        "their numbers, up to three enrolled and one heard, and of a command the first and the "
        f"last {VOICE_SECONDS:g} s are. Either is one session, where the microphone and the room "
        "help; 'elsewhere' is the same with the sound that is heard put into another simulated "
        "room. Some of the others whose commands are taken are in truth the same person. Nothing "
        "here shows whether somebody is known again on another day. Intervals are "
        f"of 95 %. Refused and taken are at the default threshold, {threshold:g}; the last column "
        f"is the threshold at which {percent(REFUSED)} of own calls are refused; the default was "
        "chosen by the ends of commands of the half 'dev'."
    )
    comparison = (
        "The same with the mean of the wake word's speech embedding, learnt in the same way:"
    )
    rows = tuple(_row(kind, one, threshold) for kind, one in trials.items())
    others = tuple((kind, str(len(one)), _rate(one)) for kind, one in words.items())
    columns = ("calls", "owners", "equal error rate", "own refused", "others' taken", "2 % at")
    figures = {kind: _figures(one, threshold) for kind, one in trials.items()}
    return Report(
        "wake-speaker",
        "Whose call it is",
        (introduction, Table(columns, rows), comparison, Table(columns[:3], others)),
        figures | {f"{kind}, embedding": _plain(one) for kind, one in words.items()},
    )


def _synthetic(text: str) -> list[Heard]:
    random = np.random.default_rng(SEED)
    found = []
    people = speakers("test", SPEAKERS, SEED)
    for owner, one in enumerate(track(people, "speakers", len(people))):
        texts = [
            text.format(word=WORDS[0], command=command)
            for command in random.choice(COMMANDS, RECORDINGS)
        ]
        said = list(recordings(one, texts, random))
        found.append(Heard(owner, said[:ENROLLED], said[ENROLLED:]))
    return found


def _alexa(folder: Path, split: Split, *, elsewhere: bool) -> list[Heard]:
    """Each recording of a run of two or more is heard once, with the others enrolled."""
    runs: dict[int, list[Path]] = {}
    for path in sorted(folder.glob("*.flac")):
        number = int(re.sub(r"\D", "", path.stem) or 0)
        if FIRST <= number <= LAST:
            runs.setdefault((number - FIRST) // RUN, []).append(path)
    random = np.random.default_rng(SEED)
    found: list[Heard] = []
    for number in part_of(sorted(runs), split):
        sounds = [read(path) for path in runs[number]]
        heard = [in_a_room(one / 32768.0, random) for one in sounds] if elsewhere else sounds
        if len(sounds) >= 2:
            found += left_out(number, sounds, heard)
    return found


def _ends(paths: Sequence[Path]) -> list[Heard]:
    """The first and the last of each command that is long enough for both."""
    samples = round(VOICE_SECONDS * SAMPLE_RATE)
    found = []
    for owner, path in enumerate(track(paths, "commands", len(paths))):
        whole = read(path)
        begin, end = speech_of(whole)
        if end - begin < 2 * samples:
            continue
        first, last = whole[begin : begin + samples], whole[end - samples : end]
        found.append(Heard(owner, [first], [last]))
    return found


def embedding() -> Features:
    """The mean of the wake word's speech embedding, for comparison."""
    network = SpeechEmbedding(load_bundle())

    def features(samples: Samples) -> Vector:
        network.reset()
        whole = np.pad(samples, (0, -len(samples) % CHUNK_SAMPLES))
        return network.feed(whole).mean(axis=0, dtype=np.float64)

    return features


def _row(kind: str, trials: Sequence[Trials], threshold: float) -> tuple[str, ...]:
    low, high = interval(trials)
    rate = f"{percent(equal_error(trials))} ({percent(low)} to {percent(high)})"
    refused, taken = _at(trials, threshold)
    return (
        kind,
        str(len(trials)),
        rate,
        str(refused),
        percent(taken.value),
        f"{_threshold(trials):.3f}",
    )


def _rate(trials: Sequence[Trials]) -> str:
    low, high = interval(trials)
    return f"{percent(equal_error(trials))} ({percent(low)} to {percent(high)})"


def _threshold(trials: Sequence[Trials]) -> float:
    """The score below which the wanted share of own calls is."""
    return float(np.quantile(np.concatenate([one.own for one in trials]), REFUSED))


def _at(trials: Sequence[Trials], threshold: float) -> tuple[Share, Share]:
    """What the threshold makes of own calls, refused, and of others', taken."""
    own = np.concatenate([one.own for one in trials])
    others = np.concatenate([one.others for one in trials])
    refused = Share(int(np.count_nonzero(own < threshold)), len(own))
    return refused, Share(int(np.count_nonzero(others >= threshold)), len(others))


def _figures(trials: Sequence[Trials], threshold: float) -> dict[str, Any]:
    refused, taken = _at(trials, threshold)
    return _plain(trials) | {
        "own_refused": refused.plain(),
        "others_taken": taken.plain(),
        "threshold": _threshold(trials),
    }


def _plain(trials: Sequence[Trials]) -> dict[str, Any]:
    return {
        "owners": len(trials),
        "equal_error_rate": equal_error(trials),
        "interval": interval(trials),
    }

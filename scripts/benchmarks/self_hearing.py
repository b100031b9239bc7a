"""``self-hearing``: whether the assistant takes its own voice for the owner's."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Executor
from functools import cache
from itertools import repeat
from random import Random

import numpy as np
import soxr

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.config import Settings
from assistant.engines import spoken_grammar
from assistant.events import NothingHeard, StopHeard, Transcribed, WakeDetected
from assistant.measuring.sentences import commands
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizing import build_recognizer
from assistant.speech.synthesizers import choose_synthesizer
from scripts.benchmarks.conversations import FOLDER
from scripts.benchmarks.conversing import Script, Turn, play, say_text, understanding_of
from scripts.benchmarks.progress import track
from scripts.benchmarks.stock import NO_FOLDERS
from scripts.benchmarks.tables import Report, Share, Table
from scripts.benchmarks.voices import SPEECH_DBFS, Signal, level, room, speak
from scripts.benchmarks.workers import workers

ANSWERS = 200
LEVELS_DB = (0, -10, -20)
"""Of its voice at the microphone, beside that of somebody who speaks to it."""

REVERBERATION_SECONDS = 0.4
"""Until a sound has died away by 60 dB, in a furnished room."""

FOLLOW_UP_SECONDS = 4.0
SEED = 13
"""Of other answers than those on which the thresholds for "stop" were chosen, 11."""

VOICES = (
    *(f"flite {name}" for name in ("slt", "rms", "awb", "kal16", "kal")),
    *(
        f"espeak {name} {rate}"
        for name in (
            *("en", "en-us", "en+f3", "en+f4", "en+m3", "en+m7", "en-gb-scotland"),
            *("en-us+f2", "en-gb-x-rp+m1", "en-029"),
        )
        for rate in (140, 180)
    ),
)
"""Who says "stop"."""
STOPS_A_VOICE = 2
LATE_SECONDS = 1.1
"""So soon after "stop" it has to be heard."""

ABOUT = (
    f"{ANSWERS} answers to commands made up at random, in the voice of a fresh install (espeak-"
    "ng), as they come back to the microphone: through a room that goes on sounding for "
    f"{REVERBERATION_SECONDS} s, so many decibels softer than somebody who speaks to it. While it "
    "speaks, 'stop' and the wake word are listened for. Then the microphone opens for what may "
    "follow, at once and while the room still sounds. Anything that is heard is a mistake."
)
ABOUT_STOP = (
    f"And 'stop' said amid such answers, or into a quiet room, by {len(VOICES)} synthesised "
    "voices; no recordings of people who say it were at hand."
)


def answers(count: int, seed: int = SEED) -> list[str]:
    """What the assistant says to so many commands, made up at random."""
    understanding = understanding_of(FOLDER)
    grammar = spoken_grammar(understanding)
    found: dict[str, None] = {}
    for said in commands([grammar], 5 * count, Random(seed).randrange):
        if len(found) == count:
            break
        for result in play(Script("", (Turn(said),)), understanding, say_text):
            if result.said:
                found[result.said] = None
    return list(found)


def echo(text: str, decibels: float, random: np.random.Generator) -> Samples:
    """What the microphone hears of it, with the room's sound for as long as it may follow."""
    sound = asyncio.run(choose_synthesizer(Settings().speech, "en").synthesize(text))
    signal = soxr.resample(sound.samples / 32768, sound.sample_rate, SAMPLE_RATE)
    length = round(REVERBERATION_SECONDS * SAMPLE_RATE)
    decay = 10 ** (-3 * np.arange(length) / length)
    response = random.standard_normal(length) * decay * 0.05
    response[0] = 1.0
    heard: Signal = np.convolve(signal, response)
    heard *= 10 ** ((SPEECH_DBFS + decibels) / 20) / level(heard)
    samples: Samples = np.rint(np.clip(heard, -1, 1) * 32767).astype(np.int16)
    return samples


@cache
def ears() -> Pipeline:
    """The pipeline of a fresh install, with the intents of the conversations."""
    settings = Settings()
    pipeline = build_pipeline(settings, build_recognizer(settings, NO_FOLDERS))
    pipeline.use(spoken_grammar(understanding_of(FOLDER)))
    return pipeline


def hear(text: str, decibels: float, seed: int) -> Counter[str]:
    """Count what is heard of one answer."""
    random = np.random.default_rng(seed)
    heard = echo(text, decibels, random)
    quiet = np.rint(room("room", round(5 * SAMPLE_RATE), random) * 32767).astype(np.int16)
    pipeline, found = ears(), Counter[str]()
    tail = round(REVERBERATION_SECONDS * SAMPLE_RATE)
    speech_chunks = (len(heard) - tail) // CHUNK_SAMPLES
    samples = np.concatenate([heard, quiet])
    pipeline.begin()
    pipeline.wait_for_stop()
    for number in range(len(samples) // CHUNK_SAMPLES):
        if number == speech_chunks:
            pipeline.listen(seconds=FOLLOW_UP_SECONDS)
        chunk = samples[number * CHUNK_SAMPLES : (number + 1) * CHUNK_SAMPLES]
        for event in pipeline.feed(chunk):
            match event:
                case WakeDetected():
                    found["wake word"] += 1
                case StopHeard():
                    found["stop"] += 1
                case Transcribed():
                    found["command"] += 1
                case NothingHeard():
                    found["nothing"] += 1
        if found["nothing"] or found["command"]:
            break
    return found


def said_stop(voice: str, text: str | None, decibels: float, seed: int) -> bool:
    """Whether "stop" is heard that somebody says amid an answer, None for into a quiet room."""
    random = np.random.default_rng(seed)
    answer = np.zeros(1) if text is None else echo(text, decibels, random) / 32768
    word = speak(voice, "stop")
    least = len(word) + 2 * SAMPLE_RATE
    signal: Signal = np.concatenate([answer, np.zeros(max(0, least - len(answer)))])
    begin = int(random.integers(SAMPLE_RATE // 2, len(signal) - len(word) - SAMPLE_RATE))
    signal[begin : begin + len(word)] += word
    signal += room("room", len(signal), random)
    samples = np.rint(np.clip(signal, -1, 1) * 32767).astype(np.int16)
    pipeline = ears()
    pipeline.begin()
    pipeline.wait_for_stop()
    end = begin + len(word) + round(LATE_SECONDS * SAMPLE_RATE)
    for at in range(0, min(end, len(samples)) - CHUNK_SAMPLES, CHUNK_SAMPLES):
        events = list(pipeline.feed(samples[at : at + CHUNK_SAMPLES]))
        if at >= begin and any(isinstance(event, StopHeard) for event in events):
            return True
    return False


def _stops(pool: Executor, texts: Sequence[str] | None, decibels: float) -> Share:
    voices = VOICES * STOPS_A_VOICE
    chosen = [None if texts is None else texts[7 * n % len(texts)] for n in range(len(voices))]
    heard = pool.map(said_stop, voices, chosen, repeat(decibels), range(len(voices)))
    return Share(sum(track(heard, "'stop'", len(voices))), len(voices))


def measure(jobs: int, count: int = ANSWERS, levels: Sequence[float] = LEVELS_DB) -> Report:
    """Let it hear its own answers at each level."""
    texts = answers(count)
    with workers(jobs) as pool:
        quiet = _stops(pool, None, 0)
    rows, figures = [], {"quiet": {"said": quiet.total, "heard": quiet.count}}
    for decibels in levels:
        total = Counter[str]()
        with workers(jobs) as pool:
            heard = pool.map(hear, texts, repeat(decibels), range(count))
            for found in track(heard, f"at {decibels} dB", count):
                total.update({name: 1 for name, times in found.items() if times})
            stops = _stops(pool, texts, decibels)
        shares = [str(Share(total[name], count)) for name in ("wake word", "stop", "command")]
        rows.append((f"{decibels} dB", *shares, str(stops)))
        figures[f"{decibels}"] = {"answers": count} | {
            name.replace(" ", "_"): total[name] for name in ("wake word", "stop", "command")
        }
        figures[f"{decibels}"] |= {"said": stops.total, "heard": stops.count}
    rows.append(("no voice", "", "", "", str(quiet)))
    columns = ("its voice", "wake word", "stop", "then a command", "'stop' by others is heard")
    table = Table(columns, tuple(rows))
    return Report("self-hearing", "Its own voice", (ABOUT, ABOUT_STOP, table), {"levels": figures})

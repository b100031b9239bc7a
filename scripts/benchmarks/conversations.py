"""``conversations``: how many turns of scripted conversations succeed when they are spoken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.config import Settings
from assistant.measuring.scores import Share
from assistant.pipelines import build_pipeline
from assistant.recognizing import build_recognizer
from scripts.benchmarks.conversing import (
    Result,
    Speaker,
    play,
    read_scripts,
    say_text,
    understanding_of,
)
from scripts.benchmarks.progress import track
from scripts.benchmarks.stock import NO_FOLDERS
from scripts.benchmarks.tables import Report, Table
from scripts.benchmarks.workers import workers

FOLDER = Path(__file__).parents[2] / "tests" / "conversations"
AS_TEXT = "as text"
VOICES = ("flite slt", "flite rms", "flite awb", "flite kal16", "espeak en-us", "espeak en-gb")

ABOUT = (
    "Conversations that are written down in `tests/conversations`: what is said, and what is to be "
    "answered. As text, and spoken by voices of flite and espeak-ng through wake word, endpointing "
    "and the recognizers of a fresh install, in a quiet room. A turn succeeds when the answer is "
    "the expected one; a turn that failed may make those after it fail. Synthesised speech says "
    "little about people: the voices of espeak-ng are hardly believed by the recognizer."
)


@cache
def speaker(voice: str) -> Speaker:
    """A voice, and the ears that it speaks to."""
    settings = Settings()
    pipeline = build_pipeline(settings, build_recognizer(settings, NO_FOLDERS))
    return Speaker(pipeline, understanding_of(FOLDER), voice)


def play_one(voice: str, number: int) -> list[Result]:
    """Play one of the conversations."""
    say = say_text if voice == AS_TEXT else speaker(voice)
    return play(read_scripts(FOLDER)[number], understanding_of(FOLDER), say)


def play_all(voice: str) -> list[list[Result]]:
    """Play all of them."""
    return [play_one(voice, number) for number in range(len(read_scripts(FOLDER)))]


def measure(jobs: int, voices: Sequence[str] = VOICES) -> Report:
    """Play all conversations in each voice."""
    names = (AS_TEXT, *voices)
    with workers(jobs) as pool:
        waiting = pool.map(play_all, names)
        played = dict(zip(names, track(waiting, "conversations", len(names)), strict=True))
    rows = []
    figures: dict[str, dict[str, int]] = defaultdict(dict)
    for name, conversations in played.items():
        turns = [result.is_right for results in conversations for result in results]
        whole = [all(result.is_right for result in results) for results in conversations]
        rows.append((name, str(Share(sum(turns), len(turns))), str(Share(sum(whole), len(whole)))))
        figures[name] = {
            "turns": len(turns),
            "right_turns": sum(turns),
            "conversations": len(whole),
            "right_conversations": sum(whole),
        }
    table = Table(("said", "turns", "whole conversations"), tuple(rows))
    return Report("conversations", "Conversations", (ABOUT, table), {"voices": dict(figures)})

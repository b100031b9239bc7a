"""Scripted conversations: each one as text, and as sound through the real engines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.pipeline import Pipeline
from assistant.pipelines import build_pipeline
from assistant.recognizing import build_recognizer
from scripts.benchmarks.conversing import (
    Script,
    Speaker,
    play,
    read_scripts,
    say_text,
    understanding_of,
)
from tests.recordings import NO_FOLDERS

FOLDER = Path(__file__).parent / "conversations"
SCRIPTS = read_scripts(FOLDER)
VOICE = "flite slt"
PARTS = 3
"""That they are spoken in, by as many processes as there may be."""


@cache
def understanding() -> Understanding:
    return understanding_of(FOLDER)


def test_there_are_enough_of_them() -> None:
    assert len({script.name for script in SCRIPTS}) == len(SCRIPTS)
    assert len(SCRIPTS) >= 60


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_as_text(script: Script) -> None:
    for result in play(script, understanding(), say_text):
        assert result.said == result.turn.it or result.is_right, result.turn.you


@cache
def ears() -> Pipeline:
    settings = Settings()
    return build_pipeline(settings, build_recognizer(settings, NO_FOLDERS))


@pytest.mark.engines
@pytest.mark.timeout(400)
@pytest.mark.parametrize("first", range(PARTS))
def test_as_sound(first: int) -> None:
    """Words may be misheard, seldom: ``scripts/bench conversations`` tells how seldom by voice."""
    speaker = Speaker(ears(), understanding(), VOICE)
    results = [
        one for script in SCRIPTS[first::PARTS] for one in play(script, understanding(), speaker)
    ]
    wrong = [f"{one.turn.you}: heard {one.heard!r}" for one in results if not one.is_right]
    assert len(wrong) <= 0.05 * len(results), "\n".join(wrong)

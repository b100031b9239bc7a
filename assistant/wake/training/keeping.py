"""From what was trained to the file that the assistant loads."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.embedding.bundle import embedding_checksum
from assistant.errors import EngineError
from assistant.wake.packaged import word_key, word_models
from assistant.wake.trained import About, TrainedWord, write_word
from assistant.wake.training.judging import Trained
from assistant.wake.training.trainer import Task
from assistant.wake.words import TRAINED

_NAME = re.compile("[a-z0-9][a-z0-9_]{0,63}")


def place_of(name: str, folder: Path, *, replace: bool) -> Path:
    """Return where a word of this name is kept. Raises EngineError where it may not be."""
    key = word_key(name)
    if not _NAME.fullmatch(key):
        raise EngineError(
            f"'{name}' is no name for a wake word.",
            "Use letters, digits and '_', and --phrase for how it is said.",
        )
    path = folder / f"{key}{TRAINED}"
    if replace:
        return path
    if key in word_models():
        raise EngineError(
            f"'{key}' is a wake word that comes with openWakeWord.",
            "Choose another name, or add --replace to use yours instead of it.",
        )
    if path.exists():
        raise EngineError(f"There is a wake word {path} already.", "Add --replace to replace it.")
    return path


def word_of(trained: Trained, task: Task, name: str, now: datetime) -> TrainedWord:
    """Put together what is kept."""
    about = About(
        word=word_key(name),
        phrase=task.phrase,
        made=now.isoformat(timespec="seconds"),
        embedding=embedding_checksum(),
        recordings=len(task.recordings),
        negative_hours=round(trained.negative_hours, 3),
        room_hours=round(trained.room_hours, 3),
        thresholds=trained.thresholds,
        det=[point.plain() for point in trained.det],
        measured=measured(trained),
    )
    return TrainedWord(trained.network, about)


def measured(trained: Trained) -> dict[str, Any]:
    """What it is worth, for JSON."""
    return {
        "tried_with": trained.tried,
        "missed": trained.missed.plain(),
        "missed_in_noise": trained.missed_in_noise.plain(),
        "false_alarms": trained.false_alarms,
    }


def keep(word: TrainedWord, path: Path) -> None:
    """Write the file in one go. Raises EngineError."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(write_word(word))
        part.replace(path)
    except OSError as error:
        raise EngineError(f"{path} cannot be written: {error.strerror}.") from error

"""What the commands of ``assistant wake`` share: which word, and how sure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from assistant.config import Settings, WakeSettings

Function = TypeVar("Function", bound=Callable[..., Any])


def word_option(function: Function) -> Function:
    """``--word NAME``."""
    return click.option(
        "--word", metavar="NAME", help="A wake word's name, or the path of a model; else wake.word."
    )(function)


def threshold_option(function: Function) -> Function:
    """``--threshold T``."""
    return click.option(
        "--threshold", type=float, metavar="T", help="Instead of wake.threshold, 0 to 1."
    )(function)


def choose_wake(
    settings: Settings,
    word: str | None,
    *,
    threshold: float | None = None,
    sensitivity: float | None = None,
) -> Settings:
    """Have only ``word`` listened for; ``threshold`` or ``sensitivity`` is that of all words.

    Raises UsageError for a value that is out of range.
    """
    wake = settings.wake.model_dump()
    if word is not None:
        wake |= _only(word, settings.wake)
    if threshold is not None or sensitivity is not None:
        given = {"threshold": threshold, "sensitivity": sensitivity}
        wake |= {name: value for name, value in given.items() if value is not None}
        wake["threshold"] = threshold
        own = {"threshold": None, "sensitivity": None}
        wake["words"] = {name: entry | own for name, entry in wake["words"].items()}
    try:
        chosen = WakeSettings.model_validate(wake)
    except ValidationError as error:
        mistakes = (f"--{mistake['loc'][0]}: {mistake['msg']}" for mistake in error.errors())
        raise click.UsageError("; ".join(mistakes)) from error
    return settings.model_copy(update={"wake": chosen})


def _only(word: str, wake: WakeSettings) -> dict[str, Any]:
    """The settings that listen for this word alone: a configured one, a name, or a model."""
    if word in wake.words:
        return {"words": {word: wake.words[word].model_dump()}}
    path = Path(word).expanduser()
    if path.suffix or path.is_file():
        return {"words": {}, "word": path.stem, "model": path}
    same = word == wake.word and not wake.words
    return {"words": {}, "word": word, "model": wake.model if same else None}

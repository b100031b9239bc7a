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


def choose_wake(settings: Settings, word: str | None, **given: float | None) -> Settings:
    """Have ``word`` listened for, and settings of the section ``wake`` replaced by those given.

    Raises UsageError for a value that the section does not take.
    """
    changed: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if word is not None:
        path = Path(word).expanduser()
        model = path if path.suffix or path.is_file() else None
        changed |= {"word": word if model is None else path.stem, "model": model}
    try:
        wake = WakeSettings.model_validate(settings.wake.model_dump() | changed)
    except ValidationError as error:
        mistakes = (f"--{mistake['loc'][0]}: {mistake['msg']}" for mistake in error.errors())
        raise click.UsageError("; ".join(mistakes)) from error
    return settings.model_copy(update={"wake": wake})

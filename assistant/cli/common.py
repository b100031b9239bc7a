"""What several commands share: settings, and options that read alike everywhere."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.config import Settings
from assistant.engines import load_configuration
from assistant.paths import Paths, find_paths

if TYPE_CHECKING:
    from assistant.wake.training.material import Track

Function = TypeVar("Function", bound=Callable[..., Any])
Item = TypeVar("Item")

EXISTING = click.Path(path_type=Path)


def paths() -> Paths:
    """Find the folders of this user's, or this service's, assistant."""
    return find_paths(os.environ, os.getuid())


def settings(config: Path | None, recognizer: str | None = None) -> Settings:
    """Read the configuration; ``recognizer`` is chosen instead of the one in it."""
    found = load_configuration(paths(), config)[0]
    if recognizer is None:
        return found
    chosen = found.recognizer.model_copy(update={"engine": recognizer})
    return found.model_copy(update={"recognizer": chosen})


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """Show that something takes a moment, at a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield


@contextlib.contextmanager
def progress_bar() -> Iterator[Track]:
    """How far it is, on standard error, at a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:

        def track(items: Iterable[Item], what: str, total: int) -> Iterable[Item]:
            return bar.track(items, total, description=what)

        yield track


def config_option(function: Function) -> Function:
    """``--config FILE``."""
    return click.option(
        "--config", type=EXISTING, metavar="FILE", help="Another configuration file."
    )(function)


def json_option(function: Function) -> Function:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")(
        function
    )


def intents_option(function: Function) -> Function:
    """``--intents DIR…``."""
    return click.option(
        "--intents",
        "intents",
        type=EXISTING,
        multiple=True,
        metavar="DIR",
        help="Intent files or folders to use instead of the configured ones; may be repeated.",
    )(function)


def recognizer_option(function: Function) -> Function:
    """``--recognizer NAME``."""
    return click.option(
        "--recognizer",
        type=click.Choice(["auto", "phones", "pocketsphinx", "vosk"]),
        default=None,
        help="Another recognizer than the configured one.",
    )(function)


def written_out(command: Mapping[str, Any]) -> str:
    """Write one of the ``commands`` of a turn: its intent and slots."""
    return " ".join([command["intent"], *(f"{k}={v}" for k, v in command["slots"].items())])


def set_up_logging(*, verbose: bool, service: bool) -> None:
    """Log to standard error; under systemd without time and with the journal's level prefix."""
    if service:
        form = "<%(journal)d>%(name)s: %(message)s"
    else:
        form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler = _StandardError()
    handler.setFormatter(_Formatter(form))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])


class _StandardError(logging.Handler):
    """Writes to what is standard error now, which the live view redirects above itself."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(self.format(record), err=True)


class _Formatter(logging.Formatter):
    """Adds syslog's number of the level (sd-daemon(3))."""

    def format(self, record: logging.LogRecord) -> str:
        numbers = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4}
        record.journal = numbers.get(record.levelno, 3)
        return super().format(record)

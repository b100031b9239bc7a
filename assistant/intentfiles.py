"""Intent files on the disk: which are in force, what they say, and whether they have changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from assistant.config import Settings
from assistant.errors import EngineError, IntentError, Place, Problem
from assistant.intents.model import ListSource, SourceFile
from assistant.intents.words import base_language
from assistant.paths import Paths

LANGUAGE_FILES = ("connectives.yaml", "responses.yaml", "types.yaml")
"""Of the shipped files, those with the words of a language instead of intents."""

SUFFIXES = (".yaml", ".yml")

MAXIMUM_LIST_BYTES = 1_000_000
"""The longest file of a list; ten thousand names are a third of it."""

Fingerprint: TypeAlias = frozenset[tuple[str, int, int, int]]
"""Of each file its path, inode, time of change (which writing, renaming and chmod set) and size."""


class IntentFiles:
    """The intent files in force, lowest layer first, and which version of them was read last.

    ``instead`` are files or folders that take the place of the configured ones; the assistant's
    own sentences and the words of its language are there in any case. ``skills`` are the places of
    the skills' intents, which the owner's replace; they are gone through anew at each look.
    """

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        instead: Sequence[Path] = (),
        skills: Iterable[Path] = (),
    ) -> None:
        self._settings = settings.intents
        self.paths = paths
        self._shipped = shipped_intents(settings.intents.language)
        alone = bool(instead) or not settings.intents.shipped
        self._needs_shipped = not alone
        # Folders and files of each layer, and whether they have to be there.
        self._layers: list[tuple[Iterable[Path], bool]]
        own = [self._shipped / name for name in LANGUAGE_FILES] if alone else [self._shipped]
        self._layers = [(own, False)]
        if instead:
            self._layers.append((instead, True))
        else:
            self._layers.append((skills, False))
            self._layers += [([folder], False) for folder in reversed(paths.owner_intents)]
            self._layers += [([folder], True) for folder in settings.intents.directories]
        self._lists: set[Path] = set()
        self._read: Fingerprint = frozenset()
        self._seen: Fingerprint = frozenset()

    def read(self) -> list[SourceFile]:
        """Read every file. Raises IntentError with all that cannot be read."""
        if self._needs_shipped and not self._shipped.is_dir():
            there = sorted(folder.name for folder in self._shipped.parent.iterdir())
            raise EngineError(
                f"There are no shipped intents in the language '{self._settings.language}'.",
                f"Set intents.language to one of {', '.join(there)}, or intents.shipped to false.",
            )
        self._lists = set()
        # Before reading: a file that changes meanwhile is another one than was read.
        self._read = self._seen = self._fingerprint()
        problems: list[Problem] = []
        files = [
            SourceFile(str(path), text, layer)
            for layer, (places, required) in enumerate(self._layers)
            for path in _find(places, problems if required else [])
            if (text := _text(path, problems)) is not None
        ]
        if problems:
            raise IntentError(problems)
        return files

    def list_text(self, source: ListSource) -> str:
        """Read the file of a list, which is beside the intent file; it is watched from now on.

        Raises IntentError when it cannot be read, or is larger than lists are.
        """
        path = Path(source.place.path).parent / str(source.file)
        self._lists.add(path)
        self._read = self._seen = self._read | {_stamp(path)}
        problems: list[Problem] = []
        text = _text(path, problems, MAXIMUM_LIST_BYTES)
        if text is None:
            message = f"list file '{source.file}' {problems[0].message}"
            raise IntentError([Problem(message, source.place, f"it would be {path}")])
        return text

    def changed(self) -> bool:
        """Tell whether they are others than were read, and have been so since this was last asked.

        Editors write in two steps, and a copy of many files takes a while: what is still changing
        is left alone.
        """
        before, self._seen = self._seen, self._fingerprint()
        return self._seen == before != self._read

    def _fingerprint(self) -> Fingerprint:
        files = (path for places, _ in self._layers for path in _find(places, []))
        return frozenset(_stamp(path) for path in (*files, *self._lists))


def shipped_intents(language: str) -> Path:
    """Return the folder of the shipped intents, of an installed package or of a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped" / "intents"
    folder = installed if installed.is_dir() else package.parent / "intents"
    return folder / language if (folder / language).is_dir() else folder / base_language(language)


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Say why a file cannot be read."""
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return error.strerror or str(error)


def _find(places: Iterable[Path], missing: list[Problem]) -> Iterator[Path]:
    """Yield the files of these folders in order, and those that are no folder themselves."""
    for place in places:
        if os.path.isdir(place):  # noqa: PTH112 - pathlib's raises where it may not look
            yield from sorted(_in_folder(place))
        elif os.path.lexists(place):
            yield place
        else:
            hint = "check the path"
            missing.append(Problem("no such file or folder", Place(str(place), 1, 1), hint))


def _in_folder(folder: Path) -> Iterator[Path]:
    """Yield intent files at any depth; hidden ones are an editor's, such as Emacs's '.#' locks."""
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield Path(parent, name)


def _text(path: Path, problems: list[Problem], most_bytes: int | None = None) -> str | None:
    try:
        if most_bytes is not None and path.stat().st_size > most_bytes:
            message = f"has more than {most_bytes:,} bytes"
            problems.append(Problem(message, Place(str(path), 1, 1)))
            return None
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(f"cannot be read: {reason_of(error)}", Place(str(path), 1, 1)))
        return None


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        found = path.stat()
    except OSError:  # it went just now, or is a link to nothing
        return (str(path), 0, 0, 0)
    return (str(path), found.st_ino, found.st_ctime_ns, found.st_size)

"""The skills that are there: folders of the owner, and packages that were installed.

Nothing of a skill is run to find it. A folder ``skills/NAME`` of the configuration holds
``skill.py`` and ``intents/``; a package is such a folder, and names itself under the entry point
``assistant.skills``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import ConfigError, Place, Problem
from assistant.intents.words import base_language
from assistant.paths import Paths
from assistant.skillmanifest import Manifest, load_manifest

GROUP = "assistant.skills"
SOURCE = "skill.py"
MANIFEST = "skill.yaml"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")

MOST_FILES = 1_000
"""Of a skill, that are looked at to notice a change."""


@dataclass(frozen=True, slots=True)
class SkillFolder:
    """A skill: its name, its folder, and how its module is imported.

    ``package`` is the one that brought it, '' for a folder of the owner's.
    """

    name: str
    path: Path
    package: str = ""

    @property
    def source(self) -> Path:
        """The file that takes its calls."""
        return self.path / SOURCE

    @property
    def module(self) -> str:
        """The name it is imported by."""
        return f"{self.package}.{self.source.stem}" if self.package else self.source.stem

    @property
    def import_from(self) -> Path:
        """The folder that its own modules are imported from."""
        return self.path.parent if self.package else self.path

    def intents(self, language: str) -> list[Path]:
        """Files and folders with its intents in a language; there may be none."""
        folder = self.path / "intents"
        names = dict.fromkeys((language, base_language(language)))
        return [place for name in names for place in (folder / name, folder / f"{name}.yaml")]

    def languages(self) -> list[str]:
        """Languages that it has intents in."""
        folder = self.path / "intents"
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted({place.stem for place in found if place.is_dir() or place.suffix == ".yaml"})

    def manifest(self) -> Manifest:
        """Read its settings. Raises ConfigError with every mistake of them."""
        path = self.path / MANIFEST
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Manifest()
        except (OSError, UnicodeDecodeError) as error:
            place = Place(str(path), 1, 1)
            raise ConfigError([Problem(f"cannot be read: {error}", place)]) from error
        return load_manifest(text, str(path))

    def stamp(self) -> int:
        """A number that is another one when any file of its program or its settings is."""
        digest = hashlib.blake2b(digest_size=8)
        for path in sorted(self._files()):
            try:
                found = path.stat()
            except OSError:  # it went just now
                continue
            seen = (str(path), found.st_ino, found.st_ctime_ns, found.st_size)
            digest.update(repr(seen).encode("utf-8", "surrogateescape"))
        return int.from_bytes(digest.digest())

    def _files(self) -> Iterator[Path]:
        count = 0
        for parent, folders, names in os.walk(self.path):
            folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
            for name in names:
                if name.endswith((".py", MANIFEST)) and count < MOST_FILES:
                    count += 1
                    yield Path(parent, name)


def find_skills(paths: Paths) -> dict[str, SkillFolder]:
    """Return all skills by name: this user's win over the system's, and these over packages'."""
    found = dict(_installed())
    for folder in reversed(paths.skills):
        found |= {path.name: SkillFolder(path.name, path) for path in _in_folder(folder)}
    return dict(sorted(found.items()))


class SkillIntents:
    """The places of the intents of all skills; each time it is gone through, as they are then."""

    def __init__(self, paths: Paths, language: str) -> None:
        self._paths = paths
        self._language = language

    def __iter__(self) -> Iterator[Path]:
        for skill in find_skills(self._paths).values():
            yield from (place for place in skill.intents(self._language) if place.exists())


def _in_folder(folder: Path) -> Iterator[Path]:
    if os.path.isdir(folder):  # noqa: PTH112 - pathlib's raises where it may not look
        for path in sorted(folder.iterdir()):
            if NAME.fullmatch(path.name) and (path / SOURCE).is_file():
                yield path


@cache
def _installed() -> Sequence[tuple[str, SkillFolder]]:
    """Skills of installed packages; what is installed later is found after a restart."""
    found = []
    for entry in entry_points(group=GROUP):
        # A package within another one would have that one imported, in this process.
        spec = find_spec(entry.value) if "." not in entry.value else None
        for location in (spec.submodule_search_locations or ()) if spec else ():
            folder = Path(location)
            if NAME.fullmatch(entry.name) and (folder / SOURCE).is_file():
                found.append((entry.name, SkillFolder(entry.name, folder, entry.value)))
    return found

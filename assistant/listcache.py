"""What the programs of lists printed last, kept so that a start without the bridge knows it.

A file for each list, in a folder that only this user may enter: they are names of people and
things of this house.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from urllib.parse import quote

from assistant.errors import StateError


class ListCache:
    """Texts by list and program: what another program printed for the same list does not count."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, argv: tuple[str, ...]) -> str | None:
        """Return what the program printed last; None when nothing is known, or not any more."""
        try:
            kept = json.loads(self._path(name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StateError(
                f"what list '{name}' held cannot be read: {error.strerror}",
                f"Check {self._path(name)}.",
            ) from error
        except ValueError:  # damaged: the program is asked again, and the file written anew
            return None
        match kept:
            case {"argv": list(printed_by), "text": str(text)} if printed_by == list(argv):
                return text
        return None

    def put(self, name: str, argv: tuple[str, ...], text: str) -> None:
        """Keep what the program printed. A power cut leaves the old text or the new one."""
        path = self._path(name)
        new = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with new.open("w", encoding="utf-8") as file:
                json.dump({"argv": argv, "text": text}, file)
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise StateError(
                f"what list '{name}' holds cannot be kept: {error.strerror}",
                f"Check {self._folder}, and that the disk is not full.",
            ) from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe='')}.json"

"""The pronunciations that come with PocketSphinx: CMUdict, 134,000 English words.

All of them would take some 30 MB; the file is read in one pass for the words that are asked for.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EngineError

FILE = Path("model", "en-us", "cmudict-en-us.dict")
"""Where it is in the package; finding it there loads no engine."""


@dataclass(frozen=True)
class Dictionary:
    """A pronunciation dictionary: a line for each, as in ``read R EH D`` or ``read(2) R IY D``."""

    path: Path

    def phones(self, words: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The first pronunciation of each of the words that it has, as ARPAbet without stress.

        Raises EngineError when the file cannot be read.
        """
        wanted = set(words)
        found: dict[str, tuple[str, ...]] = {}
        try:
            with self.path.open(encoding="utf-8") as lines:
                for line in lines:
                    word, _, phones = line.partition(" ")
                    if word in wanted:
                        found.setdefault(word, tuple(phones.split()))
        except OSError as error:
            raise EngineError(
                f"The pronunciations in {self.path} cannot be read: {error.strerror}.",
                "Install them again with: pip install --force-reinstall pocketsphinx",
            ) from error
        return found

    def known(self, words: Collection[str]) -> set[str]:
        """Those of the words that it has."""
        return set(self.phones(words))


def packaged_dictionary() -> Dictionary:
    """The dictionary inside of PocketSphinx's package. Raises EngineError without the package."""
    package = importlib.util.find_spec("pocketsphinx")
    if package is None or package.origin is None:
        raise EngineError(
            "PocketSphinx is not installed, and with it the pronunciations of words.",
            "Install it with: pip install pocketsphinx",
        )
    return Dictionary(Path(package.origin).parent / FILE)

"""The pronunciations that come with PocketSphinx: CMUdict, 134,000 English words.

All of them would take some 30 MB; the file is read in one pass for the words that are asked for.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import EngineError
from assistant.recognizers.pronunciation import Phones

FILE = Path("model", "en-us", "cmudict-en-us.dict")
"""Where it is in the package; finding it there loads no engine."""


@dataclass(frozen=True)
class Dictionary:
    """A pronunciation dictionary: a line for each, as in ``read R EH D`` or ``read(2) R IY D``."""

    path: Path

    def pronunciations(self, words: Collection[str]) -> dict[str, tuple[Phones, ...]]:
        """All pronunciations of each of the words that it has, as ARPAbet without stress.

        Raises EngineError when the file cannot be read.
        """
        wanted = set(words)
        found: dict[str, list[Phones]] = {}
        for word, phones in self.entries():
            if word in wanted:
                found.setdefault(word, []).append(tuple(phones.split()))
        return {word: tuple(ways) for word, ways in found.items()}

    def entries(self) -> Iterator[tuple[str, str]]:
        """Every word with each of its pronunciations, as it is written there.

        Raises EngineError when the file cannot be read.
        """
        try:
            with self.path.open(encoding="utf-8") as lines:
                for line in lines:
                    entry, _, phones = line.partition(" ")
                    yield entry.partition("(")[0], phones.strip()
        except OSError as error:
            raise EngineError(
                f"The pronunciations in {self.path} cannot be read: {error.strerror}.",
                "Install them again with: pip install --force-reinstall pocketsphinx",
            ) from error

    def phones(self, words: Collection[str]) -> dict[str, Phones]:
        """The first pronunciation of each of the words that it has."""
        return {word: ways[0] for word, ways in self.pronunciations(words).items()}

    def known(self, words: Collection[str]) -> set[str]:
        """Those of the words that it has."""
        return set(self.pronunciations(words))


@dataclass(frozen=True)
class Lexicon:
    """The pronunciations of the words met so far; each is looked for in the dictionary once."""

    dictionary: Dictionary
    _met: dict[str, tuple[Phones, ...]] = field(default_factory=dict)

    def __call__(self, words: Collection[str]) -> Mapping[str, tuple[Phones, ...]]:
        """All pronunciations of each word, () of one that the dictionary does not have."""
        new = set(words) - self._met.keys()
        if new:
            found = self.dictionary.pronunciations(new)
            self._met.update({word: found.get(word, ()) for word in new})
        return {word: self._met[word] for word in words}


def packaged_dictionary() -> Dictionary:
    """The dictionary inside of PocketSphinx's package. Raises EngineError without the package."""
    package = importlib.util.find_spec("pocketsphinx")
    if package is None or package.origin is None:
        raise EngineError(
            "PocketSphinx is not installed, and with it the pronunciations of words.",
            "Install it with: pip install pocketsphinx",
        )
    return Dictionary(Path(package.origin).parent / FILE)

"""What is said for training: sentences of a home, rows of words, and everyday sentences.

The words of rows and blanks come from the dictionary, as often as PocketSphinx's own language model
says that they are used, made a little more even: rare words have to be heard, too.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pocketsphinx
import yaml

from assistant.intents.words import normalise
from assistant.recognizers.dictionary import packaged_dictionary

HERE = Path(__file__).parent
EVERYDAY = (
    HERE.parent / "benchmarks" / "everyday.txt",
    HERE.parents[1] / "assistant" / "measuring" / "everyday" / "en.txt",
)
HOME_SHARE, EVERYDAY_SHARE = 0.45, 0.05
"""The rest are rows of words."""
ROW_WORDS = (2, 8)
COMMON_SHARE = 0.5
"""Of the words of a row, those by use; the others are any of ``WORDS``."""
WORDS = 20_000
EVENNESS = 0.75
"""The power of how often a word is used: 1 as often, 0 all alike."""
MOST_WORDS = 14
_BLANK = re.compile(r"\{(\w+)\}")


class Texts:
    """Makes up sentences, all of whose words are in the dictionary."""

    def __init__(self) -> None:
        written = yaml.safe_load((HERE / "home.yaml").read_text(encoding="utf-8"))
        self._lists: dict[str, list[str]] = written["lists"]
        self._sentences: list[str] = written["sentences"]
        self._everyday = [
            line for path in EVERYDAY for line in path.read_text(encoding="utf-8").splitlines()
        ]
        self._known = {word for word, _ in packaged_dictionary().entries()}
        self._words, self._shares = _words_by_use()

    def sentence(self, random: np.random.Generator) -> str:
        """Return one, as words in lower case."""
        while True:
            kind = random.random()
            if kind < HOME_SHARE:
                text = self._fill(_pick(self._sentences, random), random)
            elif kind < HOME_SHARE + EVERYDAY_SHARE:
                text = _pick(self._everyday, random)
            else:
                text = " ".join(self._word(random) for _ in range(random.integers(*ROW_WORDS)))
            words = normalise(text, "en")
            if 0 < len(words) <= MOST_WORDS and self._known.issuperset(words):
                return " ".join(words)

    def _fill(self, sentence: str, random: np.random.Generator) -> str:
        def value(blank: re.Match[str]) -> str:
            match blank[1]:
                case "n":
                    most = (10, 60, 100, 1000)[random.choice(4, p=(0.4, 0.3, 0.25, 0.05))]
                    return str(random.integers(1, most + 1))
                case "hour":
                    return str(random.integers(1, 13))
                case "w":
                    return self._word(random)
                case name:
                    return _pick(self._lists[name], random)

        return _BLANK.sub(value, sentence)

    def _word(self, random: np.random.Generator) -> str:
        if random.random() < COMMON_SHARE:
            return self._words[int(np.searchsorted(self._shares, random.random()))]
        return _pick(self._words, random)


def _words_by_use() -> tuple[list[str], npt.NDArray[np.float64]]:
    """The most used words, and up to which share of all uses each of them reaches."""
    folder = Path(pocketsphinx.get_model_path()) / "en-us"
    model = pocketsphinx.NGramModel.readfile(str(folder / "en-us.lm.bin"))
    known = sorted({word for word, _ in packaged_dictionary().entries() if word.isalpha()})
    # The model's logarithms have the base 1.0001.
    uses = np.array([model.prob([word]) for word in known]) * np.log(1.0001)
    most = np.argsort(-uses)[:WORDS]
    shares = np.exp(uses[most] * EVENNESS)
    return [known[index] for index in most], np.cumsum(shares / shares.sum())


def _pick(some: list[str], random: np.random.Generator) -> str:
    return some[random.integers(len(some))]

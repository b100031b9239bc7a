"""German words in the units of the phone network, by what espeak-ng writes.

Most sounds of German have an English one that is like them. The few that have none take the place
of English sounds that German lacks, so that a network that was trained on learns them.
"""

# ruff: noqa: RUF001 - the phonetic alphabet has letters that look like others
from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from assistant.recognizers.phones.network import UNITS, Layer, PhoneNetwork
from assistant.recognizers.phones.training.examples import NUMBERS
from assistant.recognizers.pronunciation import Phones

ALIKE: Mapping[str, tuple[str, ...]] = {
    "p": ("P",), "b": ("B",), "t": ("T",), "d": ("D",), "k": ("K",), "ɡ": ("G",), "f": ("F",),
    "v": ("V",), "s": ("S",), "z": ("Z", "S"), "ʃ": ("SH",), "ʒ": ("ZH",), "h": ("HH",),
    "m": ("M",), "n": ("N",), "ŋ": ("NG",), "l": ("L",), "r": ("R",), "ɾ": ("R", "AH"),
    "ɹ": ("R",), "j": ("Y",), "w": ("V",), "ts": ("T S",), "pf": ("P F",), "tʃ": ("CH",),
    "dʒ": ("JH",), "aɪ": ("AY",), "aʊ": ("AW",), "ɔø": ("OY",), "a": ("AA", "AH"), "ɑ": ("AA",),
    "ɑ̃": ("AA NG",), "ɛ": ("EH",), "æ": ("EH",), "e": ("EY",), "ɪ": ("IH",), "i": ("IY",),
    "ɔ": ("AO",), "o": ("OW",), "ʊ": ("UH",), "u": ("UW",), "ʌ": ("AH",), "ə": ("AH",),
    "ɐ": ("AH",), "ɜ": ("ER", "AH"), "??": ("UH R",),
}  # fmt: skip
""""??" is what espeak-ng 1.51 writes for the sound of "Gurke"."""
STRANGE: Mapping[str, tuple[str, ...]] = {
    "ç": ("SH", "HH"), "x": ("HH", "K"), "œ": ("ER", "EH"), "ø": ("ER", "UW"),
    "y": ("UW", "IY", "IH"), "ʏ": ("UW", "IY", "IH"),
}  # fmt: skip
"""The sounds that English lacks, and what they are taken for by a network of English."""
PLACES: Mapping[str, tuple[str, ...]] = {
    "ç": ("TH",), "x": ("DH",), "œ": ("AE",), "ø": ("AE",), "y": ("W",), "ʏ": ("W",),
}  # fmt: skip
"""The places that they take in a network of German."""
BEGINNINGS = {"TH": "SH", "DH": "HH", "AE": "ER", "W": "UW"}
"""For what each of these places is first taken."""
MOST_WAYS = 24
_STRESS_AND_LENGTH = str.maketrans(dict.fromkeys("ˈˌː_ "))
_SOUND = re.compile(
    "|".join([*sorted(map(re.escape, ALIKE | STRANGE), key=len, reverse=True), "(.)"])
)


def written(words: Sequence[str]) -> dict[str, str]:
    """What espeak-ng's German voice writes for these words."""
    done = subprocess.run(
        ["espeak-ng", "-q", "--stdin", "-b", "1", "-v", "de", "--ipa", "--sep=_"],
        input="\n\n".join(words) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    return dict(zip(words, lines, strict=True))


def ways(ipa: str, strange: Mapping[str, tuple[str, ...]]) -> tuple[Phones, ...]:
    """All ways to say it in units; none where a sound is not known."""
    units = ALIKE | strange
    each = []
    # "(en)" tells that a word is said as in English, whose sounds are written in the same letters.
    for found in _SOUND.finditer(re.sub(r"\([a-z-]+\)", "", ipa).translate(_STRESS_AND_LENGTH)):
        if found[1]:
            return ()
        each.append(units[found[0]])
    count = 1
    for number, others in enumerate(each):
        if count * len(others) > MOST_WAYS:
            each[number] = others[:1]
        count *= len(each[number])
    said = (tuple(" ".join(way).split()) for way in product(*each))
    return tuple(dict.fromkeys(said))


def beginning(english: PhoneNetwork) -> PhoneNetwork:
    """A network of German that knows no more than that of English."""
    weights, bias = english.output.weights.copy(), english.output.bias.copy()
    prior = english.log_prior.copy()
    for place, like in BEGINNINGS.items():
        to, of = NUMBERS[place], NUMBERS[like]
        for outputs in (0, UNITS):
            weights[outputs + to] = english.output.weights[outputs + of]
            bias[outputs + to] = english.output.bias[outputs + of]
        prior[to] = english.log_prior[of]
    return replace(english, output=Layer(weights, bias), log_prior=prior)

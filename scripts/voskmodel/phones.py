"""Words as phones, phones as the numbers that Kaldi knows them by.

A phone is one of four: at the begin, at the end, and inside of a word, and as a whole word; they
sound the same. So the end of a word shows in the phones, and no two words end in the same arc of
the graph.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pocketsphinx

Pronunciation: TypeAlias = tuple[str, ...]
Lexicon: TypeAlias = Mapping[str, tuple[Pronunciation, ...]]

SILENCE = "SIL"
_SPEECH = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W "
    "Y Z ZH"
)
SPEECH = tuple(_SPEECH.split())
"""The phones of CMUdict."""

ANY = "SPN"
"""Stands for any word that is not in the vocabulary: it sounds a little like everything."""

UNKNOWN = "[unk]"
SOUNDS = (SILENCE, *SPEECH, ANY)
"""What the network tells apart: the number of a sound is its place (Kaldi's pdf)."""

HEARD = SOUNDS[:-1]
"""Those that are trained; that of ``ANY`` is made up."""

_PLACES = ("begin", "end", "internal", "singleton")
PHONES: tuple[tuple[str, str], ...] = (
    (SILENCE, "nonword"),
    *((phone, place) for phone in SPEECH for place in _PLACES),
    (ANY, "singleton"),
)
"""The phones by their numbers, which begin at 1, with their place in a word."""

_NUMBERS = {phone: number for number, phone in enumerate(PHONES, start=1)}
SILENCE_NUMBER = _NUMBERS[SILENCE, "nonword"]
ANY_NUMBER = _NUMBERS[ANY, "singleton"]


def loop(phone: int) -> int:
    """The number of the transition that stays in a phone."""
    return 2 * phone - 1


def entry(phone: int) -> int:
    """The number of the transition that goes through a phone once."""
    return 2 * phone


UNUSED_TRANSITION = 2 * len(PHONES) + 1


def numbers(pronunciation: Pronunciation) -> tuple[int, ...]:
    """The phones of a word by their places in it."""
    if len(pronunciation) == 1:
        return (_NUMBERS[pronunciation[0], "singleton"],)
    places = ["begin", *["internal"] * (len(pronunciation) - 2), "end"]
    return tuple(_NUMBERS[one] for one in zip(pronunciation, places, strict=True))


@cache
def _dictionary() -> Lexicon:
    """PocketSphinx's copy of CMUdict."""
    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    found: dict[str, list[Pronunciation]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        found.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    return {word: tuple(ways) for word, ways in found.items()}


def lexicon(words: Collection[str]) -> Lexicon:
    """Look words up; one that is not there is a mistake in ``commands.yaml``."""
    if missing := [word for word in words if word not in _dictionary()]:
        raise ValueError(f"not in CMUdict: {', '.join(missing)}")
    return {word: _dictionary()[word] for word in words}

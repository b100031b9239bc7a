"""How the words sound that a recognizer does not know: as told, letter by letter, or guessed.

A way to say a word is a text of pieces: words, syllables, and letters by their names ("x box").
"""

# ruff: noqa: RUF001 - the phonetic alphabet has letters that look like others
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assistant.errors import Place, Problem
from assistant.ports import UnknownWord

Phones: TypeAlias = tuple[str, ...]
"""ARPAbet without stress, the 39 phones of CMUdict: ("T", "IY")."""

Lookup: TypeAlias = Callable[[Collection[str]], Mapping[str, tuple[Phones, ...]]]
"""The pronunciations of words in a dictionary, in which "t." is the letter; none when unknown."""

Guess: TypeAlias = Callable[[Collection[str]], Mapping[str, Phones]]
"""Guesses how words sound; one that it has no guess for is not in the result."""


def no_guess(words: Collection[str]) -> Mapping[str, Phones]:  # noqa: ARG001 - the contract
    """Guess nothing: words that are not in the dictionary are not heard."""
    return {}


_VOWELS = frozenset(
    ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
)
_ARPABET = {
    "p": "P", "b": "B", "t": "T", "d": "D", "k": "K", "ɡ": "G", "x": "K", "ɾ": "T", "ʔ": "T",
    "f": "F", "v": "V", "θ": "TH", "ð": "DH", "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH",
    "tʃ": "CH", "dʒ": "JH", "m": "M", "n": "N", "n̩": "AH N", "ŋ": "NG", "l": "L",
    "ɹ": "R", "r": "R", "j": "Y", "w": "W",
    "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɛ": "EH", "æ": "AE", "a": "AA", "ɑ": "AA", "ɑ̃": "AA",
    "ɔ": "AO", "o": "AO", "ʊ": "UH", "u": "UW", "ʌ": "AH", "ə": "AH", "ɐ": "AH",
    "ɜ": "ER", "ɚ": "ER", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "aʊ": "AW", "oʊ": "OW",
}  # fmt: skip
"""What espeak-ng's American voice is written with, in CMUdict's phones."""

_LONGEST_FIRST = sorted(map(re.escape, _ARPABET), key=len, reverse=True)
_SOUND = re.compile("|".join([*_LONGEST_FIRST, "(.)"]), re.DOTALL)
_STRESS_AND_LENGTH = str.maketrans(dict.fromkeys("ˈˌː"))
_WITH_VOWEL = re.compile("[aeiouy]")


def arpabet(ipa: str) -> Phones:
    """Translate what espeak-ng writes, its sounds parted by '_'; () with a sound not English."""
    phones: list[str] = []
    for sounds in re.split("[_ ]+", ipa.translate(_STRESS_AND_LENGTH)):
        for found in _SOUND.finditer(sounds):
            if found[1]:
                return ()
            phones += _ARPABET[found[0]].split()
    return _as_in_cmudict(phones)


def _as_in_cmudict(phones: Sequence[str]) -> Phones:
    """Write two things as CMUdict does: "hammering" has no R after its ER, "radio" an IY."""
    written: list[str] = []
    for phone, following in zip(phones, [*phones, ""][1:], strict=True):
        if phone == "R" and written[-1:] == ["ER"]:
            continue
        written.append("IY" if phone == "IH" and following in _VOWELS else phone)
    return tuple(written)


def spelled(word: str) -> str:
    """Letter by letter, as initialisms are said: "h d m i"."""
    return " ".join(character for character in word if character.isalpha())


def ways_to_say(word: str, told: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The ways to say a word that is not known: as told, else by its letters, else as written."""
    if ways := told.get(word):
        return ways
    return (word,) if _WITH_VOWEL.search(word) or not word.isascii() else (spelled(word),)


@dataclass(frozen=True, slots=True)
class Pronounced:
    """All pronunciations by word, none of one that cannot be heard; ``unknown`` is told."""

    of_words: Mapping[str, tuple[Phones, ...]]
    unknown: tuple[UnknownWord, ...]


def pronounce(
    words: Sequence[str], told: Mapping[str, Sequence[str]], lookup: Lookup, guess: Guess
) -> Pronounced:
    """Find how these words sound, guessing once for all of them.

    A word is guessed, and so ``unknown``, when one of its ways is the word as it is written; what
    the owner tells is taken as it is told, its syllables guessed where they are no words.
    """
    known = lookup(words)
    ways = {word: told.get(word, ()) if known[word] else ways_to_say(word, told) for word in words}
    pieces = {piece for of_word in ways.values() for way in of_word for piece in way.split()}
    entries = lookup({_entry(piece) for piece in pieces})
    sounds = {piece: entries[_entry(piece)][:1] for piece in pieces}
    guesses = guess(unknown) if (unknown := sorted(p for p in pieces if not sounds[p])) else {}
    sounds |= {piece: (phones,) for piece, phones in guesses.items() if phones}
    of_words: dict[str, tuple[Phones, ...]] = {}
    told_of: list[UnknownWord] = []
    for word in words:
        spoken = {way: _joined(way, sounds) for way in ways[word]}
        new = tuple(dict.fromkeys(p for p in spoken.values() if p and p not in known[word]))
        of_words[word] = known[word] + new
        if known[word]:
            continue
        others = {phones for way, phones in spoken.items() if way != word}
        if not new:
            told_of.append(UnknownWord(word))
        elif (guessed := spoken.get(word)) and guessed not in others:
            told_of.append(UnknownWord(word, " ".join(guessed)))
    return Pronounced(of_words, tuple(told_of))


def _entry(piece: str) -> str:
    """How a piece stands in the dictionary: a letter is its name, not the article "a"."""
    return f"{piece}." if len(piece) == 1 else piece


def _joined(way: str, sounds: Mapping[str, tuple[Phones, ...]]) -> Phones:
    """The phones of a way to say a word; () when a piece of it has none."""
    pieces = [sounds[piece] for piece in way.split()]
    return tuple(phone for piece in pieces for phone in piece[0]) if all(pieces) else ()


def said_as(phrase: str, instead: Mapping[str, Sequence[str]]) -> list[str]:
    """Write a phrase with other words for some of its words, so that each way occurs in one.

    Nothing when a word has no way to say it.
    """
    ways = [instead.get(word, (word,)) for word in phrase.split()]
    if not all(ways):
        return []
    count = max(map(len, ways), default=0)
    return [" ".join(way[index % len(way)] for way in ways) for index in range(count)]


def joined_words(heard: Sequence[str], instead: Mapping[str, Sequence[str]]) -> list[str]:
    """Put words back for what ``said_as`` wrote instead of them, the longest first."""
    back = {tuple(way.split()): word for word, ways in instead.items() for way in ways}
    longest = max(map(len, back), default=1)
    words: list[str] = []
    at = 0
    while at < len(heard):
        for length in range(min(longest, len(heard) - at), 0, -1):
            said = tuple(heard[at : at + length])
            if length == 1 or said in back:
                words.append(back.get(said, said[0]))
                at += length
                break
    return words


def unknown_word_problem(unknown: UnknownWord, place: Place) -> Problem:
    """Warn of a word, at its place in the intent files."""
    message = f"the recognizer does not know '{unknown.word}'"
    if unknown.guess:
        message += f"; it guesses {unknown.guess}"
        hint = "if that is not heard, write how it sounds under 'pronunciations:'"
    else:
        message += ": sentences with it are not heard"
        hint = "write how it sounds, in words that it knows, under 'pronunciations:'"
    return Problem(message, place, hint, warning=True)

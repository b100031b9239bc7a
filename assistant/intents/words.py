"""The words of a text as they are spoken: what the word graph is made of and matched with.

Lower case, no punctuation, numbers in words: "It's 5%!" is ``it's five percent``. Templates and
commands go through the same function, so they meet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel.localedata import exists as locale_exists
from unicode_rbnf import FormatPurpose, RbnfEngine

_SYMBOLS = {
    "en": {"%": "percent", "°": "degrees", "&": "and", "+": "plus"},
    "de": {"%": "prozent", "°": "grad", "&": "und", "+": "plus"},
    "fr": {"%": "pour cent", "°": "degrés", "&": "et", "+": "plus"},
    "es": {"%": "por ciento", "°": "grados", "&": "y", "+": "más"},
    "it": {"%": "per cento", "°": "gradi", "&": "e", "+": "più"},
    "nl": {"%": "procent", "°": "graden", "&": "en", "+": "plus"},
}
# Right and left quotation mark, modifier letter apostrophe, grave and acute accent.
_APOSTROPHE_LIKE = "\u2019\u2018\u02bc`\u00b4"
_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHE_LIKE, "'"))
_GROUPED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_SPOKEN = re.compile("[a-z ]*")
_NUMBER = re.compile(r"((?<!\S)-)?([0-9]+(?:\.[0-9]+)?)(st\b|nd\b|rd\b|th\b)?")
# Beyond this many digits nobody says a number; it is read digit by digit.
_MAXIMUM_DIGITS = 12


def normalise(text: str, language: str = "en") -> tuple[str, ...]:
    """Split into spoken words."""
    if _SPOKEN.fullmatch(text):  # as recognizers write, which is nearly always
        return tuple(text.split())
    words = (word.strip("'") for word in spell(text, language).split(" "))
    return tuple(word for word in words if word)


@lru_cache(maxsize=4096)
def spell(text: str, language: str = "en") -> str:
    """Write a piece of text as spoken, where a space at its edge still parts words.

    Pieces of a word are joined later, so apostrophes at the edges stay.
    """
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).lower()
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
    text = _NUMBER.sub(lambda found: f" {_spoken(found, language)} ", text)
    for symbol, word in _SYMBOLS.get(base_language(language), {}).items():
        text = text.replace(symbol, f" {word} ")
    return re.sub(" +", " ", "".join(c if _in_word(c) else " " for c in text))


def number_words(number: int, language: str = "en") -> tuple[str, ...]:
    """Every way to say a number, the usual one first: 101 with and without "and"."""
    engine = _engine(language)
    wanted = [
        name
        for name in engine.rulesets
        if name.startswith(("spellout-cardinal", "spellout-numbering"))
        if not name.endswith("-year")
    ]
    texts = engine.format_number(number, ruleset_names=wanted)
    ways = (texts.text, *texts.text_by_ruleset.values())
    return tuple(dict.fromkeys(" ".join(_plain_words(way)) for way in ways))


def base_language(language: str) -> str:
    """The language without its country: 'en' for 'en_GB' and 'en-GB'."""
    return re.split("[-_]", language)[0]


def can_count(language: str) -> bool:
    """Whether the numbers of a language are known, and the words for dates and durations."""
    base = base_language(language)
    return base in RbnfEngine.get_supported_languages() and locale_exists(base)


@lru_cache(maxsize=4)
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(base_language(language))


def _spoken(found: re.Match[str], language: str) -> str:
    minus, digits, ordinal = found.groups()
    if len(digits) > _MAXIMUM_DIGITS:
        return " ".join(_say(digit, language) for digit in digits if digit != ".")
    english = base_language(language) == "en"
    said = _say(("-" if minus else "") + digits, language, ordinal=bool(ordinal) and english)
    return said if english or not ordinal else f"{said}{ordinal}"


def _say(number: str, language: str, *, ordinal: bool = False) -> str:
    purpose = FormatPurpose.ORDINAL if ordinal else FormatPurpose.CARDINAL
    return " ".join(_plain_words(_engine(language).format_number(number, purpose).text))


def _plain_words(text: str) -> list[str]:
    return "".join(c if _in_word(c) else " " for c in text.lower()).split()


def _in_word(character: str) -> bool:
    """Letters, digits, the apostrophe, and the marks that many scripts write vowels with."""
    return (
        character.isalnum() or character == "'" or unicodedata.category(character).startswith("M")
    )

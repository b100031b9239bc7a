"""The words of a text as they are spoken: what the word graph is made of and matched with.

Lower case, no punctuation, numbers in words: "It's 5%!" is ``it's five percent``. Templates and
commands go through the same function, so they meet.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel.localedata import exists as locale_exists
from unicode_rbnf import RbnfEngine

from assistant.intents.digits import cardinals, ordinals, say_digits

_SYMBOLS = {
    "en": {
        "%": "percent",
        "°": "degrees",
        "&": "and",
        "+": "plus",
        "\N{MULTIPLICATION SIGN}": "times",
        "\N{DIVISION SIGN}": "divided by",
    },
    "de": {
        "%": "prozent",
        "°": "grad",
        "&": "und",
        "+": "plus",
        "\N{MULTIPLICATION SIGN}": "mal",
        "\N{DIVISION SIGN}": "geteilt durch",
    },
    "fr": {"%": "pour cent", "°": "degrés", "&": "et", "+": "plus"},
    "es": {"%": "por ciento", "°": "grados", "&": "y", "+": "más"},
    "it": {"%": "per cento", "°": "gradi", "&": "e", "+": "più"},
    "nl": {"%": "procent", "°": "graden", "&": "en", "+": "plus"},
}
# Right and left quotation mark, modifier letter apostrophe, grave and acute accent.
_APOSTROPHE_LIKE = "\u2019\u2018\u02bc`\u00b4"
_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHE_LIKE, "'"))
# Before NFKC, which makes 21/2 of 2½. A soft hyphen is not spoken, U+2212 is a real minus.
_CHARACTERS = _APOSTROPHES | {
    ord("\u00ad"): "",
    ord("\u2212"): "-",
    ord("½"): " 1/2",
    ord("¼"): " 1/4",
    ord("¾"): " 3/4",
}
_SCALES = (re.compile(r"°\s?c\b"), "° celsius"), (re.compile(r"°\s?f\b"), "° fahrenheit")
_SPOKEN = re.compile("[a-z ]*")
# Of letters only, and not yet as they are spoken: words in English, parts of words in German.
_ENGLISH_UNSPOKEN = frozenset({"am", "pm"})
_GERMAN_UNSPOKEN = ("hundert", "tausend", "einhalb", "viertel")
_ENGLISH_CLOCK = re.compile(
    r"\b(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|o'clock) ([ap])m\b"
)
_GERMAN_LARGE = re.compile(r"\w*(?:hundert|tausend|einhalb|viertel)\w*")


def normalise(text: str, language: str = "en") -> tuple[str, ...]:
    """Split into spoken words."""
    if _SPOKEN.fullmatch(text):  # as recognizers write, nearly always
        words = tuple(text.split())
        base = base_language(language)
        if base == "en":
            unspoken = not _ENGLISH_UNSPOKEN.isdisjoint(words)
        else:
            unspoken = base == "de" and any(map(text.__contains__, _GERMAN_UNSPOKEN))
        if not unspoken:
            return words
    spelt = (word.strip("'") for word in spell(text, language).split(" "))
    return tuple(word for word in spelt if word)


@lru_cache(maxsize=4096)
def spell(text: str, language: str = "en") -> str:
    """Write a piece of text as spoken, where a space at its edge still parts words.

    Pieces of a word are joined later, so apostrophes at the edges stay.
    """
    base = base_language(language)
    text = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).lower()
    text = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    for scale, name in _SCALES:
        text = scale.sub(name, text)
    text = say_digits(text, base)
    for symbol, word in _SYMBOLS.get(base, {}).items():
        text = text.replace(symbol, f" {word} ")
    return _as_said(re.sub(" +", " ", _letters(text)), base)


def number_words(number: int, language: str = "en") -> tuple[str, ...]:
    """Every way to say a number, the usual one first: 101 with and without "and"."""
    return _all_as_said(cardinals(number, base_language(language)), language)


def ordinal_words(number: int, language: str = "en") -> tuple[str, ...]:
    """Every way to say an ordinal, in each inflection: dritte, dritten, dritter and so on."""
    return _all_as_said(ordinals(number, base_language(language)), language)


@lru_cache(maxsize=16)
def base_language(language: str) -> str:
    """The language without its country: 'en' for 'en_GB' and 'en-GB'."""
    return re.split("[-_]", language)[0]


def can_count(language: str) -> bool:
    """Whether the numbers of a language are known, and the words for dates and durations."""
    base = base_language(language)
    return base in RbnfEngine.get_supported_languages() and locale_exists(base)


def _all_as_said(ways: tuple[str, ...], language: str) -> tuple[str, ...]:
    base = base_language(language)
    said = (_as_said(" ".join(_letters(way.lower()).split()), base) for way in ways)
    return tuple(dict.fromkeys(said))


def _as_said(text: str, language: str) -> str:
    """Part what is written as one word and spoken, or recognized, as several.

    A m and p m are two letters, where "am" might be a word. A German number is parted at hundred
    and thousand, so that large ones are made of few words: zwei hundert fünfundzwanzig; and so is
    two and a half: zwei einhalb.
    """
    if language == "en":
        return _ENGLISH_CLOCK.sub(r"\1 \2 m", text)
    if language == "de":
        return _GERMAN_LARGE.sub(_parted, text)
    return text


def _parted(found: re.Match[str]) -> str:
    number, part = _german_numbers()
    return " ".join(part.findall(found[0])) if number.fullmatch(found[0]) else found[0]


@lru_cache(maxsize=1)
def _german_numbers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A whole number, and a part of one; forms of one but "ein" are only at its end."""
    below_hundred = (cardinals(number, "de")[0] for number in range(2, 100))
    longest_first = sorted(below_hundred, key=len, reverse=True)
    fractions = "einhalb|einviertel|dreiviertel"
    words = f"{fractions}|(?:eins|eine[mnrs]?)\\b|{'|'.join(longest_first)}|ein|hundert|tausend|und"
    return re.compile(f"(?:{words})+"), re.compile(words)


def _letters(text: str) -> str:
    return "".join(c if _in_word(c) else " " for c in text)


def _in_word(character: str) -> bool:
    """Letters, digits, the apostrophe, and the marks that many scripts write vowels with."""
    return (
        character.isalnum() or character == "'" or unicodedata.category(character).startswith("M")
    )

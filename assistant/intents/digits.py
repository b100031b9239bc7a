"""Digits as they are spoken: clock times, dates, ordinals, fractions and numbers in a text.

All texts are lower case. What is written differently by language stands in tables here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol
from unicode_rbnf import FormatPurpose, RbnfEngine

# Beyond this many digits nobody says a number; it is read digit by digit.
_MAXIMUM_DIGITS = 12
_NUMBER = re.compile(r"((?<!\S)-)?([0-9]+(?:\.[0-9]+)?)(st\b|nd\b|rd\b|th\b)?")
_GROUPED = {
    ",": re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])"),
    ".": re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:\.[0-9]{3})+(?![0-9.])"),
}
_DECIMAL_COMMA = re.compile(r"(?<![0-9.,])([0-9]+),([0-9]+)(?![0-9.,])")
_FRACTION = re.compile(r"(?<![0-9/.,])(?:([0-9]{1,3})\s+)?(1/2|1/4|3/4)(?![0-9/])")
_HOUR, _MINUTE = "(?<![0-9.,:])([01]?[0-9]|2[0-4])", "([0-5][0-9])(?![0-9:])"
_CLOCK = {
    "en": re.compile(rf"{_HOUR}(?::{_MINUTE}|\.{_MINUTE}(?=\s*[ap]\.?\s?m\b))"),
    "de": re.compile(rf"{_HOUR}(?::{_MINUTE}(?:\s*uhr\b)?|\.{_MINUTE}\s*uhr\b)"),
}
_NUMERIC_DATE = re.compile(
    r"(?<![0-9.])([0-3]?[0-9])\.\s?([01]?[0-9])\.(?:\s?([0-9]{4})\b)?(?![0-9])"
)
_BEFORE_ORDINAL = "am|ab|bis|der|die|das|den|dem|des|vom|zum|beim|jede[nrms]?"
_FRACTIONS = {
    "en": {"1/2": ("half", "a half"), "1/4": ("quarter", "a quarter"), "3/4": ("three quarters",)},
    "de": {"1/2": ("halbe", "einhalb"), "1/4": ("viertel", "einviertel"), "3/4": ("dreiviertel",)},
}


def say_digits(text: str, language: str) -> str:
    """Put the digits of a text into words; ``language`` without its country."""
    if not any(c.isdecimal() for c in text):
        return text
    if language in _FRACTIONS:
        text = _FRACTION.sub(lambda found: f" {_fraction(found, language)} ", text)
    if language in _CLOCK:
        text = _CLOCK[language].sub(lambda found: f" {_clock(found, language)} ", text)
    if language == "de":
        text = _NUMERIC_DATE.sub(_german_date, text)
        text = _german_ordinals().sub(_german_ordinal, text)
    comma = get_decimal_symbol(language) == ","
    grouping = "." if comma else ","
    text = _GROUPED[grouping].sub(lambda found: found[0].replace(grouping, ""), text)
    if comma:
        text = _DECIMAL_COMMA.sub(r"\1.\2", text)
    return _NUMBER.sub(lambda found: f" {_number(found, language)} ", text)


def cardinals(number: int, language: str) -> tuple[str, ...]:
    """Every way to write a number in words, the usual one first; may hold hyphens."""
    return _ways(
        number,
        language,
        lambda name: (
            name.startswith(("spellout-cardinal", "spellout-numbering"))
            and not name.endswith("-year")
        ),
    )


def ordinals(number: int, language: str) -> tuple[str, ...]:
    """Every way to write an ordinal, in each inflection; may hold hyphens."""
    return _ways(number, language, lambda name: name.startswith("spellout-ordinal"))


@lru_cache(maxsize=4)
def rbnf(language: str) -> RbnfEngine:
    """The rules for numbers in words (CLDR's RBNF) of a language."""
    return RbnfEngine.for_language(language)


def _ways(number: int, language: str, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    engine = rbnf(language)
    names = [name for name in engine.rulesets if wanted(name)]
    found = engine.format_number(number, ruleset_names=names)
    # RBNF marks with soft hyphens where a long word may be parted at the end of a line.
    ways = (found.text, *found.text_by_ruleset.values())
    return tuple(dict.fromkeys(way.replace("\u00ad", "") for way in ways))


def _number(found: re.Match[str], language: str) -> str:
    minus, digits, ordinal = found.groups()
    if len(digits) > _MAXIMUM_DIGITS:
        return " ".join(_say(digit, language) for digit in digits if digit != ".")
    if ordinal and language == "en":
        return ordinals(int(float(digits)), language)[0]
    said = _say(digits, language)
    if minus:
        # What is said before the one of minus one; RBNF itself loses the decimals of -3.5.
        said = f"{_say('-1', language).rpartition(' ')[0]} {said}"
    return said + (ordinal or "")


def _say(number: str, language: str) -> str:
    text = rbnf(language).format_number(number, FormatPurpose.CARDINAL).text
    return text.replace("\u00ad", "").lower()


def _fraction(found: re.Match[str], language: str) -> str:
    whole, part = found.groups()
    alone, after = (*_FRACTIONS[language][part] * 2,)[:2]
    if whole is None:
        return alone
    if language == "de":
        return f"{_stem(int(whole))}{after}"
    return f"{_say(whole, language)} and {after}"


def _clock(found: re.Match[str], language: str) -> str:
    hour, minute = found[1], found[2] or found[3]
    if language == "de":
        said = f"{_stem(int(hour))} uhr"
        return said if minute == "00" else f"{said} {_say(minute, language)}"
    if minute == "00":
        return f"{_say(hour, language)} o'clock"
    return f"{_say(hour, language)} {'oh ' if minute < '10' else ''}{_say(minute, language)}"


def _stem(number: int) -> str:
    """A German number before a noun: "ein Uhr", not "eins"."""
    return "ein" if number == 1 else _say(str(number), "de")


@lru_cache(maxsize=1)
def _german_ordinals() -> re.Pattern[str]:
    months = "|".join(name.lower() for name in get_month_names("wide", locale="de").values())
    return re.compile(
        rf"(?:\b({_BEFORE_ORDINAL})\s+)?(?<![0-9.,])([0-9]{{1,3}})\.(?![0-9])(?:\s*({months})\b)?"
    )


def _german_ordinal(found: re.Match[str]) -> str:
    """3. is an ordinal after an article or before a month, and else the end of a sentence."""
    before, number, month = found.groups()
    if before is None and month is None:
        return found[0]
    form = 0 if before in {"der", "die", "das"} else 1  # der dritte; am, den, dem … dritten
    return f"{before or ''} {ordinals(int(number), 'de')[form]} {month or ''}"


def _german_date(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    said = " ".join(ordinals(int(number), "de")[1] for number in (day, month))
    return f" {said} {year or ''} "

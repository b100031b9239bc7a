"""How words sound that are in no dictionary."""

# ruff: noqa: RUF001 - the phonetic alphabet has letters that look like others
from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import Place
from assistant.ports import UnknownWord
from assistant.recognizers.pronunciation import (
    Phones,
    Pronounced,
    arpabet,
    joined_words,
    pronounce,
    said_as,
    spelled,
    unknown_word_problem,
    ways_to_say,
)

DICTIONARY = {
    "box": ["B AA K S"],
    "ex": ["EH K S"],
    "led": ["L EH D"],
    "tv": ["T IY V IY", "T EH L AH V IH ZH AH N"],
    "a": ["AH", "EY"],
    "a.": ["EY"],
    "d.": ["D IY"],
    "e.": ["IY"],
    "l.": ["EH L"],
    "n.": ["EH N"],
    "s.": ["EH S"],
    "t.": ["T IY"],
    "v.": ["V IY"],
}
CMUDICT_PHONES = {
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
}  # fmt: skip
GUESSES = {"nas": "N AE S", "svet": "S V EH T", "zorb": "Z AO R B"}


def lookup(words: Collection[str]) -> dict[str, tuple[Phones, ...]]:
    return {word: tuple(tuple(p.split()) for p in DICTIONARY.get(word, [])) for word in words}


def added(found: Pronounced) -> dict[str, tuple[Phones, ...]]:
    """The pronunciations that are not the dictionary's own."""
    own = lookup(found.of_words)
    new = {word: ways[len(own[word]) :] for word, ways in found.of_words.items()}
    assert all(found.of_words[word] == own[word] + new[word] for word in new)
    return {word: ways for word, ways in new.items() if ways}


class Guesser:
    """Guesses what it has, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, words: Collection[str]) -> Mapping[str, Phones]:
        self.asked += words
        return {word: tuple(GUESSES[word].split()) for word in words if word in GUESSES}


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("z_ˈoːɹ_b_l_æ_k_s", "Z AO R B L AE K S"),
        ("ˌeɪ_tʃ_d_ˌiː__ˌɛ_m_ˈaɪ", "EY CH D IY EH M AY"),
        ("aɪk_ˈiː__ə", "AY K IY AH"),
        ("b_ˈʌ_ʔ_n̩", "B AH T AH N"),
        ("l_ˈɪ_ɾ_əl", "L IH T AH L"),
        ("f_ˈaɪɚ", "F AY ER"),
        ("h_ˈæ_m_ɚ_ɹ_ɪ_ŋ", "HH AE M ER IH NG"),
        ("ɹ_ˈeɪ_d_ɪ__ˌoʊ", "R EY D IY OW"),
        ("n_ˈʌ_t_ʃ_ɛ_l", "N AH T SH EH L"),
        ("dʒ_ˈʌ_dʒ", "JH AH JH"),
        ("w_ʌ_n t_uː", "W AH N T UW"),
        ("", ""),
    ],
)
def test_sounds_become_phones(ipa: str, phones: str) -> None:
    assert arpabet(ipa) == tuple(phones.split())


def test_a_sound_that_is_not_english_makes_no_word() -> None:
    assert arpabet("k_ˈy_n") == ()


@given(st.text(max_size=20))
def test_any_text_gives_phones_of_cmudict_or_none(text: str) -> None:
    assert set(arpabet(text)) <= CMUDICT_PHONES


# --- ways to say a word ---------------------------------------------------------------------------


def test_letters_of_an_initialism() -> None:
    assert spelled("hdmi") == "h d m i"


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("zorb", ("zorb",)),
        ("xyzzy", ("xyzzy",)),
        ("dvd", ("d v d",)),
        ("xbox", ("ex box",)),
        ("müll", ("müll",)),
        ("жж", ("жж",)),
    ],
)
def test_a_word_is_said_as_told_or_by_letters_or_as_written(
    word: str, ways: tuple[str, ...]
) -> None:
    assert ways_to_say(word, {"xbox": ("ex box",)}) == ways


def test_what_the_dictionary_has_needs_nothing() -> None:
    guess = Guesser()
    found = pronounce(["box", "tv"], {}, lookup, guess)
    assert (added(found), found.unknown, guess.asked) == ({}, (), [])


def test_unknown_words_are_guessed_in_one_call_and_told() -> None:
    guess = Guesser()
    found = pronounce(["box", "zorb", "nas", "quux"], {}, lookup, guess)
    assert guess.asked == ["nas", "quux", "zorb"]
    assert added(found) == {"zorb": (("Z", "AO", "R", "B"),), "nas": (("N", "AE", "S"),)}
    assert found.unknown == (
        UnknownWord("zorb", "Z AO R B"),
        UnknownWord("nas", "N AE S"),
        UnknownWord("quux"),
    )


def test_what_the_owner_tells_is_not_told_back() -> None:
    told = {"xbox": ("ex box",), "svenska": ("svet a",)}
    found = pronounce(["svenska", "xbox"], told, lookup, Guesser())
    assert added(found) == {
        "svenska": (("S", "V", "EH", "T", "EY"),),  # the letter's name, not the article
        "xbox": (("EH", "K", "S", "B", "AA", "K", "S"),),
    }
    assert found.unknown == ()


def test_a_pronunciation_of_which_a_piece_is_unknown_is_none() -> None:
    found = pronounce(["xbox"], {"xbox": ("quux box",)}, lookup, Guesser())
    assert (added(found), found.unknown) == ({}, (UnknownWord("xbox"),))


def test_capitals_are_said_by_letters_or_as_written() -> None:
    told = {"led": ("l e d", "led"), "tv": ("t v", "tv"), "nas": ("n a s", "nas")}
    found = pronounce(["led", "nas", "tv"], told, lookup, Guesser())
    assert added(found) == {
        "led": (("EH", "L", "IY", "D", "IY"),),
        "nas": (("EH", "N", "EY", "EH", "S"), ("N", "AE", "S")),
    }
    assert found.unknown == (UnknownWord("nas", "N AE S"),)


def test_a_guess_that_is_the_letters_is_sure() -> None:
    def guess_letters(_: Collection[str]) -> Mapping[str, Phones]:
        return {"ntv": ("EH", "N", "T", "IY", "V", "IY")}

    found = pronounce(["ntv"], {"ntv": ("n t v", "ntv")}, lookup, guess_letters)
    assert added(found) == {"ntv": (("EH", "N", "T", "IY", "V", "IY"),)}
    assert found.unknown == ()


# --- other words instead --------------------------------------------------------------------------


def test_a_phrase_is_written_with_other_words() -> None:
    instead = {"xbox": ("ex box", "x box"), "nas": ("n a s",)}
    assert said_as("start the xbox and nas", instead) == [
        "start the ex box and n a s",
        "start the x box and n a s",
    ]
    assert said_as("start the box", instead) == ["start the box"]


def test_a_phrase_with_a_word_that_cannot_be_said_is_left_out() -> None:
    assert said_as("start the quux", {"quux": ()}) == []


def test_the_longest_is_put_back() -> None:
    instead = {"xbox": ("ex box",), "xboxes": ("ex box es",)}
    heard = ["the", "ex", "box", "es", "and", "ex", "box", "ex"]
    assert joined_words(heard, instead) == ["the", "xboxes", "and", "xbox", "ex"]


@given(
    st.lists(st.sampled_from(["turn", "on", "xbox", "nas", "zorb"]), min_size=1, max_size=8),
    st.permutations(["ex box", "ex a", "z b", "n a s"]),
)
def test_what_is_written_with_other_words_is_put_back(words: list[str], ways: list[str]) -> None:
    instead = {"xbox": (ways[0], ways[1]), "nas": (ways[2],), "zorb": (ways[3],)}
    phrases = said_as(" ".join(words), instead)
    assert 1 <= len(phrases) <= 2
    for phrase in phrases:
        assert joined_words(phrase.split(), instead) == words


# --- warnings -------------------------------------------------------------------------------------

PLACE = Place("home.yaml", 3, 15, "    - turn on zorblax", 7)


def test_warning_of_a_guess() -> None:
    assert str(unknown_word_problem(UnknownWord("zorblax", "Z AO R"), PLACE)) == (
        "home.yaml:3:15: warning: the recognizer does not know 'zorblax'; it guesses Z AO R\n"
        "        - turn on zorblax\n"
        "                  ^^^^^^^\n"
        "    if that is not heard, write how it sounds under 'pronunciations:'"
    )


def test_warning_of_a_word_that_is_not_heard() -> None:
    problem = unknown_word_problem(UnknownWord("zorblax"), PLACE)
    assert problem.warning
    assert problem.message == (
        "the recognizer does not know 'zorblax': sentences with it are not heard"
    )
    assert problem.hint == "write how it sounds, in words that it knows, under 'pronunciations:'"

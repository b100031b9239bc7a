"""Words that sound nearly like another."""

from __future__ import annotations

from assistant.wake.training.material import sounding_near
from assistant.wake.training.near import near_phrases, near_words

WORDS = {
    "computer": "K AH M P Y UW T ER",
    "computers": "K AH M P Y UW T ER Z",
    "commuter": "K AH M Y UW T ER",
    "compute": "K AH M P Y UW T",
    "pewter": "P Y UW T ER",
    "hay": "HH EY",
    "say": "S EY",
    "orange": "AO R AH N JH",
}
COMPUTER = tuple(WORDS["computer"].split())


def entries() -> list[tuple[str, str]]:
    return list(WORDS.items())


def test_the_nearest_come_first_and_never_the_word_itself() -> None:
    assert near_words(COMPUTER, entries, 10) == ["commuter", "compute", "pewter"]
    assert near_words(COMPUTER, entries, 1) == ["commuter"]


def test_of_a_phrase_words_are_replaced_and_left_out() -> None:
    phrases = near_phrases([("HH", "EY"), COMPUTER], "hey computer", entries, 12)
    assert {"hey commuter", "say computer", "computer", "hey"} <= set(phrases)
    assert "hey computer" not in phrases
    assert "hay computer" not in phrases  # which sounds like it


def test_the_real_dictionary_knows_what_is_near() -> None:
    near = sounding_near("computer", "en", 80)
    assert len(near) == 80
    assert {"commuter", "compute", "computing"} <= set(near)
    assert not {"computer", "computers"} & set(near)


def test_a_language_without_a_dictionary_has_none() -> None:
    assert sounding_near("rechner", "de", 80) == []

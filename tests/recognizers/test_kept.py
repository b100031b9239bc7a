"""What is kept of the grammars that were used last."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping

import pytest

from assistant.errors import EngineError
from assistant.ports import Grammar
from assistant.recognizers.kept import KeptGrammars, willing
from assistant.recognizers.pronunciation import Phones
from tests.recordings import grammar_of

ONE, TWO, THREE = (grammar_of(word) for word in ("one", "two", "three"))


def test_what_was_used_last_is_not_made_again() -> None:
    made: list[Grammar] = []

    def make(grammar: Grammar) -> int:
        made.append(grammar)
        return len(made)

    kept = KeptGrammars(make, most=2)
    assert [kept.use(one) for one in (ONE, TWO, ONE, TWO)] == [1, 2, 1, 2]
    assert kept.in_use == 2
    assert kept.use(THREE) == 3
    assert (kept.of(ONE), kept.of(TWO), kept.of(THREE)) == (None, 2, 3)
    assert kept.use(ONE) == 4


def test_before_there_is_a_grammar_nothing_is_in_use() -> None:
    kept = KeptGrammars(lambda grammar: grammar, most=2)
    with pytest.raises(RuntimeError, match=r"use\(\) a grammar"):
        _ = kept.in_use


def test_what_cannot_be_guessed_is_told_and_no_mistake(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_words: Collection[str]) -> Mapping[str, Phones]:
        raise EngineError("espeak-ng is not there.")

    with caplog.at_level(logging.WARNING):
        assert willing(broken)(["word"]) == {}
    assert "espeak-ng is not there." in caplog.text
    assert willing(lambda words: dict.fromkeys(words, ("W",)))(["word"]) == {"word": ("W",)}


def test_what_is_dropped_is_made_anew() -> None:
    made: list[Grammar] = []
    kept = KeptGrammars(made.append, most=2)
    grammar = grammar_of("stop")
    kept.use(grammar)
    kept.drop(grammar)
    kept.drop(grammar)
    assert kept.of(grammar) is None
    kept.use(grammar)
    assert made == [grammar, grammar]

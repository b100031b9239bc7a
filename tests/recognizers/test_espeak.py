"""espeak-ng, asked how words sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import EngineError
from assistant.recognizers.espeak import guess_phones

pytestmark = pytest.mark.engines


def test_words_are_guessed_each_by_itself() -> None:
    guesses = guess_phones(["zorblax", "o'zorb", "xbox", "café"])
    assert {word: " ".join(phones) for word, phones in guesses.items()} == {
        "zorblax": "Z AO R B L AE K S",
        "o'zorb": "OW Z AO R B",
        "xbox": "EH K S B AA K S",
        "café": "K AE F EY",
    }


def test_a_word_of_another_script_has_no_guess() -> None:
    assert set(guess_phones(["лампа", "zorb", "ランプ", "zorb9", "'"])) == {"zorb"}


def test_nothing_is_guessed_of_nothing() -> None:
    assert guess_phones([]) == {}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("aäeiouybcdfghjklmnpqrstvwxzßéñø'"), min_size=1, max_size=12),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_other_words_change_nothing_in_a_guess(words: list[str]) -> None:
    alone = guess_phones(words[:1])
    assert {word: guess_phones(words)[word] for word in alone} == alone


def test_error_espeak_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError) as error:
        guess_phones(["zorblax"])
    assert str(error.value) == (
        "espeak-ng is not installed, so no pronunciation of an unknown word can be guessed. "
        "Install it: sudo apt install espeak-ng"
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "echo z_b; echo z_b",
            "espeak-ng told of 2 words when asked for 1. Install espeak-ng 1.50 or newer.",
        ),
        ("exit 3", "espeak-ng failed (status 3) when asked how words sound."),
    ],
)
def test_error_another_program_of_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, message: str
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError) as error:
        guess_phones(["zorblax"])
    assert str(error.value) == message

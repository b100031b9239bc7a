"""The pronunciations inside of PocketSphinx's package."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.recognizers.dictionary import Dictionary, Lexicon, packaged_dictionary


def test_first_pronunciation_of_each_word() -> None:
    assert packaged_dictionary().phones(["read", "kitchen", "zigbee"]) == {
        "read": ("R", "EH", "D"),
        "kitchen": ("K", "IH", "CH", "AH", "N"),
    }


def test_known_words() -> None:
    assert packaged_dictionary().known({"light", "read", "küche"}) == {"light", "read"}


def test_all_pronunciations_of_a_word() -> None:
    assert packaged_dictionary().pronunciations(["read", "zigbee"]) == {
        "read": (("R", "EH", "D"), ("R", "IY", "D")),
    }


def test_a_word_is_looked_for_once(tmp_path: Path) -> None:
    file = tmp_path / "small.dict"
    file.write_text("on AA N\non(2) AO N\n")
    lexicon = Lexicon(Dictionary(file))
    first = lexicon({"on", "off"})
    assert first == {"on": (("AA", "N"), ("AO", "N")), "off": ()}
    file.unlink()
    assert lexicon({"on", "off"}) == first
    with pytest.raises(EngineError):
        lexicon({"up"})


def test_error_missing_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error:
        Dictionary(tmp_path / "a.dict").phones(["a"])
    assert str(error.value) == (
        f"The pronunciations in {tmp_path}/a.dict cannot be read: No such file or directory. "
        "Install them again with: pip install --force-reinstall pocketsphinx"
    )

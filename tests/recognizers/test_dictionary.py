"""The pronunciations inside of PocketSphinx's package."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.recognizers.dictionary import Dictionary, packaged_dictionary


def test_first_pronunciation_of_each_word() -> None:
    assert packaged_dictionary().phones(["read", "kitchen", "zigbee"]) == {
        "read": ("R", "EH", "D"),
        "kitchen": ("K", "IH", "CH", "AH", "N"),
    }


def test_known_words() -> None:
    assert packaged_dictionary().known({"light", "read(2)", "küche"}) == {"light", "read(2)"}


def test_error_missing_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error:
        Dictionary(tmp_path / "a.dict").phones(["a"])
    assert str(error.value) == (
        f"The pronunciations in {tmp_path}/a.dict cannot be read: No such file or directory. "
        "Install them again with: pip install --force-reinstall pocketsphinx"
    )

"""Which phone model is used."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.recognizers.phones import models as module
from assistant.recognizers.phones.model import Model, pack
from assistant.recognizers.phones.models import PhoneModels
from tests.recognizers.phones.networks import random_network

NETWORK = random_network()
SHIPPED, FIRST, SECOND = (Model(NETWORK, "1a2b", {"made by": name}) for name in "abc")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PhoneModels:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "en.npz").write_bytes(pack(SHIPPED))
    monkeypatch.setattr(module, "SHIPPED", shipped)
    return PhoneModels(tmp_path / "own" / "phones", "en-GB")


def used(models: PhoneModels) -> object:
    return models.load("1a2b").recipe["made by"]


def test_the_shipped_one_is_used_until_another_is_trained(models: PhoneModels) -> None:
    assert used(models) == "a"
    models.keep(FIRST)
    assert used(models) == "b"
    models.keep(SECOND)
    assert used(models) == "c"


def test_one_can_go_back_once_and_to_the_shipped_one(models: PhoneModels) -> None:
    models.keep(FIRST)
    models.keep(SECOND)
    assert models.go_back() == models.own
    assert used(models) == "b"
    assert models.go_back() == models.shipped
    assert used(models) == "a"
    with pytest.raises(EngineError, match="nothing to go back from"):
        models.go_back()


def test_a_damaged_one_is_told_and_the_shipped_one_is_used(
    models: PhoneModels, caplog: pytest.LogCaptureFixture
) -> None:
    models.keep(FIRST)
    models.own.write_bytes(models.own.read_bytes()[:100])
    with caplog.at_level(logging.WARNING):
        assert used(models) == "a"
    assert "en.npz is no phone model, or damaged" in caplog.text
    assert "The shipped one is used." in caplog.text


def test_one_of_other_feature_networks_is_not_used(
    models: PhoneModels, caplog: pytest.LogCaptureFixture
) -> None:
    models.keep(Model(NETWORK, "other", {"made by": "somebody"}))
    with caplog.at_level(logging.WARNING):
        assert used(models) == "a"
    assert "was made for other feature networks" in caplog.text
    with pytest.raises(EngineError, match="was made for other feature networks"):
        models.load("3c4d")


def test_a_language_without_a_model_has_none(tmp_path: Path) -> None:
    assert not PhoneModels(tmp_path, "xx").there_is_one
    with pytest.raises(EngineError, match="There is no phone model for the language 'xx'"):
        PhoneModels(tmp_path, "xx").load("1a2b")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written"):
        PhoneModels(tmp_path / "file" / "phones", "en").keep(FIRST)


def test_learning_begins_with_the_shipped_one(models: PhoneModels) -> None:
    models.keep(FIRST)
    assert models.load_shipped("1a2b").recipe["made by"] == "a"


def test_a_language_without_a_shipped_one_begins_with_its_own(models: PhoneModels) -> None:
    models.keep(FIRST)
    models.shipped.unlink()
    assert models.load_shipped("1a2b").recipe["made by"] == "b"


def test_what_was_learnt_last_is_remembered(models: PhoneModels) -> None:
    assert models.tried() == ""
    models.remember("0f")
    assert models.tried() == "0f"
    assert PhoneModels(models.folder, "de").tried() == ""


@pytest.mark.parametrize(
    ("recipe", "count"),
    [({}, None), ({"recordings": 0}, 0), ({"recordings": 7}, 7), ({"recordings": "x"}, None)],
)
def test_a_model_tells_of_how_many_recordings_it_has_learnt(
    recipe: dict[str, object], count: int | None
) -> None:
    assert Model(NETWORK, "1a2b", recipe).recordings == count

"""The shipped phone network, and that its script makes what it was made of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.embedding.bundle import embedding_checksum
from assistant.recognizers.phones.model import Model, load_model
from assistant.recognizers.phones.models import SHIPPED
from scripts.phonetraining.commands import FIRST, summary, versions
from scripts.phonetraining.material import Plan, first_sentences
from scripts.phonetraining.speakers import Shares

FILE = SHIPPED / "en.npz"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return load_model(FILE)


def test_it_is_small_and_for_the_features_that_are_installed(shipped: Model) -> None:
    assert FILE.stat().st_size < 1_500_000
    assert shipped.embedding == embedding_checksum()
    assert shipped.network.ahead * 0.04 <= 0.32


def test_it_tells_how_it_was_made_and_how_good_it_was(shipped: Model) -> None:
    recipe = shipped.recipe
    assert recipe["made by"] == "scripts/train-phones"
    assert recipe["hours"] > 5.0
    assert len(recipe["loss"]) == recipe["training"]["epochs"]
    assert recipe["loss"] == sorted(recipe["loss"], reverse=True)
    assert 0.0 < recipe["phone errors"] < 0.75  # of words in any order, mostly in noise


@pytest.mark.engines
@pytest.mark.skipif(
    not all(map(shutil.which, ("espeak-ng", "flite", "festival"))),
    reason="the synthesizers are not installed",
)
def test_material_made_anew_is_what_it_was_made_of(shipped: Model, cache: Path) -> None:
    recipe = shipped.recipe
    seed, copies = recipe["training"]["seed"], recipe["copies"]
    made = summary(first_sentences(cache, Plan(seed, copies, Shares()), FIRST))
    for again, told in zip(made, shipped.recipe["first"], strict=True):
        assert again["units"] == told["units"]
        if versions() == shipped.recipe["programs"]:
            assert again["frames"] == told["frames"]
            assert again["mean"] == pytest.approx(told["mean"], abs=0.05)
        else:  # other versions of the voices speak a little differently
            assert again["frames"] == pytest.approx(told["frames"], rel=0.3)

"""``assistant bench``, as a person or a program calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.measuring.speech import say
from tests.running import Home, home

pytestmark = pytest.mark.engines

LAMPS = """\
intents:
  Lamp:
    sentences: ["turn (on|off) the lamp"]
    reply: ok
  Blinds:
    sentences: ["(open|close) the blinds"]
    reply: ok
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        place.config("intents: {shipped: false}\n")
        place.intents("lamps.yaml", LAMPS)
        yield place


def test_the_recognizer_is_measured_and_recommended(house: Home, tmp_path: Path) -> None:
    plot = tmp_path / "bench.svg"
    result = house.run("bench", "recognizers", "--sentences", "4", "--plot", str(plot))
    assert result.returncode == 0, result.stderr
    assert "commands understood, clean" in result.stdout
    assert "Synthesised voices are not people" in result.stdout
    assert "Use PocketSphinx, the " in result.stdout  # only one, or the fastest on a busy machine
    assert result.stdout.endswith("recognizer:\n  engine: pocketsphinx\n")
    assert result.stderr == ""
    assert "other speech" in plot.read_text()


def test_json_has_every_sentence(house: Home) -> None:
    result = house.run("bench", "recognizers", "--sentences", "4", "--json")
    score, advice = (json.loads(line) for line in result.stdout.splitlines())
    assert advice["engine"] == score["engine"] == "PocketSphinx"
    assert score["setting"] == {"engine": "pocketsphinx"}
    assert score["accepted"].keys() == {"clean", "12 dB", "6 dB"}
    assert score["accepted"]["clean"]["total"] == 4
    assert score["false"]["other speech"]["total"] == 4  # two sentences, clean and in noise
    said = {one["text"] for one in score["sentences"] if one["kind"] == "commands"}
    assert said == {
        "turn on the lamp", "turn off the lamp", "open the blinds", "close the blinds",
    }  # fmt: skip


def test_recordings_of_the_owner_are_heard(house: Home, tmp_path: Path) -> None:
    for text in ("turn on the lamp", "close the blinds"):
        path = tmp_path / f"{text}.wav"
        soundfile.write(path, say(text).astype(np.int16), 16_000)
        path.with_suffix(".txt").write_text(text)
    options = ("--recordings", str(tmp_path), "--no-synthesised", "--json")
    score, _ = map(json.loads, house.run("bench", "recognizers", *options).stdout.splitlines())
    assert score["accepted"]["clean"] == score["accepted"]["clean"] | {"count": 2, "total": 2}
    assert {one["voices"] for one in score["sentences"]} == {"your recordings"}


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (("--no-synthesised",), 2, "there must be --recordings"),
        (("--sentences", "2"), 2, "--sentences"),
        (("--recordings", "/nowhere"), 69, "There is no folder /nowhere."),
        (("--plot", "bench.pdf"), 69, "Use a name that ends in .png or .svg."),
        (("--plot", "/nowhere/bench.svg"), 69, "There is no folder /nowhere."),
        (("--vosk-model", "/nowhere"), 69, "/nowhere is not a Vosk model."),
        (("--intents", "/nowhere"), 78, "/nowhere"),
    ],
)
def test_error_options(house: Home, options: tuple[str, ...], status: int, message: str) -> None:
    result = house.run("bench", "recognizers", *options)
    assert result.returncode == status
    assert message in result.stderr
    assert "Traceback" not in result.stderr

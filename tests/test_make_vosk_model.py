"""The script that makes the tests' Vosk model: what needs no training, and what is kept of it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import vosk
from click.testing import CliRunner

from scripts.voskmodel import commands, folder, kaldi, measuring, sentences
from scripts.voskmodel.fst import Transducer, acceptor, lookahead
from scripts.voskmodel.graph import numbered, sentences_of_words, words_of_phones
from scripts.voskmodel.phones import HEARD, UNKNOWN, lexicon, numbers
from scripts.voskmodel.settings import CEPSTRA, SAMPLE_RATE
from tests.recordings import VOSK_MODEL

LIGHTS = {"light": (("L", "AY", "T"),), "lights": (("L", "AY", "T", "S"),), "a": (("AH",),)}


def test_error_what_training_needs_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(commands, "PACKAGES", ("no_such_package",))
    result = CliRunner().invoke(commands.main, [str(tmp_path / "model")])
    assert result.exit_code == 1
    assert result.output == (
        "Error: no_such_package is not installed. Install what making models needs with: "
        ".venv/bin/pip install -e '.[models]'\n"
    )
    assert not (tmp_path / "model").exists()


def test_the_fixture_knows_the_words_that_the_script_would_give_it() -> None:
    words = lexicon(sentences.vocabulary())
    labels = numbered(words)
    graph = lookahead(words_of_phones(words, labels), len(labels))
    assert (VOSK_MODEL / "graph/HCLr.fst").read_bytes() == graph
    table = (VOSK_MODEL / "graph/words.txt").read_text().split()
    assert dict(zip(table[::2], map(int, table[1::2]), strict=True)) == {"<eps>": 0} | labels
    assert (VOSK_MODEL / "conf/mfcc.conf").read_text() == folder.FEATURES
    assert (VOSK_MODEL / "conf/model.conf").read_text() == folder.DECODING


def test_the_fixture_is_small_and_says_what_it_is() -> None:
    assert sum(one.stat().st_size for one in VOSK_MODEL.rglob("*") if one.is_file()) < 300_000
    page = (VOSK_MODEL / "README.md").read_text()
    for said in ("never a recognizer for people", "scripts/make-vosk-model", "Seed", "torch"):
        assert said in page


def test_no_other_word_is_one_of_the_commands() -> None:
    assert not set(sentences.TRAINED_WORDS) & set(sentences.vocabulary())
    said = {word for sentence in sentences.OTHER_SENTENCES for word in sentence.split()}
    assert not set(sentences.TRAINED_WORDS) & said


@pytest.mark.engines
def test_vosk_loads_what_is_written_before_anything_is_learnt(tmp_path: Path) -> None:
    random = np.random.default_rng(0)

    def layer(offsets: tuple[int, ...], inputs: int, outputs: int) -> kaldi.Layer:
        weights = random.standard_normal((outputs, inputs * len(offsets))) * 0.05
        return kaldi.Layer(offsets, weights, np.zeros(outputs))

    layers = [layer((-2, 0, 2), CEPSTRA, 8), layer((-3, 0), 8, 8), layer((0,), 8, len(HEARD))]
    folder.write(tmp_path, layers, np.full(len(HEARD), -math.log(len(HEARD))), seed=1)
    vosk.SetLogLevel(-1)
    model = vosk.Model(model_path=str(tmp_path))
    assert model.vosk_model_find_word("kitchen") > 0
    assert model.vosk_model_find_word("xyzzyx") == -1
    noise = (random.standard_normal(SAMPLE_RATE) * 500).astype(np.int16).tobytes()
    for grammar in ((), (json.dumps(["turn on the light", UNKNOWN]),)):
        recognizer = vosk.KaldiRecognizer(model, SAMPLE_RATE, *grammar)
        recognizer.AcceptWaveform(noise)
        assert set(json.loads(recognizer.FinalResult())["text"].split()) <= {
            *sentences.vocabulary(),
            UNKNOWN,
        }


# --- the graph ------------------------------------------------------------------------------------


def test_a_word_is_written_once_on_its_way_through_the_phones() -> None:
    labels = numbered(LIGHTS)
    graph = words_of_phones(LIGHTS, labels)
    for word, pronunciations in LIGHTS.items():
        for pronunciation in pronunciations:
            assert _written(graph, numbers(pronunciation)) == {(labels[word],)}


def test_words_that_sound_alike_are_both_written() -> None:
    alike = {"two": (("T", "UW"),), "too": (("T", "UW"),)}
    labels = numbered(alike)
    found = _written(words_of_phones(alike, labels), numbers(("T", "UW")))
    assert found == {(labels["two"],), (labels["too"],)}


def _written(graph: Transducer, phones: tuple[int, ...]) -> set[tuple[int, ...]]:
    """What the ways from the root through these phones to the end of a word write."""
    root, end = 1, 2
    ways: set[tuple[int, tuple[int, ...]]] = {(root, ())}
    for phone in phones:
        ways = {
            (arc.target, written + ((arc.writes,) if arc.writes else ()))
            for state, written in ways
            for arc in graph.arcs[state]
            if arc.reads == 2 * phone
        }
    return {
        written + ((arc.writes,) if arc.writes else ())
        for state, written in ways
        for arc in graph.arcs[state]
        if not arc.reads and arc.target == end
    }


def test_from_every_word_the_likelihoods_are_one_at_most() -> None:
    labels = numbered(LIGHTS)
    graph = sentences_of_words([("a", "light"), ("a", "light"), ("lights",)], labels)
    for state, leaving in enumerate(graph.arcs):
        costs = [arc.cost for arc in leaving] + [graph.final.get(state, math.inf)]
        assert sum(math.exp(-cost) for cost in costs) <= 1 + 1e-9
    assert acceptor(graph)[:4] == (2125659606).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("expected", "heard", "errors"),
    [("a b c", "a b c", 0), ("a b c", "a c", 1), ("a b", "a x b", 1), ("a", "b", 1), ("", "a", 1)],
)
def test_word_errors(expected: str, heard: str, errors: int) -> None:
    assert measuring.distance(expected.split(), heard.split()) == errors

"""The benchmarks' own arithmetic, and that scripts/bench starts. Their figures are not tested."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from collections import Counter
from pathlib import Path

import hassil
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from scripts.benchmarks import home_assistant, household, intents, page, rhino, turn
from scripts.benchmarks.coffee import ClipSource, Label, part_of
from scripts.benchmarks.mixing import loudest_frame, mix
from scripts.benchmarks.pronunciation import compare, distance
from scripts.benchmarks.tables import Report, Share, Table, percentile
from tests.scripts import load_script

BENCH = Path(__file__).parent.parent / "scripts" / "bench"


# --- a grammar in Rhino's syntax ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "template"),
    [
        ("[brew, can I get, I'd like] [a, an]", "(brew|can i get|i'd like) (a|an)"),
        ("make a $size:size $coffeeDrink:drink", "make a {size:size} {coffeeDrink:drink}"),
        ("turn (the, my) light [on, (all) off]", "turn [the|my] light (on|[all] off)"),
        ("  give  me\ta [ $size:first ,large ] one ", "give me a ({size:first}|large) one"),
        ("", ""),
    ],
)
def test_expression_becomes_a_template(expression: str, template: str) -> None:
    assert rhino.template(expression) == template


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("[a, b", "an unclosed '[': '[a, b'"),
        ("a, b", "column 2 has no bracket to it: 'a, b'"),
        ("[a, b)", "column 6 has no bracket to it: '[a, b)'"),
        ("make @drink", "cannot be read from column 6 on: 'make @drink'"),
        ("$pv.Percent:much", "cannot be read from column 1 on: '$pv.Percent:much'"),
    ],
)
def test_error_expression(expression: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole text is compared
        rhino.template(expression)
    assert str(error.value) == message


def test_grammar_becomes_intents_that_understand() -> None:
    grammar = {
        "context": {
            "expressions": {"order": ["[Brew, I'd like] [a, an] $size:size $kind:coffeeDrink"]},
            "slots": {"size": ["Twelve ounce", "small"], "kind": ["iced mocha", "mocha"]},
        }
    }
    intents = load_intents(
        [SourceFile("grammar.yaml", rhino.intent_file(grammar))], BUILTIN_ACTIONS
    )
    match = compile_intents(intents).match("i'd like a twelve ounce iced mocha")
    assert match is not None
    assert (match.intent, match.values()) == (
        "order",
        {"size": "twelve ounce", "coffeeDrink": "iced mocha"},
    )


# --- made-up households, and Home Assistant's sentences -------------------------------------------


def test_a_household_is_understood_by_both_matchers() -> None:
    house = household.make(40, 20)
    intent_set = load_intents(house.files(), BUILTIN_ACTIONS)
    graph = compile_intents(intent_set)
    theirs = hassil.Intents.from_dict(house.for_hassil())
    said = household.sentences(intent_set, 20)
    assert len({text for _, text in said}) > 10
    for intent, text in said:
        match, result = graph.match(text), hassil.recognize_best(text, theirs)
        assert match is not None, text
        assert result is not None, text
        assert match.intent == result.intent.name == intent


def test_growth_counts_what_is_right() -> None:
    ours, theirs = intents.made_up(20, 5, beside=True)
    assert ours.right == len(ours.seconds) == intents.SENTENCES
    assert theirs.right == len(theirs.seconds) == intents.HASSIL_SENTENCES
    assert ours.memory_bytes > 0
    assert ours.row()[:3] == ("assistant", "20", "5")


HOME_ASSISTANT_LISTS = {
    "language": "en",
    "lists": {
        "anything": {"wildcard": True},
        "level": {"range": {"from": 0, "to": 2, "fractions": "halves", "multiplier": -1}},
    },
    "expansion_rules": {"the": "(the|my)"},
    "skip_words": ["please"],
}
HOME_ASSISTANT_FILES = {
    "sentences/en/Open/name.yaml": """
        data:
          - sentences: ["open [<the>] {name}", "say {anything}"]
            name_domains: [cover]
            inferred_domain: cover
          - sentences: ["lower {name} by {level}"]
        """,
    "sentences/en/Close/area.yaml": 'data: [{sentences: ["close {area}", "{name} off"]}]',
    "tests/en/_fixtures.yaml": """
        areas: [{name: Kitchen}]
        floors: [{name: Upstairs}]
        entities: [{name: Left Blind, id: cover.left}, {name: Lamp, id: light.lamp}]
        """,
    "tests/en/Open/name.yaml": """
        tests:
          - sentences: ["open my left blind, please", "open the lamp"]
            slots: {name: left blind, domain: cover}
          - sentences: ["lower Lamp by 0.5"]
            slots: {name: Lamp, level: -0.5}
          - sentences: ["say hello"]
            slots: {anything: hello}
        """,
    "tests/en/Close/area.yaml": """
        areas: [{name: Hall}]
        tests:
          - sentences: ["close hall"]
            slots: {area: {value: Hall, text: hall}}
          - sentences: ["close kitchen"]
            slots: {area: Kitchen}
        """,
}


def test_home_assistants_sentences_are_read_and_what_is_not_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in HOME_ASSISTANT_FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    package = tmp_path / "lists_and_rules"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "data" / "en.json").write_text(json.dumps(HOME_ASSISTANT_LISTS))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(home_assistant, "PACKAGE", package.name)
    assert home_assistant.measure(tmp_path).figures() == {
        "sentences": 6,
        "right": 4,  # not the lamp, which does not open, nor a room of other tests
        "right_intent": 4,
        "templates": 5,
        "wrong": [
            "'close kitchen' (Close/area {area: Kitchen}) means nothing",
            "'open the lamp' (Open/name {name: left blind, domain: cover}) means nothing",
        ],
    }


def test_without_the_package_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_assistant, "PACKAGE", "no_such_package")
    understood = home_assistant.measure(tmp_path)
    assert understood.figures()["sentences"] is None
    assert understood.parts() == [understood.missing]


# --- noise ----------------------------------------------------------------------------------------


def loud(seed: int, samples: int, level: float) -> Samples:
    return np.rint(np.random.default_rng(seed).uniform(-level, level, samples)).astype(np.int16)


@given(decibels=st.integers(-10, 30), level=st.integers(200, 30_000), seed=st.integers(0, 99))
def test_mixture_is_as_loud_over_the_noise_as_told(decibels: int, level: int, seed: int) -> None:
    """Two sounds that do not overlap in time can be told apart again."""
    clip = np.concatenate((loud(seed, 1024, level), np.zeros(1024, np.int16)))
    noise = np.concatenate((np.zeros(1024, np.int16), loud(seed + 1, 1024, 5_000)))
    mixed = mix(clip, noise, decibels, np.random.default_rng(seed)).astype(np.float64)
    found = 10 * np.log10(loudest_frame(mixed[:1024]) / loudest_frame(mixed[1024:]))
    assert found == pytest.approx(decibels, abs=0.1)
    assert np.max(np.abs(mixed)) == 32767


def test_mixture_is_the_same_for_the_same_seed() -> None:
    clip, noise = loud(1, 4000, 9_000), loud(2, 50_000, 3_000)
    first, again, other = (mix(clip, noise, 12, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_noise_shorter_than_the_clip_begins_again() -> None:
    clip, noise = np.ones(1200, np.int16), loud(3, 500, 3_000)
    mixed = mix(clip, noise, -60, np.random.default_rng(0)).astype(np.int64)
    assert np.array_equal(mixed[:500], mixed[500:1000])


# --- clips ----------------------------------------------------------------------------------------


def test_every_other_file_is_for_decisions() -> None:
    paths = [Path(name) for name in "abcde"]
    dev, test = part_of(paths, "dev"), part_of(paths, "test")
    assert [path.name for path in dev] == ["a", "c", "e"]
    assert sorted(dev + test) == part_of(paths, "all") == paths


def test_extra_slots_are_ignored_and_missing_ones_are_not() -> None:
    label = Label("order", (("size", "large"),))
    assert label.fits("order", {"size": "large", "sugar": "some"})
    assert not label.fits("order", {"sugar": "some"})
    assert not label.fits("order", {"size": "small"})
    assert not label.fits("cancel", {"size": "large"})
    assert not label.fits(None, {})


def test_samples_come_in_chunks_and_whole() -> None:
    samples = loud(4, 2 * CHUNK_SAMPLES + 100, 32767)
    source = ClipSource("clip", samples)
    chunks = []
    while (chunk := source.read()) is not None:
        chunks.append(chunk)
    assert [len(chunk) for chunk in chunks] == [CHUNK_SAMPLES] * 3
    whole = np.concatenate(chunks)
    assert np.array_equal(whole[: len(samples)], samples)
    assert not whole[len(samples) :].any()


def test_turns_are_timed_from_the_end_of_the_last_word() -> None:
    assert load_script("make-recordings").TAIL_SECONDS == turn.TAIL_SECONDS


# --- pronunciations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("ab", "ba", 2)],
)
def test_errors_are_insertions_deletions_and_replacements(
    one: str, other: str, errors: int
) -> None:
    assert distance(one, other) == errors


@given(one=st.text("ab", max_size=6), other=st.text("ab", max_size=6))
def test_errors_are_as_many_in_both_directions(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)


def test_a_guess_is_compared_with_the_nearest_pronunciation() -> None:
    read = compare("read", ("R", "EH", "T"), [("R", "IY", "D"), ("R", "EH", "D")])
    assert (read.nearest, read.errors) == (("R", "EH", "D"), 1)


# --- figures --------------------------------------------------------------------------------------


def test_table_is_as_wide_as_its_cells() -> None:
    table = Table(("noise", "right"), (("clean", "97.4 %"), ("6 dB", "-")))
    assert table.markdown() == (
        "| noise |  right |\n"
        "|-------|-------:|\n"
        "| clean | 97.4 % |\n"
        "| 6 dB  |      - |"
    )  # fmt: skip


def test_report_is_a_section() -> None:
    table = Table(("a", "b"), (("1", "2"),))
    report = Report("idle", "Waiting", ("What it is.", table), {})
    assert report.markdown() == (
        f"## Waiting: `idle`\n\nWhat it is.\n\n{table.markdown()}\n"
    )  # fmt: skip


def test_share_with_its_interval() -> None:
    # The textbook's case: 9 of 10 is 59.6 to 98.2 % (Wilson 1927, z = 1.96).
    assert str(Share(9, 10)) == "90.0 % (59.6 % to 98.2 %)"
    assert str(Share(0, 0)) == "-"


@given(total=st.integers(1, 1000), data=st.data())
def test_interval_holds_the_share_and_is_one(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = Share(count, total).interval()
    assert 0.0 <= low <= count / total + 1e-9
    assert count / total - 1e-9 <= high <= 1.0
    opposite_low, opposite_high = Share(total - count, total).interval()
    assert (opposite_low, opposite_high) == pytest.approx((1 - high, 1 - low))


@given(values=st.lists(st.floats(0, 1), min_size=1), rank=st.integers(1, 100))
def test_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], rank: int) -> None:
    found = percentile(values, rank)
    below = sum(count for value, count in Counter(values).items() if value <= found)
    strictly = sum(count for value, count in Counter(values).items() if value < found)
    assert found in values
    assert below / len(values) >= rank / 100 - 1e-9
    assert strictly / len(values) < rank / 100


def test_page_tells_the_set_and_not_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "speech-to-intent"
    (data / "clean").mkdir(parents=True)
    (data / "labels.json").write_text("{}")
    monkeypatch.setattr(page, "PAGE", tmp_path / "docs" / "benchmarks.md")
    report = Report("idle", "Waiting", ("What it is.",), {})
    written = page.write_page([report], data, vosk=True).read_text()
    assert "- Data: 0 of the about 620 clips" in written
    assert written.endswith("\n\n" + report.markdown())
    assert str(tmp_path) not in written
    assert "Vosk: its models" not in written


# --- the script -----------------------------------------------------------------------------------


@pytest.mark.engines
def test_without_a_name_the_benchmarks_are_listed() -> None:
    assert os.access(BENCH, os.X_OK)
    done = subprocess.run((str(BENCH),), capture_output=True, text=True, timeout=60, check=True)
    listed = done.stdout.partition("Commands:\n")[2]
    names = [line.split()[0] for line in listed.splitlines()]
    assert names == [
        "all", "idle", "intents", "pronunciation", "recognizers", "start", "turn", "vosk",
    ]  # fmt: skip

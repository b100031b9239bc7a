"""The benchmarks' own arithmetic, and that scripts/bench starts. Their figures are not tested."""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import click
import hassil
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from assistant.audio.frames import CHUNK_SAMPLES, CHUNK_SECONDS, Samples
from assistant.engines import spoken_grammar
from assistant.events import Event, SpeechEnded, Transcribed
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.measuring.drawing import save
from assistant.measuring.listening import ClipSource
from assistant.measuring.scores import Share
from assistant.pipeline import Pipeline
from assistant.ports import Grammar
from assistant.recognizers.confidence import INTERCEPT, WEIGHT, Word, confidence, fit
from assistant.recognizers.grammar import PrefixStatus, count_sentences, prefix_status
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.turn import Transcript
from scripts.benchmarks import (
    calibrate,
    coffee,
    commands,
    growth,
    hearing,
    home_assistant,
    household,
    intents,
    machine,
    narrowing,
    others,
    page,
    pauses,
    pronunciation,
    recognition,
    rhino,
    skills,
    spoken,
    stock,
    turn,
    wake_training,
)
from scripts.benchmarks.calibration import (
    Level,
    at,
    calibration_error,
    outcomes,
    reliability,
    roc,
    weights,
)
from scripts.benchmarks.coffee import Clip, Label, part_of
from scripts.benchmarks.hearing import Ears, Heard
from scripts.benchmarks.plots import Plot
from scripts.benchmarks.pronunciation import compare, distance
from scripts.benchmarks.spoken import Spoken
from scripts.benchmarks.tables import Report, Table, percentile
from scripts.benchmarks.turn import Meant, Turn, figures, grouped
from scripts.benchmarks.voices import LEAD_SECONDS
from tests.measuring.test_noise import loud
from tests.recordings import shipped

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


# --- commands spoken on the spot ------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped_grammar() -> Grammar:
    return spoken_grammar(shipped())


def test_no_pause_is_after_words_that_nothing_can_follow(shipped_grammar: Grammar) -> None:
    places = Counter(
        pauses.place_of(said, shipped_grammar)
        for half in ("dev", "test")
        for said in spoken.with_pauses(half)
    )
    assert places.total() >= 2 * 60
    assert places.keys() == pauses.PLACES.keys()


def test_error_pause_where_the_command_could_be_over(shipped_grammar: Grammar) -> None:
    said = Spoken("flite slt", "never mind", "please", 0.5, "room", 0)
    with pytest.raises(ValueError, match="'never mind' is no pause within"):
        pauses.place_of(said, shipped_grammar)


def test_every_command_spoken_is_one() -> None:
    for half in ("dev", "test"):
        for said in [*spoken.with_pauses(half), *spoken.one_breath(half)]:
            assert shipped().graph.match(said.text) is not None, said.text


def test_what_decides_is_not_what_is_measured() -> None:
    for of_halves in (spoken.COMMANDS, spoken.VOICES):
        assert not {*of_halves["dev"]} & {*of_halves["test"]}


@pytest.mark.engines
def test_a_spoken_command_ends_where_it_is_said_to_end() -> None:
    said = Spoken("flite slt", "set a timer for", "ten minutes", 0.5, "room", 1)
    samples = said.samples()
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.max(np.abs(samples)))
    assert loud[0] / 16_000 == pytest.approx(LEAD_SECONDS, abs=0.05)
    assert loud[-1] / 16_000 == pytest.approx(said.end_seconds, abs=0.05)
    assert len(samples) / 16_000 == pytest.approx(said.end_seconds + spoken.SILENCE_SECONDS)
    assert np.array_equal(samples, said.samples())


def turn_of(name: str, result: str, waited_seconds: float) -> Turn:
    return Turn(name, result, waited_seconds, 0.1, 0.01, 0.5, 4.0)


def test_turns_are_grouped_by_what_could_follow(shipped_grammar: Grammar) -> None:
    final, open_ended = turn_of("never mind", "right", 0.3), turn_of("stop", "rejected", 0.7)
    groups = grouped([final, open_ended], shipped_grammar)
    assert groups["nothing can follow, right"] == groups["all that are right"] == [final]
    assert groups["something could follow, all"] == [open_ended]
    assert groups["all"] == [final, open_ended]
    assert figures(groups)["all"] == {
        "turns": 2,
        "latency_seconds": {"p50": 0.41, "p95": 0.81},
        "end_known_after_seconds": {"p50": 0.3, "p95": 0.7},
    }


class SlowPipeline:
    """Takes one command of ten chunks; what it costs is told by the clock of the test."""

    def __init__(self, clock: list[float], costs: list[float]) -> None:
        self.clock, self.costs = clock, costs

    def feed(self, _chunk: Samples) -> Iterator[Event]:
        self.clock[0] += self.costs.pop(0)
        if not self.costs:
            yield SpeechEnded(10 * CHUNK_SECONDS, 0.2, False)
            yield Transcribed(Transcript("stop", 1.0), 0.0)


@pytest.mark.parametrize(
    ("costs", "behind_seconds"),
    [
        ([0.01] * 10, 0.01),
        ([0.01] * 8 + [0.05, 0.01], 0.01),  # computed while the stream went on
        ([0.01] * 8 + [0.2, 0.01], 0.13),  # as long as it took more than the chunk
        ([0.01] * 9 + [0.2], 0.2),
    ],
)
def test_what_is_computed_while_the_stream_goes_on_counts_for_none(
    monkeypatch: pytest.MonkeyPatch, costs: list[float], behind_seconds: float
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "process_time", lambda: clock[0])
    source = ClipSource("stop", np.zeros(10 * CHUNK_SAMPLES, np.int16))
    pipeline = cast("Pipeline", SlowPipeline(clock, list(costs)))
    taken = turn.take(pipeline, shipped(), source, Meant("stop", 0.5, "Stop", {}))
    assert taken is not None
    assert taken.result == "right"
    assert taken.waited_seconds == pytest.approx(0.3)
    assert taken.behind_seconds == pytest.approx(behind_seconds)
    assert taken.cpu_seconds == pytest.approx(sum(costs))


def test_a_clip_is_cut_off_within_its_speech() -> None:
    """Half a second of quiet, a second of speech, half a second of quiet."""
    quiet, speech = loud(1, 8_000, 20), loud(2, 16_000, 9_000)
    samples = np.concatenate((quiet, speech, quiet))
    assert coffee.speech_of(samples) == (8_000, 24_000)
    left = coffee.cut_off(samples, 0.6)
    assert len(left) == 8_000 + 9_600 + 8_000
    begin, end = coffee.speech_of(left)
    assert begin == 8_000
    assert end == pytest.approx(17_600, abs=coffee.FRAME_SAMPLES)
    assert np.array_equal(left[-8_000:], quiet)


def test_orders_are_cut_off_between_half_and_seven_tenths_always_alike() -> None:
    clips = [Clip(Path(f"{number}.flac"), Label("order", ())) for number in range(50)]
    cut = coffee.truncated(clips)
    kept = [clip.kept for clip in cut if clip.kept is not None]
    assert len(kept) == 50
    assert 0.5 <= min(kept) < 0.55
    assert 0.65 < max(kept) <= 0.7
    assert cut == coffee.truncated(clips)
    assert cut[0].label == clips[0].label


def test_clips_are_spread_evenly() -> None:
    clips = [Clip(Path(str(number))) for number in range(10)]
    assert [clip.path.name for clip in hearing.spread(clips, 4)] == ["0", "2", "5", "7"]
    assert hearing.spread(clips, 20) == hearing.spread(clips, None) == clips
    noisy = list(hearing.in_noise(clips[:2], [12, 6]))
    assert [(clip.path.name, clip.decibels) for clip in noisy] == [
        ("0", 12), ("1", 12), ("0", 6), ("1", 6),
    ]  # fmt: skip


# --- what became of clips -------------------------------------------------------------------------


def heard(
    confidence: float,
    *,
    right: bool = False,
    said: bool = True,
    kind: str = coffee.COMMANDS,
    noise: int | None = None,
    slots: dict[str, str] | None = None,
) -> Heard:
    label = Label("order", (("size", "large"), ("milk", "some")))
    meant = label if kind in {coffee.COMMANDS, coffee.CUT_OFF} else None
    clip = Clip(Path("clip.flac"), meant, noise, kind)
    found = slots if slots is not None else dict(label.slots)
    return Heard(clip, "words", confidence, (), said, right, "order", found, 0.5, 2.0)


def test_a_line_of_the_dump_tells_all_of_a_clip() -> None:
    plain = json.loads(json.dumps(heard(0.75, right=True, noise=12).plain()))
    assert plain == {
        "kind": "commands", "decibels": 12, "kept": None, "words": "",
        "meant": {"intent": "order", "slots": {"size": "large", "milk": "some"}},
        "clip": "clip", "text": "words", "confidence": 0.75, "alternatives": [], "said": True,
        "right": True, "intent": "order", "slots": {"size": "large", "milk": "some"},
        "cpu_seconds": 0.5, "audio_seconds": 2.0,
    }  # fmt: skip


def test_what_was_dumped_is_read_again(tmp_path: Path) -> None:
    lines = tmp_path / "heard.jsonl"
    before = [heard(0.75, right=True, noise=12), heard(0.1, kind=coffee.SINGLE_WORDS)]
    with lines.open("w") as file:
        hearing.write(file, Ears("one", PocketSphinxRecognizer, stock.understanding), before)
    [(name, after)] = hearing.read(lines).items()
    assert name == "one"
    assert after == [
        replace(one, clip=replace(one.clip, path=Path(one.clip.path.stem))) for one in before
    ]


def test_each_level_has_its_outcome() -> None:
    levels = (Level("acted on", 0.8), Level("asked about", 0.4))
    group = [heard(one) for one in (0.9, 0.8, 0.5, 0.1)] + [heard(0.9, said=False)]
    assert outcomes(group, levels) == {
        "acted on": Share(2, 5),
        "asked about": Share(1, 5),
        "rejected": Share(2, 5),
    }


COMMANDS = [heard(one, right=one > 0.3) for one in (0.9, 0.8, 0.6, 0.2)]
OTHERS = [heard(one, kind=coffee.SINGLE_WORDS) for one in (0.7, 0.1)] + [
    heard(0.99, said=False, kind=coffee.SINGLE_WORDS) for _ in range(2)
]


def test_roc_has_a_point_for_each_threshold() -> None:
    points = roc(COMMANDS, OTHERS)
    assert [(one.threshold, one.true_acceptance, one.false_acceptance) for one in points[1:]] == [
        (0.9, 0.25, 0.0),
        (0.8, 0.5, 0.0),
        (0.7, 0.5, 0.25),
        (0.6, 0.75, 0.25),
        (0.1, 0.75, 0.5),
    ]
    assert (points[0].true_acceptance, points[0].false_acceptance) == (0.0, 0.0)


def test_the_best_threshold_for_so_much_false_acceptance() -> None:
    points = roc(COMMANDS, OTHERS)
    assert at(points, 0.0).threshold == 0.8
    assert at(points, 0.25).threshold == 0.6
    assert at(points, 1.0).threshold == 0.6  # the strictest of those as good


@given(
    right=st.lists(st.floats(0, 1), min_size=1, max_size=20),
    wrong=st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
def test_roc_counts_as_accepting_does(right: list[float], wrong: list[float]) -> None:
    commands = [heard(one, right=True) for one in right]
    others = [heard(one) for one in wrong]
    for point in roc(commands, others):
        true = sum(one.accepted(point.threshold) for one in commands) / len(commands)
        false = sum(one.accepted(point.threshold) for one in others) / len(others)
        assert (point.true_acceptance, point.false_acceptance) == (true, false)


def test_reliability_by_confidence_and_weight() -> None:
    group = [heard(0.8, right=True), heard(0.85), heard(1.0, right=True), heard(0.5, said=False)]
    low, high = reliability(group, [3.0, 1.0, 4.0, 9.0])
    assert (low.low, low.high, low.count, low.weight, low.right) == (0.75, 0.9, 2, 0.5, 0.75)
    assert low.confidence == pytest.approx((3 * 0.8 + 0.85) / 4)
    assert (high.count, high.confidence, high.right) == (1, 1.0, 1.0)
    assert calibration_error([low, high]) == pytest.approx(0.5 * (low.confidence - 0.75))


def test_groups_have_their_part_of_the_weight() -> None:
    groups = {"commands": COMMANDS, "others": OTHERS[:2]}
    assert weights(groups, {"commands": 0.6, "others": 0.4}) == [0.15] * 4 + [0.2] * 2


EVERYTHING = [
    *COMMANDS,
    *(heard(0.6, right=True, noise=noise) for noise in (12, 6)),
    *OTHERS,
    heard(0.2, kind=others.REPLACED),
    heard(0.9, right=True, kind=coffee.CUT_OFF),
    heard(0.9, kind=coffee.CUT_OFF, slots={"size": "large"}),
    heard(0.9, kind=coffee.CUT_OFF, slots={"size": "small"}),
    heard(0.1, kind=coffee.CUT_OFF),
]


def test_orders_cut_off_are_told_apart_by_what_is_done() -> None:
    cut_off = recognition.figures(EVERYTHING, [])["cut_off"]
    assert isinstance(cut_off, dict)
    counts = {name: cut_off["clean"][name]["count"] for name in ("whole", "part", "other")}
    assert counts == {"whole": 1, "part": 1, "other": 1}
    assert cut_off["clean"]["after_rejection"]["count"] == 3


def test_figures_are_json_and_tables_have_the_same_rows() -> None:
    figures = json.loads(json.dumps(recognition.figures(EVERYTHING, OTHERS)))
    assert figures["conditions"].keys() == {"clean", "12 dB", "6 dB"}
    assert figures["no_command"].keys() == {coffee.SINGLE_WORDS, others.REPLACED}
    assert figures["no_command_home"][coffee.SINGLE_WORDS]["recognizer"]["count"] == 2
    assert figures["roc"].keys() == {"clean, other speech (4)", "clean, near commands (1)"}
    assert 0 < figures["expected_calibration_error"] < 1
    markdown = Report("recognizers", "", tuple(recognition.parts(EVERYTHING, OTHERS, "One")), {})
    for row in (*figures["conditions"], *figures["no_command"], *figures["roc"]):
        assert f"\n| {row} " in markdown.markdown()


@pytest.mark.engines
def test_plots_are_small_files_with_text_in_them(tmp_path: Path) -> None:
    parts = recognition.parts(EVERYTHING, OTHERS, "Vosk, small model")
    plots = Report("recognizers", "", tuple(parts), {}).plots()
    assert [plot.name for plot in plots] == ["roc-vosk-small-model", "reliability-vosk-small-model"]
    for plot in plots:
        path, again = tmp_path / f"{plot.name}.svg", tmp_path / "again.svg"
        save(plot.draw, path)
        save(plot.draw, again)
        assert path.stat().st_size < 100_000
        assert "right" in path.read_text()
        assert path.read_bytes() == again.read_bytes()


# --- speech that is no command --------------------------------------------------------------------


@pytest.mark.engines
def test_synthesised_speech_is_no_command_and_the_same_each_time(tmp_path: Path) -> None:
    understanding = stock.understanding()
    clips = others.synthesised(understanding, tmp_path, 4)
    assert Counter(clip.kind for clip in clips) == {
        others.EVERYDAY: 4, others.REORDERED: 4, others.REPLACED: 4,
    }  # fmt: skip
    assert all(clip.path.exists() and clip.label is None for clip in clips)
    assert not any(understanding.graph.understand(clip.words) for clip in clips)
    assert clips == others.synthesised(understanding, tmp_path, 4)


# --- growth ---------------------------------------------------------------------------------------


def test_a_household_that_is_spoken_to_has_words_of_the_dictionary() -> None:
    house = household.make(3, 20, household.dictionary_word)
    words = {word for name in house.lists["name"] for word in name.split()}
    assert len(words) > 20
    assert words <= pronunciation.entries().keys()


def test_a_size_adds_to_the_shipped_intents() -> None:
    alone, ten_times, *_ = growth.sizes()
    shipped, larger = map(growth.understanding_of, (alone, ten_times))
    assert len(larger.graph.sentences) == 10 * len(shipped.graph.sentences)


def test_a_grammar_of_sentences_has_just_these() -> None:
    grammar = narrowing.of_sentences(["the hall lamp", "the lamp"])
    assert count_sentences(grammar) == 2
    assert prefix_status(grammar, ["the", "lamp"]) is PrefixStatus.COMPLETE_FINAL


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

    def draw(figure: Figure) -> None:
        figure.subplots().plot([0, 1])

    plot = Plot("line", "A line", draw)
    report = Report("idle", "Waiting", ("What it is.", plot), {})
    written = page.write_page([report], ["idle"], data, vosk=True).read_text()
    assert "- Data: 0 of the about 620 clips" in written
    assert f", {machine.processor()}. What it is." in written  # others may be of another machine
    assert written.endswith(" What it is.\n\n![A line](plots/line.svg)\n")
    assert (tmp_path / "docs" / "plots" / "line.svg").read_text().startswith("<?xml")
    assert report.markdown().endswith("\n\nWhat it is.\n")
    monkeypatch.setattr(page, "can_draw", lambda: False)
    undrawn = page.write_page([report], ["idle"], data, vosk=True).read_text()
    assert undrawn.endswith(" What it is.\n")
    assert str(tmp_path) not in written
    assert "a large Vosk model" not in written


def test_sections_that_are_not_measured_anew_stay_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    (tmp_path / "labels.json").write_text("{}")
    order = ["turn", "idle", "start"]
    first = [Report(name, name.title(), (f"The first {name}.",), {}) for name in ("start", "idle")]
    page.write_page(first, order, tmp_path, vosk=False)
    again = [Report(name, name.title(), (f"The second {name}.",), {}) for name in ("idle", "turn")]
    written = page.write_page(again, order, tmp_path, vosk=False).read_text()
    headings = [line for line in written.splitlines() if line.startswith("## ")]
    assert headings == ["## Turn: `turn`", "## Idle: `idle`", "## Start: `start`"]
    assert "The second idle." in written
    assert "The first start." in written
    assert "The first idle." not in written


# --- skills ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", skills.LANGUAGES)
def test_without_its_files_a_skill_is_gone_and_the_rest_is_there(language: str) -> None:
    assert {Path(file.path).stem for file in skills.files(language)} > set(skills.ALL)
    for name, without in skills.rows().items():
        known = skills.understanding(without, language).intents.intents.keys()
        assert "SetTimer" in known
        assert ("AddToList" in known) == (name in {"with lists", "all of them"})
        assert ("Convert" in known) == (name in {"with units", "all of them"})


# --- the script -----------------------------------------------------------------------------------


@pytest.mark.engines
def test_without_a_name_the_benchmarks_are_listed() -> None:
    assert os.access(BENCH, os.X_OK)
    done = subprocess.run((str(BENCH),), capture_output=True, text=True, timeout=60, check=True)
    listed = done.stdout.partition("Commands:\n")[2]
    names = [line.split()[0] for line in listed.splitlines()]
    assert names == [
        "ablation", "alarms", "all", "calibrate", "calibrate-phones", "conversations", "german",
        "growth", "idle", "intents", "limits", "microphones", "pauses", "phone-steps", "phones",
        "pi", "pronunciation", "recognizers", "recovery", "self-hearing", "skills", "soak", "start",
        "turn", "vosk", "wake", "wake-calibration", "wake-speaker", "wake-training",
    ]  # fmt: skip


# --- trained wake words ---------------------------------------------------------------------------


def test_trainings_on_several_draws_are_one_row() -> None:
    runs = [
        wake_training.Run("computer", 20, 1, Share(0, 100), Share(3, 100), 1, 0, 0.5, 90.0, ""),
        wake_training.Run("computer", 20, 2, Share(1, 100), Share(1, 100), 2, 1, 0.5, 99.6, ""),
        wake_training.Run("computer", 5, 1, Share(9, 100), Share(30, 100), 0, 0, 0.5, 80.0, ""),
    ]
    many, few = wake_training.table(runs).rows
    assert many[:3] == ("computer", "20", "100")
    assert many[3:5] == ("0.5 % (0.0 % to 1.0 %)", "2.0 % (1.0 % to 3.0 %)")
    assert many[5:] == ("3.0 (2.0 to 4.0)", "1.0 (0.0 to 2.0)", "100 s")
    assert few[1] == "5"


def test_error_no_folder_of_wake_words(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands.main, ["wake-training", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "there is no wake-word in" in result.output


# --- the constants of confidence ------------------------------------------------------------------


def test_constants_are_found_again_from_what_they_make() -> None:
    fits = np.linspace(-0.006, -0.001, 200)
    sure = [confidence([Word("stop", 1, float(one))]) for one in fits]
    said = [
        (float(one), right, part)
        for one, share in zip(fits, sure, strict=True)
        for right, part in ((True, share), (False, 1.0 - share))
    ]
    intercept, weight = calibrate.constants(said)
    assert intercept == pytest.approx(INTERCEPT, rel=0.02)
    assert weight == pytest.approx(WEIGHT, rel=0.02)


def test_how_well_words_fitted_follows_from_their_confidence() -> None:
    word = Word("stop", 40, -0.12)
    one = Heard(Clip(Path("a")), "stop", confidence([word]), (), True, True, "Stop", {}, 0.1, 1.0)
    assert calibrate.fit_of(one) == pytest.approx(fit([word]))


@pytest.mark.parametrize("text", ["# Not JSON", "{}", "[1]"])
def test_error_a_file_that_is_no_dump(tmp_path: Path, text: str) -> None:
    file = tmp_path / "dump.jsonl"
    file.write_text(text)
    with pytest.raises(click.UsageError, match="is no dump of 'recognizers'"):
        calibrate.measure(file)

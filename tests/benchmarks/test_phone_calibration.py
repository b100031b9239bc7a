"""``scripts/bench calibrate-phones``: how its constants are fitted and told."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from assistant.recognizers.phones.confidence import Channel, Logistic
from assistant.turn import Transcript
from scripts.benchmarks.coffee import Clip, Label
from scripts.benchmarks.others import REPLACED
from scripts.benchmarks.overhearing import Opinions, Overheard
from scripts.benchmarks.phone_calibration import (
    conditional_logit,
    fitted,
    group_of,
    told,
    weights,
)

NOTHING = np.zeros(0, dtype=np.int16)
SILENT = Transcript("", 0.0)


def test_constants_that_made_the_answers_are_found() -> None:
    random = np.random.default_rng(1)
    true = Logistic(1.0, (-4.0, 0.5))
    values = [(random.uniform(0, 1), random.uniform(-3, 3)) for _ in range(4_000)]
    right = [bool(random.random() < true(*each)) for each in values]
    found = fitted(values, right)
    assert [found.intercept, *found.weights] == pytest.approx([1.0, -4.0, 0.5], abs=0.3)


def test_what_weighs_more_tells_more() -> None:
    values, right = [(0.0,), (0.0,), (1.0,), (1.0,)], [True, False, True, False]
    mostly = fitted(values, right, [9.0, 1.0, 1.0, 9.0])
    assert mostly(0.0) > 0.7
    assert mostly(1.0) < 0.3


def clip(kind: str, label: Label | None = None) -> Opinions:
    said = Overheard(Clip(Path("a"), label, kind=kind), None, NOTHING, SILENT)
    return Opinions(said, SILENT, SILENT, (), 0.0)


def test_commands_weigh_the_most_and_the_kinds_of_other_speech_alike() -> None:
    commands = [clip("orders", Label("order", ()))] * 3
    others = [clip("words")] * 4 + [clip(REPLACED)] * 2
    found = weights([*commands, *others[2:]], [*commands, *others])
    assert found == pytest.approx([0.25] * 3 + [0.125 / 4] * 2 + [0.125 / 2] * 2)
    assert [group_of(one) for one in (commands[0], others[0], others[-1])] == [
        *("commands", "other speech", "near commands"),
    ]


def test_where_all_are_right_nothing_is_known() -> None:
    assert math.isnan(fitted([(0.5,)], [True]).intercept)


def test_they_are_told_as_they_are_written() -> None:
    assert told(Logistic(1.234, (-5.678, 0.2))) == "1.23, (-5.68, 0.20)"
    assert told(Channel(0.1234, 1.0, 0.5, 0.25, -0.06)) == "0.123, 1.000, 0.500, 0.250, -0.060"


def test_what_decided_choices_is_found() -> None:
    random = np.random.default_rng(2)
    choices = []
    for _ in range(3_000):
        values = random.normal(0.0, 1.0, (4, 2))
        likely = np.exp(values @ [2.0, -0.5])
        chosen = random.choice(4, p=likely / likely.sum())
        choices.append((values, np.arange(4) == chosen))
    assert conditional_logit(choices) == pytest.approx([2.0, -0.5], abs=0.15)


def test_of_several_that_are_right_any_may_be_chosen() -> None:
    values = np.array([[1.0], [0.0], [-9.0]])
    right = np.array([True, False, False])
    alone = conditional_logit([(values, right)])[0]
    with_another = conditional_logit([(values, np.array([True, False, True]))])[0]
    assert alone > 0.0
    assert with_another != pytest.approx(alone)
    assert conditional_logit([(-values, np.array([True, False, True]))])[0] != 0.0

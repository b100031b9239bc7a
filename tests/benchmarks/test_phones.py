"""``scripts/bench phones``: how its shares are counted, and what is learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np

from assistant.turn import Transcript
from scripts.benchmarks.coffee import Clip
from scripts.benchmarks.overhearing import Meanings, Opinions, Overheard, accepted
from scripts.benchmarks.phones import CONDITIONS, rejection, shares


def test_shares_are_by_condition_and_their_mean_is_of_the_noises() -> None:
    right = [True, True]  # both clips, clean
    right += [True, False] * 3 + [False, False] * (len(CONDITIONS) - 4)
    assert shares(right) == [
        "100.0 %", "50.0 %", "50.0 %", "50.0 %", "0.0 %", "0.0 %", "0.0 %", "0.0 %", "21.4 %",
    ]  # fmt: skip


class Meant:
    """Every clip means "yes"."""

    def right(self, _one: Overheard, text: str) -> bool:
        return text == "yes"


def said(text: str, decibels: int | None = None) -> Overheard:
    clip = Clip(Path("one.flac"), decibels=decibels)
    return Overheard(clip, None, np.zeros(3, dtype=np.int16), Transcript(text, 0.9))


def test_lost_is_what_was_right_and_not_sure_enough() -> None:
    commands = [
        (said(""), "yes", 0.9),
        (said(""), "yes", 0.1),
        (said(""), "no", 0.1),
        (said(""), "no", 0.9),
        (said("", 12), "yes", 0.1),
    ]
    others = [(said(""), "yes", 0.9), (said(""), "", 0.9), (said("", 6), "no", 0.1)]
    row = rejection("both", cast(Meanings, Meant()), commands, others)
    by_noise = dict(zip(CONDITIONS, row[1 : 1 + len(CONDITIONS)], strict=True))
    assert (row[0], by_noise[None], by_noise[12], by_noise[6]) == (
        "both", "25.0 %", "100.0 %", "0.0 %",
    )  # fmt: skip
    assert row[1 + len(CONDITIONS) :] == ("50.0 %", "0.0 %", "0.0 %")


def test_accepted_is_what_would_be_acted_on() -> None:
    sure, unsure = Transcript("yes", 0.9), Transcript("no", 0.1)
    heard = [Opinions(said("no"), unsure, both, (), 0.0) for both in (unsure, sure, sure)]
    assert [one.text for one in accepted(heard, 5)] == ["yes", "yes"]
    assert len(accepted(heard, 1)) == 1

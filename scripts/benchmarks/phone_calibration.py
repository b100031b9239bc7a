"""``calibrate-phones``: the constants by which phones and PocketSphinx are believed together.

PocketSphinx and the shipped network hear the commands of one half of the set, and single words.
Networks that have learnt from accepted commands are trained with every other one of the commands
and asked about the rest, so nothing is told about a command that was learnt from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.phones.confidence import AS_SHIPPED, WITH_RECORDINGS, Logistic
from assistant.recognizers.phones.fusion import log_odds
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import NOISE_DECIBELS, Split
from scripts.benchmarks.hearing import in_noise
from scripts.benchmarks.overhearing import (
    ACT,
    Meanings,
    Opinions,
    accepted,
    adapted,
    opinions,
    overhear,
)
from scripts.benchmarks.phones import ACCEPTED_COMMANDS, OTHERS_DECIBELS, other_speech
from scripts.benchmarks.tables import Report, Share, Table, percent

ALMOST_FREE = 100.0
"""Of regularisation: there are hundreds of clips for four constants."""
DIFFERING = (0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
NOISES = ("clean", *(f"{decibels} dB" for decibels in OTHERS_DECIBELS))
COMMANDS_PART = 0.75
"""Of what is said to the assistant; the rest is other speech."""


def measure(data: Path, *, split: Split = "dev", limit: int | None = None, jobs: int = 2) -> Report:
    """Fit the constants of a network as shipped, and of those that learnt from recordings."""
    clean = coffee.commands(data, split, limit)
    commands = overhear([*clean, *in_noise(clean, NOISE_DECIBELS)], data, jobs)
    others = overhear(other_speech(data, split, limit), data, jobs)
    meanings, embedding = Meanings(data), SpeechEmbedding(load_bundle())
    shipped = load_model(SHIPPED / "en.npz")
    groups = {"as shipped": list(opinions(shipped, embedding, meanings.grammar, commands))}
    other_groups = {"as shipped": list(opinions(shipped, embedding, meanings.grammar, others))}
    trained, of_others = [], []
    for half in (0, 1):
        learnt = groups["as shipped"][half : len(clean) : 2]
        recordings = accepted(learnt, ACCEPTED_COMMANDS)
        model, _ = adapted(shipped, meanings.grammar, embedding, recordings)
        rest = [one for n, one in enumerate(commands) if n % len(clean) % 2 != half]
        trained += list(opinions(model, embedding, meanings.grammar, rest))
        of_others += list(opinions(model, embedding, meanings.grammar, others[half::2]))
    groups["with recordings"], other_groups["with recordings"] = trained, of_others
    rows, figures = [], {}
    used = {"as shipped": AS_SHIPPED, "with recordings": WITH_RECORDINGS}
    for name, heard in groups.items():
        found = {
            "own": confidence(meanings, heard, other_groups[name]),
            "agreeing": agreeing(meanings, heard, other_groups[name]),
            "other_right": other_right(meanings, heard),
        }
        rows += [
            (name, what, told(one), told(getattr(used[name], what))) for what, one in found.items()
        ]
        figures[name] = {what: [one.intercept, *one.weights] for what, one in found.items()}
    trials = [
        (name, f"{differing:.1f}", *rejection(meanings, groups[name], other_groups[name], factor))
        for name in groups
        for differing in DIFFERING
        for factor in (differing / used[name].differing,)
    ]
    text = f"Of {len(clean)} commands (the half '{split}') and {len(others)} single words."
    table = Table(("network", "constant", "found", "in use"), tuple(rows))
    tried = Table(
        ("network", "differing", *NOISES, *(f"acted on, {n}" for n in NOISES)), tuple(trials)
    )
    return Report(
        "calibrate-phones",
        "Phones and PocketSphinx",
        (text, table, "Commands lost to rejection, and single words acted on:", tried),
        figures,
    )


def rejection(
    meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions], factor: float
) -> list[str]:
    """Commands lost, and other speech acted on, by noise, with ``differing`` so many times more."""
    lost, acted = [], []
    for noise in (None, *OTHERS_DECIBELS):
        commands = [one for one in heard if one.of.clip.decibels == noise]
        words = [one for one in others if one.of.clip.decibels == noise]
        right = [one for one in commands if meanings.right(one.of, one.both.text)]
        lost.append(Share(sum(_sure(one, factor) < ACT for one in right), len(commands)))
        said = [one for one in words if one.both.text]
        acted.append(Share(sum(_sure(one, factor) >= ACT for one in said), len(words)))
    return [percent(share.value) for share in (*lost, *acted)]


def _sure(one: Opinions, factor: float) -> float:
    """How sure it would be: phones are chosen where they differ, or they are not."""
    chosen = one.difference is not None and one.both.text == one.own.text
    return one.both.confidence * (factor if chosen else 1.0)


def agreeing(meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions]) -> Logistic:
    """That what both heard is right, by PocketSphinx's log-odds."""
    both = [one for one in (*heard, *others) if one.own.text == one.of.heard.text != ""]
    values = [(log_odds(one.of.heard.confidence),) for one in both]
    right = [meanings.right(one.of, one.own.text) for one in both]
    return fitted(values, right, weights(both, len(heard), len(others)))


def other_right(meanings: Meanings, heard: Sequence[Opinions]) -> Logistic:
    """That PocketSphinx is right where they differ and one of them is right."""
    values, right = [], []
    for one in heard:
        theirs = meanings.right(one.of, one.of.heard.text)
        difference = one.difference
        if difference is not None and theirs != meanings.right(one.of, one.own.text):
            sure = log_odds(one.of.heard.confidence)
            values.append((difference.loss, difference.short, sure))
            right.append(theirs)
    return fitted(values, right)


def confidence(
    meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions]
) -> Logistic:
    """That what the network heard is right, by how well it fits."""
    said = [one for one in (*heard, *others) if one.fit is not None]
    values = [(one.fit or 0.0,) for one in said]
    right = [meanings.right(one.of, one.own.text) for one in said]
    return fitted(values, right, weights(said, len(heard), len(others)))


def weights(some: Sequence[Opinions], commands: int, others: int) -> list[float]:
    """What each of these weighs, that are of so many commands and so much other speech."""
    of_command, of_other = COMMANDS_PART / commands, (1.0 - COMMANDS_PART) / others
    return [of_command if one.of.clip.label is not None else of_other for one in some]


def fitted(
    values: Sequence[tuple[float, ...]],
    right: Sequence[bool],
    weighted: Sequence[float] | None = None,
) -> Logistic:
    """Fit a logistic regression; nothing is known where all are right, or none."""
    if len(set(right)) < 2:
        return Logistic(math.nan, ())
    each: npt.NDArray[np.float64] = np.ones(len(right)) if weighted is None else np.array(weighted)
    model = LogisticRegression(C=ALMOST_FREE, max_iter=5_000)
    model.fit(np.array(values), np.array(right), sample_weight=each / each.mean())
    return Logistic(float(model.intercept_[0]), tuple(map(float, model.coef_[0])))


def told(one: Logistic) -> str:
    """As it is written in the source."""
    return f"{one.intercept:.2f}, ({', '.join(f'{weight:.2f}' for weight in one.weights)})"

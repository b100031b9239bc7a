"""``calibrate-phones``: the constants by which phones and PocketSphinx are believed together.

PocketSphinx and the shipped network hear the commands of one half of the set, and single words.
Networks that have learnt from accepted commands are trained with every other one of the commands
and asked about the rest, so nothing is told about a command that was learnt from.

Which sentence was said is a choice between candidates, and so its constants are those of a
conditional logit (D. McFadden, "Conditional logit analysis of qualitative choice behavior", 1974),
where any of the candidates with the right meaning may be the one. How sure it is is a logistic
regression.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.phones.confidence import (
    AS_SHIPPED,
    WITH_RECORDINGS,
    WITH_TEXT,
    Channel,
    Heard,
    Logistic,
    fit,
)
from assistant.recognizers.phones.fusion import Candidate
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import NOISE_DECIBELS, Split
from scripts.benchmarks.hearing import in_noise
from scripts.benchmarks.others import NEAR, synthesised
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
LITTLE = 1e-3
"""Of what is taken off for large weights, where nothing else bounds them."""
SYNTHESISED = 60
"""Sentences of each kind."""
COMMANDS, OTHER_SPEECH, NEAR_COMMANDS = "commands", "other speech", "near commands"
NOISES = ("clean", *(f"{decibels} dB" for decibels in OTHERS_DECIBELS))
COMMANDS_PART = 0.75
"""Of what is said to the assistant; the rest is other speech and near commands, as much of each."""


def measure(data: Path, *, split: Split = "dev", limit: int | None = None, jobs: int = 2) -> Report:
    """Fit the constants of a network as shipped, after text, and of those with recordings."""
    clean = coffee.commands(data, split, limit)
    commands = overhear([*clean, *in_noise(clean, NOISE_DECIBELS)], data, jobs)
    with TemporaryDirectory() as folder:
        made_up = synthesised(coffee.understanding(data), Path(folder), limit or SYNTHESISED)
        spoken = [*made_up, *in_noise(made_up, OTHERS_DECIBELS)]
        others = overhear([*other_speech(data, split, limit), *spoken], data, jobs)
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
    text, _ = adapted(shipped, meanings.grammar, embedding, ())
    groups["with text"] = list(opinions(text, embedding, meanings.grammar, commands))
    other_groups["with text"] = list(opinions(text, embedding, meanings.grammar, others))
    rows: list[tuple[str, ...]] = []
    figures: dict[str, dict[str, list[float]]] = {}
    used = {
        "as shipped": AS_SHIPPED,
        "with text": WITH_TEXT,
        "with recordings": WITH_RECORDINGS,
    }
    for name, heard in groups.items():
        chosen = channel(meanings, heard)
        found: dict[str, Channel | Logistic] = {
            "own": confidence(meanings, heard, other_groups[name]),
            "channel": chosen,
            "sure": sure(meanings, heard, other_groups[name], chosen),
        }
        rows += [
            (name, what, told(one), told(getattr(used[name], what))) for what, one in found.items()
        ]
        figures[name] = {what: constants(one) for what, one in found.items()}
    in_use = [(name, *rejection(meanings, groups[name], other_groups[name])) for name in groups]
    about = (
        f"Of {len(clean)} commands (the half '{split}'), clean and in noise, and {len(others)} "
        "clips of other speech: single words by many people, and synthesised sentences, many of "
        "them nearly commands."
    )
    table = Table(("network", "constant", "found", "in use"), tuple(rows))
    columns = (
        *("network", *(f"lost, {noise}" for noise in NOISES)),
        *(f"{kind}, {noise}" for kind in (OTHER_SPEECH, NEAR_COMMANDS) for noise in NOISES),
    )
    return Report(
        "calibrate-phones",
        "Phones and PocketSphinx",
        (
            about,
            table,
            "Commands lost to rejection, and other speech acted on, by the constants in use:",
            Table(columns, tuple(in_use)),
        ),
        figures,
    )


def rejection(
    meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions]
) -> list[str]:
    """Commands lost, other speech acted on, and near commands acted on, by noise."""
    lost = []
    for noise in (None, *OTHERS_DECIBELS):
        commands = [one for one in heard if one.of.clip.decibels == noise]
        right = [one for one in commands if meanings.right(one.of, one.both.text)]
        lost.append(Share(sum(one.both.confidence < ACT for one in right), len(commands)))
    acted = []
    for kind in (OTHER_SPEECH, NEAR_COMMANDS):
        for noise in (None, *OTHERS_DECIBELS):
            some = [one for one in others if group_of(one) == kind]
            here = [one for one in some if one.of.clip.decibels == noise]
            believed = [one for one in here if one.both.text and one.both.confidence >= ACT]
            acted.append(Share(len(believed), len(here)))
    return [percent(share.value) for share in (*lost, *acted)]


def channel(meanings: Meanings, heard: Sequence[Opinions]) -> Channel:
    """What speaks for a sentence: by all clips some of whose candidates are right, and not all."""
    choices = []
    for one in heard:
        right = np.array(
            [meanings.right(one.of, each.sentence.text) for each in one.candidates], dtype=bool
        )
        if right.any() and not right.all():
            choices.append((np.array([_values(one, each) for each in one.candidates]), right))
    score, *costs = conditional_logit(choices)
    return Channel(score, *(-cost for cost in costs))


def _values(one: Opinions, candidate: Candidate) -> tuple[float, ...]:
    words, phones = candidate.distance.words, candidate.distance.phones
    return candidate.sentence.score, words, words * one.odds, phones, phones * one.odds


Floats = npt.NDArray[np.float64]


def conditional_logit(choices: Sequence[tuple[Floats, npt.NDArray[np.bool_]]]) -> list[float]:
    """The weights by which one of the right candidates is most likely chosen, over all choices.

    Each is candidates x values, and which of them are right.
    """
    spread = np.concatenate([values - values.mean(axis=0) for values, _ in choices])
    scale = spread.std(axis=0) + 1e-9

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = 0.0, np.zeros(len(weights))
        for values, right in choices:
            scaled = values / scale
            score = scaled @ weights
            likely = np.exp(score - score.max())
            likely /= likely.sum()
            among_right = likely * right
            total -= math.log(among_right.sum() + 1e-12)
            slope += (likely - among_right / (among_right.sum() + 1e-12)) @ scaled
        count = len(choices)
        return (
            total / count + LITTLE * float(weights @ weights),
            slope / count + 2 * LITTLE * weights,
        )

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x / scale
    return [float(weight) for weight in found]


def sure(
    meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions], chosen: Channel
) -> Logistic:
    """That the sentence chosen by these constants is right."""
    said = [one for one in (*heard, *others) if one.candidates]
    values, right = [], []
    for one in said:

        def value(each: Candidate, odds: float = one.odds) -> float:
            return chosen(each.sentence.score, each.distance, odds)

        best = max(one.candidates, key=value)
        heard_by_other = bool(one.of.heard.text)
        values.append(
            Heard(fit(best.sentence), one.odds, heard_by_other, best.distance.words).values
        )
        right.append(meanings.right(one.of, best.sentence.text))
    return fitted(values, right, weights(said, (*heard, *others)))


def confidence(
    meanings: Meanings, heard: Sequence[Opinions], others: Sequence[Opinions]
) -> Logistic:
    """That what the network heard is right, by how well it fits."""
    said = [one for one in (*heard, *others) if one.fit is not None]
    values = [(one.fit or 0.0,) for one in said]
    right = [meanings.right(one.of, one.own.text) for one in said]
    return fitted(values, right, weights(said, (*heard, *others)))


def group_of(one: Opinions) -> str:
    """What is said: a command, nearly one, or other speech."""
    if one.of.clip.label is not None:
        return COMMANDS
    return NEAR_COMMANDS if one.of.clip.kind in NEAR else OTHER_SPEECH


def weights(some: Sequence[Opinions], every: Sequence[Opinions]) -> list[float]:
    """What each of these weighs, where commands are ``COMMANDS_PART`` of every one there is."""
    counts = Counter(map(group_of, every))
    rest = (1.0 - COMMANDS_PART) / max(1, len(counts) - 1)
    return [
        (COMMANDS_PART if group == COMMANDS else rest) / counts[group]
        for group in map(group_of, some)
    ]


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


def constants(one: Logistic | Channel) -> list[float]:
    """As numbers."""
    if isinstance(one, Logistic):
        return [one.intercept, *one.weights]
    return [one.score, one.word, one.word_odds, one.phone, one.phone_odds]


def told(one: Logistic | Channel) -> str:
    """As it is written in the source."""
    first, *rest = constants(one)
    if isinstance(one, Channel):
        return ", ".join(f"{value:.3f}" for value in (first, *rest))
    return f"{first:.2f}, ({', '.join(f'{value:.2f}' for value in rest)})"

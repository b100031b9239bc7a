"""``phone-steps``: what each part of the phone recognizer is worth, all others staying as they are.

How phones are told, how both recognizers are judged, and what the network was trained with. The
networks that were trained otherwise are files of ``scripts/train-phones``, named by what they lack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.ports import Grammar
from assistant.recognizers.combination import Opinion, combine
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.phones.decoder import FRAME_BY_FRAME
from assistant.recognizers.phones.fusion import SURE_ALONE
from assistant.recognizers.phones.graph import PhoneGraph
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.network import CTC, FRAMEWISE, INVENTORY
from assistant.recognizers.phones.search import Search
from assistant.recognizers.phones.stream import PhoneStream
from assistant.recognizers.pronunciation import no_guess, pronounce
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import NOISE_DECIBELS, Split
from scripts.benchmarks.hearing import in_noise
from scripts.benchmarks.overhearing import (
    Meanings,
    Opinions,
    Overheard,
    opinions,
    overhear,
)
from scripts.benchmarks.phones import shares
from scripts.benchmarks.tables import Report, Table

TOLD_BY = {"by CTC alone": (CTC, Weights()), "frame by frame alone": (FRAMEWISE, FRAME_BY_FRAME)}
"""The outputs, and the weights of the search through them."""
SURE = (0.99, SURE_ALONE, 0.95, 0.9)
COLUMNS = ("", "clean", *(f"{decibels} dB" for decibels in NOISE_DECIBELS), "mean in noise")
Texts = Callable[[Opinions], str]


def measure(
    data: Path,
    *,
    split: Split = "test",
    limit: int | None = None,
    jobs: int = 2,
    networks: Path | None = None,
) -> Report:
    """Hear the orders of one half with each part left out; ``networks`` is a folder of others."""
    clean = coffee.commands(data, split, limit)
    commands = overhear([*clean, *in_noise(clean, NOISE_DECIBELS)], data, jobs)
    meanings, embedding = Meanings(data), SpeechEmbedding(load_bundle())
    shipped = load_model(SHIPPED / "en.npz")
    heard = list(opinions(shipped, embedding, meanings.grammar, commands))

    def row(name: str, text: Texts, some: Sequence[Opinions] = heard) -> tuple[str, ...]:
        return (name, *shares([meanings.right(one.of, text(one)) for one in some]))

    told = [row("both ways", _own)]
    stream = PhoneStream(shipped.network, embedding)
    for name, (outputs, weights) in TOLD_BY.items():
        texts = one_way(stream, meanings.grammar, commands, outputs, weights)
        right = [meanings.right(one, text) for one, text in zip(commands, texts, strict=True)]
        told.append((name, *shares(right)))
    judged = [
        row("PocketSphinx alone", lambda one: one.of.heard.text),
        row("phones alone", _own),
        row("the surer one of both", lambda one: _surer(meanings.grammar, one)),
        row("PocketSphinx as a noisy channel", lambda one: one.judged.text),
    ]
    judged += [row(f"the same, phones asked below {sure}", _asked_below(sure)) for sure in SURE]
    trained = []
    for path in sorted(networks.glob("*.npz")) if networks is not None else ():
        some = list(opinions(load_model(path), embedding, meanings.grammar, commands))
        trained += [
            row(f"{path.stem}: phones alone", _own, some),
            row(f"{path.stem}: both", _both, some),
        ]
    usual = [row("as shipped: phones alone", _own), row("as shipped: both", _both)]
    tables = {
        "How phones are told, phones alone:": told,
        "How both are judged. Phones need not be asked where PocketSphinx is sure "
        f"({SURE_ALONE} is in use); they are asked of {_asked(heard)}:": judged,
        "What the network was trained with, all else as shipped; the constants by which it is "
        "believed were found for the shipped one:": [*usual, *trained] if trained else [],
    }
    introduction = (
        f"{len(clean)} spoken coffee orders (the half '{split}', which decided nothing), clean and "
        "in kitchen noise, understood rightly whatever the confidence, with the network as shipped "
        "and nothing adapted."
    )
    shown = {about: rows for about, rows in tables.items() if rows}
    parts: list[str | Table] = [introduction]
    for about, rows in shown.items():
        parts += [about, Table(COLUMNS, tuple(rows))]
    figures = {name: cells for rows in shown.values() for name, *cells in rows}
    return Report("phone-steps", "What each part of it is worth", tuple(parts), figures)


def _own(one: Opinions) -> str:
    return one.own.text


def _both(one: Opinions) -> str:
    return one.both.text


def _surer(grammar: Grammar, one: Opinions) -> str:
    return combine(grammar, Opinion(one.of.heard), Opinion(one.own)).text


def _asked_below(sure: float) -> Texts:
    def text(one: Opinions) -> str:
        return (one.of.heard if one.of.heard.confidence >= sure else one.judged).text

    return text


def _asked(heard: Sequence[Opinions]) -> str:
    """Of how many of the clips, below each confidence."""
    confidences = np.array([one.of.heard.confidence for one in heard])
    clean = np.array([one.of.clip.decibels is None for one in heard])
    below = [
        f"{np.mean(confidences[clean] < sure):.0%} of the clean ones and "
        f"{np.mean(confidences[~clean] < sure):.0%} of the others below {sure}"
        for sure in SURE
    ]
    return ", ".join(below)


def one_way(
    stream: PhoneStream,
    grammar: Grammar,
    overheard: Sequence[Overheard],
    outputs: slice,
    weights: Weights,
) -> list[str]:
    """What is found in the utterances by one kind of outputs."""
    lexicon = Lexicon(packaged_dictionary())
    said = pronounce(grammar.words(), grammar.sounds_like, lexicon, no_guess).of_words
    search = Search(PhoneGraph.of(grammar, said, INVENTORY), weights)
    texts = []
    for one in overheard:
        stream.start(one.before)
        search.start()
        search.feed(np.concatenate((stream.feed(one.utterance), stream.rest()))[:, outputs])
        texts.append(next((each.text for each in search.finish(1)), ""))
    return texts

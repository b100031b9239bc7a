"""How much each word tells of what is meant: "the" hardly anything, "kitchen" nearly all.

No table of any language is needed: a word of many sentences tells little, as in inverse document
frequency of information retrieval (K. Spärck Jones, 1972).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from assistant.intents.network import Caller, Network, Node

LEAST = 0.2
"""The weight of a word that is everywhere; one that is in a single sentence or none weighs 1."""


def word_weights(network: Network) -> Mapping[str, float]:
    """Weigh every word of a network and of all that it calls, LEAST..1.

    A sentence that calls a list has of each of its words so much as there are values with it: a
    tenth of a "kitchen" with ten rooms.
    """
    words: Counter[str] = Counter()
    calls: Counter[Network] = Counter()
    for entry in network.entries:
        own, called = _contents(entry)
        words.update(own)
        calls.update(called)
    shares: dict[Network, Mapping[str, float]] = {}
    amounts: dict[str, float] = dict(words)
    for called_network, count in calls.items():
        for word, share in _shares(called_network, shares).items():
            amounts[word] = amounts.get(word, 0.0) + count * share
    sentences = len(network.entries)
    return {word: _weight(amount, sentences) for word, amount in amounts.items()}


def _weight(amount: float, sentences: int) -> float:
    if amount <= 1.0:
        return 1.0
    # A word of several lists of one sentence counts more than once: it is in every sentence.
    share = math.log(sentences / amount) / math.log(sentences) if amount < sentences else 0.0
    return round((LEAST + (1.0 - LEAST) * share) * 1024) / 1024


def _shares(network: Network, known: dict[Network, Mapping[str, float]]) -> Mapping[str, float]:
    """Of each word, in what share of the entries of a network it is. Adds to ``known``."""
    if network not in known:
        shares: dict[str, float] = {}
        for entry in network.entries:
            own, called = _contents(entry)
            within = dict.fromkeys(own, 1.0)
            for one in called:
                for word, share in _shares(one, known).items():
                    within[word] = max(share, within.get(word, 0.0))
            for word, share in within.items():
                shares[word] = shares.get(word, 0.0) + share / len(network.entries)
        known[network] = shares
    return known[network]


def _contents(entry: Node) -> tuple[set[str], set[Network]]:
    """The words of an entry, and the networks that it calls."""
    words: set[str] = set()
    called: set[Network] = set()
    seen, waiting = {entry}, [entry]
    while waiting:
        for label, target, *_ in waiting.pop().arcs:
            if isinstance(label, Caller):
                called.add(label.network)
            else:
                words.add(label)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return words, called

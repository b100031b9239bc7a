"""How often a sentence with one wrong word is still proposed, and how often other speech is.

Home Assistant's test sentences, all of them in one house, and the test sentences of the shipped
intents. A damaged sentence that is another sentence of the graph is left out: nothing is
approximate about it. By a hash of its text, each sentence is for decisions ('dev') or for the
figures ('test').
"""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from assistant.intents.approximate import (
    MINIMUM_SCORE,
    NEAR_TIE,
    Proposal,
    Proposer,
    is_near_tie,
)
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import ListValue, SlotList, SourceFile
from assistant.intents.words import normalise
from assistant.recognizers.dictionary import packaged_dictionary
from assistant.turn import Match
from scripts.benchmarks import coffee, damage, home_assistant, household
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Share, Table, percent, percentile

Split: TypeAlias = Literal["dev", "test"]

ROOT = Path(__file__).parents[2]
EVERYDAY = Path(__file__).with_name("everyday.txt")
COFFEE_SENTENCES = 100
LIMIT = 3
SEED = 20_240_501


@dataclass(frozen=True)
class Trial:
    """A damaged sentence, what the whole one means, and what was proposed."""

    meant: tuple[Match, ...]
    said: str
    proposals: tuple[Proposal, ...]
    seconds: float

    @property
    def right_intent(self) -> bool:
        """Whether the intent of the best is right."""
        return bool(self.proposals) and self.proposals[0].intent == self.meant[0].intent

    @property
    def rank(self) -> int | None:
        """Where intents and slots are right, from 0; None for nowhere."""
        wanted = _meaning(self.meant)
        ranks = (n for n, one in enumerate(self.proposals) if _meaning(one.matches) == wanted)
        return next(ranks, None)


def _meaning(matches: Sequence[Match]) -> list[tuple[str, dict[str, Any]]]:
    return [(match.intent, dict(match.values())) for match in matches]


def try_all(
    graph: IntentGraph,
    proposer: Proposer,
    sentences: Iterable[str],
    harm: damage.Damage,
    minimum_score: float = MINIMUM_SCORE,
) -> Iterator[Trial]:
    """Damage each sentence and ask for proposals."""
    for text in sentences:
        meant = graph.understand(text)
        damaged = harm(normalise(text), random.Random(f"{SEED} {text}"))
        if not meant or damaged is None or graph.understand(said := " ".join(damaged)):
            continue
        began = time.perf_counter()
        proposals = proposer.propose(said, limit=LIMIT, minimum_score=minimum_score)
        yield Trial(meant, said, proposals, time.perf_counter() - began)


def part_of(sentences: Iterable[str], split: Split) -> list[str]:
    """The half of the sentences for decisions, or that for figures."""
    wanted = split == "test"
    return [text for text in dict.fromkeys(sentences) if zlib.crc32(text.encode()) % 2 == wanted]


def shipped() -> tuple[IntentGraph, list[str]]:
    """The shipped intents, and what their tests say."""
    paths = sorted((ROOT / "intents" / "en").glob("*.yaml"))
    files = [SourceFile(path.name, path.read_text(encoding="utf-8")) for path in paths]
    intent_set = load_intents(files, BUILTIN_ACTIONS)
    said = [
        test.say
        for intent in intent_set.intents.values()
        for test in intent.tests
        if not test.negative
    ]
    return compile_intents(intent_set), said


def one_house(data: Path) -> tuple[IntentGraph, list[str]]:
    """Home Assistant's intents with the names of all test files together, and what these say."""
    home = home_assistant.House(data)
    texts: list[str] = []
    lists: dict[str, SlotList] = {}
    values: dict[str, dict[str, ListValue]] = {}
    for _, sentences in home.sentences():
        texts += [one.text for one in sentences]
        for name, one in sentences[0].house.items() if sentences else ():
            lists[name] = one
            known = values.setdefault(name, {})
            known.update((repr((each.value, each.context)), each) for each in one.values)
    merged = {
        name: replace(one, values=tuple(values[name].values())) for name, one in lists.items()
    }
    return home.graph(merged), texts


def other_speech(data: Path) -> dict[str, list[str]]:
    """Sentences that are no command here: everyday ones, and orders of coffee if there are any."""
    found = {"everyday": EVERYDAY.read_text(encoding="utf-8").split("\n")[:-1]}
    folder = data.parent / "speech-to-intent"
    if folder.is_dir():
        orders = household.sentences(coffee.intents(folder), COFFEE_SENTENCES)
        found["coffee"] = [text for _, text in orders]
    return found


def measure(data: Path, split: Split = "test") -> tuple[list[str | Table], dict[str, Any]]:
    """Measure with Home Assistant's sentences in a folder, and with the shipped ones.

    The orders of coffee are in a folder beside it.
    """
    why_not = home_assistant.missing()
    houses = {} if why_not else {"Home Assistant": one_house(data)}
    houses["shipped"] = shipped()
    pronounce = packaged_dictionary().phones
    harms: dict[str, damage.Damage] = {
        "dropped": damage.dropped,
        "swapped": damage.swapped,
        "misheard": damage.mishearing(),
    }
    trials: dict[tuple[str, str], list[Trial]] = {}
    others: dict[tuple[str, str], Share] = {}
    for name, (graph, said) in track(houses.items(), "approximate", len(houses)):
        proposer = Proposer(graph, pronounce)
        for harm, function in harms.items():
            trials[name, harm] = list(try_all(graph, proposer, part_of(said, split), function))
        for kind, texts in other_speech(data).items():
            no_commands = [text for text in part_of(texts, split) if not graph.understand(text)]
            count = sum(bool(proposer.propose(text)) for text in no_commands)
            others[name, kind] = Share(count, len(no_commands))
    parts = [*([why_not] if why_not else []), *_parts(trials, others, split)]
    return parts, _figures(trials, others)


def _parts(
    trials: Mapping[tuple[str, str], list[Trial]],
    others: Mapping[tuple[str, str], Share],
    split: Split,
) -> list[str | Table]:
    columns = ("sentences", "a word", "tried", "intent first", "first", "in three", "nothing")
    rows = tuple(
        (
            *key,
            f"{len(found):,}",
            *(percent(count / max(1, len(found))) for count in _counts(found).values()),
        )
        for key, found in trials.items()
    )
    everything = [trial for found in trials.values() for trial in found]
    seconds = [trial.seconds for trial in everything] or [0.0]
    proposed = [trial for trial in everything if trial.proposals]
    tied = [trial for trial in proposed if is_near_tie(trial.proposals)]
    apart = [trial for trial in proposed if not is_near_tie(trial.proposals)]
    text = (
        f"Sentences with one wrong word, of the half '{split}' by a hash of their text: 'dev' is "
        f"for decisions, 'test' for the figures. First and in three: intent and slots as of the "
        f"whole sentence. A dropped word may be the very value of a slot, which nobody can guess; "
        f"sentences that take any words are never proposed. "
        f"Scores are at least {MINIMUM_SCORE}."
    )
    ties = (
        f"Near ties (less than {NEAR_TIE} between two meanings): {Share(len(tied), len(proposed))} "
        f"of all best proposals; of them {Share(_first(tied), len(tied))} are right, of the others "
        f"{Share(_first(apart), len(apart))}. A search takes {percentile(seconds, 50) * 1000:.0f} "
        f"ms by the clock, the 99th of a hundred {percentile(seconds, 99) * 1000:.0f} ms."
    )
    speech = Table(
        ("other speech", "with", "like a sentence"),
        tuple((kind, name, str(share)) for (name, kind), share in others.items()),
    )
    return [text, Table(columns, rows), ties, speech]


def _figures(
    trials: Mapping[tuple[str, str], list[Trial]], others: Mapping[tuple[str, str], Share]
) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for (name, harm), found in trials.items():
        prefix = f"approximate_{name}_{harm}".replace(" ", "_").lower()
        figures |= {f"{prefix}_{what}": count for what, count in _counts(found).items()}
        figures[f"{prefix}_tried"] = len(found)
    for (name, kind), share in others.items():
        prefix = f"approximate_{name}_{kind}".replace(" ", "_").lower()
        figures[prefix] = share.plain()
    seconds = [trial.seconds for found in trials.values() for trial in found] or [0.0]
    figures["approximate_median_seconds"] = round(percentile(seconds, 50), 4)
    figures["approximate_p99_seconds"] = round(percentile(seconds, 99), 4)
    return figures


def _counts(trials: Sequence[Trial]) -> dict[str, int]:
    return {
        "intent_first": sum(trial.right_intent for trial in trials),
        "first": _first(trials),
        "in_three": sum(trial.rank is not None for trial in trials),
        "nothing": sum(not trial.proposals for trial in trials),
    }


def _first(trials: Sequence[Trial]) -> int:
    return sum(trial.rank == 0 for trial in trials)

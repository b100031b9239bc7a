"""How long a recognizer takes to listen for something else: the answers to a question, and back."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from assistant.config import Settings, load_settings
from assistant.domains import DomainFiles, separated, spoken_grammars
from assistant.engines import answer_grammar, spoken_grammar
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.pipelines import build_pipeline
from assistant.ports import Grammar, Recognizer
from assistant.recognizers.grammar import compile_grammar
from scripts.benchmarks import household, stock
from scripts.benchmarks.tables import Table

ROUNDS = 9
TARGET_MILLISECONDS = 50
NAMES = (10, 100, 1000)
WHICH_ONE = ["set a timer for ten minutes", "set a timer for two minutes"]
ABOUT = (
    f"Narrowing: CPU until a recognizer hears another grammar, median and most of {ROUNDS} times, "
    "after the grammar of the shipped intents; 'and back' is that grammar again. The last rows are "
    "the pipeline's own changes: to commands and answers together, as after a question, and to the "
    "commands of some intents, as after another wake word. Target: less than "
    f"{TARGET_MILLISECONDS} ms."
)
WORDS = "wake: {words: {hey_jarvis: , alexa: {intents: [clock]}}}"


@dataclass(frozen=True)
class Narrowed:
    """Milliseconds of CPU: into the grammar, and back."""

    states: int
    median: float
    most: float
    back: float


def measure(make_recognizer: Callable[[], Recognizer]) -> dict[str, Narrowed]:
    """Change from the shipped intents to each grammar, and back, again and again."""
    recognizer = make_recognizer()
    understanding = stock.understanding()
    whole, answers = spoken_grammar(understanding), answer_grammar(understanding)
    small = {"which of two sentences": of_sentences(WHICH_ONE)}
    if answers is not None:
        small = {'"yes", "no", "the second one"': answers} | small
    for count in NAMES:
        small[f"the names of a list of {count:,}"] = of_sentences(_names(count))
    found = {name: _change(recognizer, whole, grammar) for name, grammar in small.items()}
    pipeline = build_pipeline(Settings(), recognizer, wake=False)
    pipeline.use(whole, answers)
    found["the pipeline, after a question"] = _there_and_back(
        len(whole.arcs), pipeline.listen_for_answer, pipeline.listen
    )
    found["the pipeline, after another wake word"] = _another_word(recognizer)
    return found


def _another_word(recognizer: Recognizer) -> Narrowed:
    """Change from the domain of one wake word to that of another, and back."""
    settings = load_settings(WORDS, "wake words")
    domains = DomainFiles(settings, stock.NO_FOLDERS).load(lambda *_: None)
    grammars, others = separated(spoken_grammars(settings, domains))
    ((name, (grammar, _)),) = others.items()
    pipeline = build_pipeline(settings, recognizer, wake=False, recognizers={name: recognizer})
    pipeline.use(*grammars, others)
    return _there_and_back(len(grammar.arcs), lambda: pipeline.listen(name), pipeline.listen)


def table(narrowed: Mapping[str, Narrowed]) -> Table:
    """A row each."""
    rows = [
        (
            name,
            f"{one.states:,}",
            f"{one.median:.1f} ms",
            f"{one.most:.1f} ms",
            f"{one.back:.1f} ms",
        )
        for name, one in narrowed.items()
    ]
    return Table(("to", "states", "median", "most", "and back"), tuple(rows))


def of_sentences(sentences: Sequence[str]) -> Grammar:
    """A grammar of just these sentences."""
    text = yaml.safe_dump({"intents": {"Say": {"sentences": list(sentences), "reply": "ok"}}})
    intents = load_intents([SourceFile("sentences.yaml", text)], BUILTIN_ACTIONS)
    return compile_grammar(compile_intents(intents))


def _names(count: int) -> list[str]:
    return household.make(1, count, household.dictionary_word).lists["name"]


def _change(recognizer: Recognizer, whole: Grammar, small: Grammar) -> Narrowed:
    recognizer.use(whole)
    return _there_and_back(
        len(small.arcs), lambda: recognizer.use(small), lambda: recognizer.use(whole)
    )


def _there_and_back(
    states: int, there: Callable[[], object], and_back: Callable[[], object]
) -> Narrowed:
    forth, back = [], []
    for _ in range(ROUNDS):
        forth.append(_milliseconds(there))
        back.append(_milliseconds(and_back))
    return Narrowed(states, statistics.median(forth), max(forth), statistics.median(back))


def _milliseconds(function: Callable[[], object]) -> float:
    began = time.process_time()
    function()
    return (time.process_time() - began) * 1000

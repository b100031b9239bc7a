"""What is fed with made-up texts: each target takes any text, and raises nothing.

``scripts/fuzz`` makes texts of bytes, tests/intents/test_fuzz.py of what intent files hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from assistant.errors import IntentError, Problem
from assistant.intents.approximate import Proposer
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.circumstances import Circumstances
from assistant.intents.explanation import explain
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.intents.overlaps import find_overlaps
from assistant.intents.selftest import run_tests
from assistant.intents.vocabulary import sounds_like, word_places
from assistant.recognizers.grammar import compile_grammar
from assistant.values import plain
from assistant.yamlsource import parse_any

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = """
lists:
  area: {values: [kitchen, living room, {in: "[the] (hall|hallway)", out: hall}], all: all areas}
  level: {range: {from: 0, to: 100, step: 5}}
  half: {range: {from: 1, to: 5, fractions: halves}}
  any: {wildcard: true}
expansion_rules: {the: "(the|my)", maybe: "[a [b]]", in: "in <the> {area}"}
skip_words: [please, for me]
connectives: {joining: [and, and then], excepting: [except], articles: [the], pronouns: [it]}
"""
SAID = (
    "turn on the kitchen and the hall", "please b a for me", "and and and", "a a a a b",
    "five 1/2 30% 7:30 a.m. 3rd İß½ \u0301\u200f\U0001f600",
)  # fmt: skip
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class WrongError(Exception):
    """A target did what it should not."""


def file(text: str, said: Iterable[str] = SAID) -> None:
    """Load, compile and test an intent file, and say texts to it; or it has problems.

    Every problem, mistake or warning, is at a place within the file.
    """
    try:
        intents = load_intents([SourceFile("a.yaml", text)], BUILTIN_ACTIONS)
        graph = compile_intents(intents)
        compile_grammar(graph)
    except IntentError as error:
        demand(bool(error.problems), "an IntentError without a problem")
        within(text, error.problems)
        return
    within(text, [*intents.warnings, *run_tests(intents, graph), *find_overlaps(graph)])
    words = sorted(graph.network.begins)[:5]
    word_places(intents, [*words, "kitchens"])
    sounds_like(intents)
    proposer = Proposer(graph)
    for one in (*said, " ".join(words), " ".join(words * 10)):
        understood(proposer, one)


def template(text: str) -> None:
    """The only sentence of a file with lists and rules."""
    file(f"intents:\n  A:\n    reply: x\n    sentences: [{json.dumps(text)}]{SHARED}")


def text(said: str) -> None:
    """What is said to the shipped sentences of each language."""
    for proposer in shipped():
        understood(proposer, said)


def yaml(text: str) -> None:
    """A tree of texts, or it has problems."""
    problems: list[Problem] = []
    demand(parse_any(text, "a.yaml", problems) is not None or bool(problems), "neither")
    within(text, problems)


TARGETS: Mapping[str, Callable[[str], None]] = {
    "file": file, "template": template, "text": text, "yaml": yaml
}  # fmt: skip


@cache
def shipped() -> tuple[Proposer, ...]:
    """The shipped sentences of each language, compiled once."""
    found = []
    for folder in sorted((ROOT / "intents").iterdir()):
        files = [SourceFile(str(path), path.read_text("utf-8")) for path in folder.glob("*.yaml")]
        intents = load_intents(files, BUILTIN_ACTIONS, folder.name)
        found.append(Proposer(compile_intents(intents)))
    return tuple(found)


def understood(proposer: Proposer, said: str) -> None:
    """A text means something or nothing; and so does what it nearly is."""
    graph = proposer.graph
    matches = graph.understand(said)
    for match in matches:
        for slot in match.slots:
            demand(isinstance(plain(slot.value), str | int | float), f"a slot {slot!r}")
    graph.candidates(said)
    if matches:
        proposer.propose(said)
    explain(graph, said, Circumstances(), proposer.propose)


def within(text: str, problems: Iterable[Problem]) -> None:
    """Each problem is at a place of the text. Raises WrongError."""
    lines = _LINE_BREAK.split(text.removeprefix("\ufeff"))
    for problem in problems:
        place = problem.place
        demand(1 <= place.line <= len(lines), f"the line of {problem}")
        demand(1 <= place.column <= len(lines[place.line - 1]) + 1, f"the column of {problem}")
        demand(len(str(problem)) < 10_000 + 10 * len(problem.message), "a problem too long")


def demand(condition: bool, what: str) -> None:
    """Raise WrongError unless it is so."""
    if not condition:
        raise WrongError(what)

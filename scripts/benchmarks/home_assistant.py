"""Home Assistant's own sentences and tests, read with the assistant's own loader.

The folder has the layout of home-assistant/intents: ``sentences/en/INTENT/*.yaml`` and
``tests/en/INTENT/*.yaml``. Lists and rules are those of the package ``home-assistant-intents``.
Lists that take any text (wildcards) have no counterpart here: their sentences are left out, and
what is tested with them counts as not understood.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import SourceFile
from assistant.turn import SlotValue
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Share

PACKAGE = "home_assistant_intents"
_LIST = re.compile(r"\{(\w+)(?::\w+)?\}")
_RULE = re.compile(r"<(\w+)>")
_Document = Mapping[str, Any]


@dataclass
class Understood:
    """How many test sentences were understood: intent and slots, and intent alone."""

    missing: str = ""
    sentences: int = 0
    right: int = 0
    right_intent: int = 0
    with_wildcards: int = 0
    templates: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def parts(self) -> list[str]:
        """What is said of it in the report."""
        if self.missing:
            return [self.missing]
        left_out = ", ".join(f"{count} with {why}" for why, count in self.left_out.items())
        covered = Share(self.right, self.sentences - self.with_wildcards)
        text = (
            f"Of {self.sentences:,} test sentences of Home Assistant, "
            f"{Share(self.right, self.sentences)} are understood with the right intent and slots, "
            f"{self.right_intent:,} with the right intent. {self.with_wildcards:,} of them need a "
            f"slot that takes any text, which there is not here; of the others, {covered}. "
            f"{self.templates:,} templates are used, {left_out or 'none'} left out."
        )
        return [text]

    def figures(self) -> dict[str, Any]:
        """The same for JSON; no numbers where nothing was measured."""
        if self.missing:
            return {"sentences": None, "right": None, "not_measured": self.missing}
        return {
            "sentences": self.sentences,
            "right": self.right,
            "right_intent": self.right_intent,
            "sentences_with_wildcards": self.with_wildcards,
            "templates": self.templates,
            "templates_left_out": self.left_out,
        }


def measure(data: Path) -> Understood:
    """Load the sentences for each test file, with the names it declares, and say its sentences."""
    if importlib.util.find_spec(PACKAGE) is None:
        return Understood(
            "Home Assistant's test sentences were not measured: its lists and rules are in a "
            "package that is not installed: `pip install home-assistant-intents`."
        )
    shared = json.loads((importlib.resources.files(PACKAGE) / "data" / "en.json").read_text())
    wildcards = frozenset(name for name, one in shared["lists"].items() if one.get("wildcard"))
    blocks = list(_blocks(data / "sentences" / "en"))
    fixtures = _read(data / "tests" / "en" / "_fixtures.yaml")
    result = Understood()
    files = sorted((data / "tests" / "en").glob("*/*.yaml"))
    for path in track(files, "sentences", len(files)):
        tests = _read(path)
        graph = _compile(blocks, shared, wildcards, {**fixtures, **tests}, result)
        for test in tests["tests"]:
            expected = {name: _plain(value) for name, value in test.get("slots", {}).items()}
            for text in test["sentences"]:
                found, slots = _meaning(graph, text)
                result.sentences += 1
                result.right_intent += found == path.parent.name
                result.right += found == path.parent.name and _fits(slots, expected)
                result.with_wildcards += _needs_wildcard(path, blocks, wildcards)
    return result


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _blocks(folder: Path) -> Iterator[tuple[Path, _Document]]:
    """All blocks of sentences, each with its file."""
    for path in sorted(folder.glob("*/*.yaml")):
        for block in _read(path)["data"]:
            yield path, block


def _compile(
    blocks: list[tuple[Path, _Document]],
    shared: _Document,
    wildcards: frozenset[str],
    house: _Document,
    result: Understood,
) -> IntentGraph:
    lists = {
        name: converted
        for name, one in shared["lists"].items()
        if name not in wildcards and (converted := _list(one))
    }
    lists |= {
        name: {"values": [one["name"] for one in house[f"{name}s"]]} for name in ("area", "floor")
    }
    lists["name"] = {"values": [one["name"] for one in house["entities"]]}
    rules = shared["expansion_rules"]
    intents: dict[str, Any] = {}
    left_out: dict[str, int] = {}
    used = 0
    for path, block in blocks:
        sentences = []
        for sentence in block["sentences"]:
            why = _unusable(sentence, rules, lists, wildcards)
            if why:
                left_out[why] = left_out.get(why, 0) + 1
            else:
                sentences.append(sentence)
        domains = block.get("name_domains", "default")
        named = {} if domains == "default" else {"name": _names(house, domains)}
        if not sentences or named.get("name") == {"values": []}:
            continue  # nothing of that kind is in this house
        used += len(sentences)
        slots = {"domain": block["inferred_domain"]} if "inferred_domain" in block else {}
        entry = {"sentences": sentences, "slots": slots, "lists": named}
        intents.setdefault(path.parent.name, {"reply": "yes", "data": []})["data"].append(
            {key: value for key, value in entry.items() if value}
        )
    result.templates, result.left_out = max(used, result.templates), left_out
    document = {
        "intents": intents,
        "lists": lists,
        "expansion_rules": rules,
        "skip_words": shared["skip_words"],
    }
    text = json.dumps(document, indent=0, ensure_ascii=False)  # which is YAML, and soon written
    return compile_intents(load_intents([SourceFile("intents.yaml", text)], BUILTIN_ACTIONS))


def _list(one: _Document) -> dict[str, Any] | None:
    """A list in the assistant's words."""
    if "values" in one:
        values = [
            value if isinstance(value, str) else {"in": value["in"], "out": value["out"]}
            for value in one["values"]
        ]
        return {"values": values}
    numbers = one["range"]
    first, last, step = numbers["from"], numbers["to"], numbers.get("step", 1)
    factor = numbers.get("multiplier", 1)
    values = [{"in": str(n), "out": n * factor} for n in range(first, last + 1, step)]
    if numbers.get("fractions") == "halves":
        values += [{"in": f"{n}.5", "out": (n + 0.5) * factor} for n in range(first, last)]
    return {"values": values}


def _names(house: _Document, domains: list[str]) -> dict[str, Any]:
    """The entities of some domains: by ``domain``, or by the beginning of ``id``."""
    return {
        "values": [
            one["name"]
            for one in house["entities"]
            if (one.get("domain") or one.get("id", "").partition(".")[0]) in domains
        ]
    }


def _unusable(
    sentence: str, rules: Mapping[str, str], lists: _Document, wildcards: frozenset[str]
) -> str:
    """Why a sentence is left out; '' when it is not."""
    waiting, named = [sentence], set()
    while waiting:
        text = waiting.pop()
        named.update(_LIST.findall(text))
        for rule in _RULE.findall(text):
            if rule not in rules:
                return "a rule that is not in the package"
            waiting.append(rules[rule])
    if named & wildcards:
        return "a slot that takes any text"
    return "" if named <= lists.keys() else "a list that is not in the package"


def _needs_wildcard(
    path: Path,
    blocks: list[tuple[Path, _Document]],
    wildcards: frozenset[str],
) -> bool:
    """Whether the sentences that the test file is for have such a slot."""
    of_file = [block for where, block in blocks if where.parts[-2:] == path.parts[-2:]]
    return any(
        name in wildcards for b in of_file for s in b["sentences"] for name in _LIST.findall(s)
    )


def _meaning(graph: IntentGraph, text: str) -> tuple[str, dict[str, SlotValue]]:
    match = graph.match(text)
    return (match.intent, match.values()) if match else ("", {})


def _plain(value: Any) -> SlotValue:
    plain: SlotValue = value["value"] if isinstance(value, dict) else value
    return plain


def _fits(found: Mapping[str, SlotValue], expected: Mapping[str, SlotValue]) -> bool:
    """Every slot as expected and no other; the domain, which is not said, only where expected."""
    if found.keys() - {"domain"} != expected.keys() - {"domain"}:
        return False
    return all(_same(found.get(name), value) for name, value in expected.items())


def _same(found: SlotValue | None, expected: SlotValue) -> bool:
    if isinstance(found, str) and isinstance(expected, str):
        return found.casefold() == expected.casefold()
    return found == expected

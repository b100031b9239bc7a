"""Home Assistant's own sentences and tests, read as they are with the assistant's own loader.

The folder has the layout of home-assistant/intents: ``sentences/en/INTENT/*.yaml`` and
``tests/en/INTENT/*.yaml``. Lists and rules are those of the package ``home-assistant-intents``; the
names of areas, floors and things, which Home Assistant knows from its devices, are those that each
test file declares, or else ``_fixtures.yaml``.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import IntentGraph, compile_intents
from assistant.intents.model import IntentSet, SlotList, SourceFile
from assistant.values import SlotValue, plain
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Share

PACKAGE = "home_assistant_intents"
_Document = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """A sentence of the tests, with what it means and the house in which it is said."""

    text: str
    intent: str
    slots: Mapping[str, SlotValue]
    house: Mapping[str, SlotList]


@dataclass
class Understood:
    """How many test sentences were understood: intent and slots, and intent alone."""

    missing: str = ""
    sentences: int = 0
    right: int = 0
    right_intent: int = 0
    templates: int = 0
    wrong: list[str] = field(default_factory=list)

    def parts(self) -> list[str]:
        """What is said of it in the report."""
        if self.missing:
            return [self.missing]
        text = (
            f"Home Assistant's {self.templates:,} English sentence templates load as they are. Of "
            f"{self.sentences:,} of its test sentences, {Share(self.right, self.sentences)} are "
            f"understood with the right intent and slots, {self.right_intent:,} with the right "
            "intent. Which of several readings wins was decided with these sentences."
        )
        return [text, *(["Not so: " + "; ".join(self.wrong) + "."] if self.wrong else [])]

    def figures(self) -> dict[str, Any]:
        """The same for JSON; no numbers where nothing was measured."""
        if self.missing:
            return {"sentences": None, "right": None, "not_measured": self.missing}
        return {
            "sentences": self.sentences,
            "right": self.right,
            "right_intent": self.right_intent,
            "templates": self.templates,
            "wrong": self.wrong,
        }


class House:
    """Home Assistant's intents. ``graph`` compiles them with the names of one house."""

    def __init__(self, data: Path) -> None:
        package = importlib.resources.files(PACKAGE) / "data" / "en.json"
        shared = json.loads(package.read_text())
        shared = {key: shared[key] for key in ("lists", "expansion_rules", "skip_words")}
        self.shared: dict[str, Any] = shared
        self.fixtures = _read(data / "tests" / "en" / "_fixtures.yaml")
        self.files = sorted((data / "sentences" / "en").glob("*/*.yaml"))
        files = [SourceFile(str(path), path.read_text(encoding="utf-8")) for path in self.files]
        files += [SourceFile("shared.yaml", json.dumps(shared, ensure_ascii=False))]
        files += [SourceFile("house.yaml", json.dumps({"lists": _names(self.fixtures)}))]
        self.intents: IntentSet = load_intents(files, BUILTIN_ACTIONS)
        self.tests = sorted((data / "tests" / "en").glob("*/*.yaml"))

    def sentences(self) -> Iterator[tuple[Path, list[Sentence]]]:
        """Every sentence of each file of tests."""
        for path in self.tests:
            tests = _read(path)
            house = _lists({**self.fixtures, **tests})
            yield (
                path,
                [
                    Sentence(text, path.parent.name, slots, house)
                    for test in tests["tests"]
                    for slots in [{n: _plain(v) for n, v in test.get("slots", {}).items()}]
                    for text in test["sentences"]
                ],
            )

    def graph(self, house: Mapping[str, SlotList]) -> IntentGraph:
        """Compile all sentences with these names."""
        return compile_intents(replace(self.intents, lists={**self.intents.lists, **house}))

    def for_hassil(self) -> dict[str, Any]:
        """As hassil wants it: what Home Assistant makes of the same files when it starts."""
        intents: dict[str, Any] = {}
        for path in self.files:
            for block in _read(path)["data"]:
                domains = block.get("name_domains")
                if isinstance(domains, list):
                    block["requires_context"] = {"domain": domains}
                intents.setdefault(path.parent.name, {"data": []})["data"].append(block)
        lists = {**self.shared["lists"], **_names(self.fixtures)}
        return {"language": "en", **self.shared, "intents": intents, "lists": lists}

    @property
    def templates(self) -> int:
        """How many sentence templates there are."""
        blocks = (block for one in self.intents.intents.values() for block in one.blocks)
        return sum(len(block.sentences) for block in blocks)


def missing() -> str:
    """Say why nothing can be measured; '' when it can."""
    if importlib.util.find_spec(PACKAGE) is not None:
        return ""
    return (
        "Home Assistant's test sentences were not measured: its lists and rules are in a "
        "package that is not installed: `pip install home-assistant-intents`."
    )


def measure(data: Path) -> Understood:
    """Say the sentences of each test file, with the names that it declares."""
    if why := missing():
        return Understood(why)
    home = House(data)
    result = Understood(templates=home.templates)
    for path, sentences in track(home.sentences(), "sentences", len(home.tests)):
        graph = home.graph(sentences[0].house) if sentences else None
        for one in sentences if graph else ():
            match = graph.match(one.text) if graph else None
            intent, slots = (match.intent, match.values()) if match else ("", {})
            right = intent == one.intent and fits(slots, one.slots)
            result.sentences += 1
            result.right_intent += intent == one.intent
            result.right += right
            if not right:
                means = f"{intent} {_shown(slots)}" if intent else "nothing"
                where = f"{path.parent.name}/{path.stem}"
                result.wrong.append(f"'{one.text}' ({where} {_shown(one.slots)}) means {means}")
    return result


def fits(found: Mapping[str, SlotValue], expected: Mapping[str, SlotValue]) -> bool:
    """Every slot as expected and no other; the domain, which is not said, only where expected."""
    if found.keys() - {"domain"} != expected.keys() - {"domain"}:
        return False
    return all(_same(found.get(name), value) for name, value in expected.items())


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _names(house: _Document) -> dict[str, Any]:
    """The lists that Home Assistant fills itself. A thing's name wins over an area's, as there."""
    lists: dict[str, Any] = {
        name: {"values": [_escaped(one["name"]) for one in house.get(f"{name}s", ())] or ["?none"]}
        for name in ("area", "floor")
    }
    things = [
        {"in": _escaped(one["name"]), "out": one["name"], "context": {"domain": _domain(one)}}
        for one in house["entities"]
    ]
    lists["name"] = {"preferred": True, "values": things}
    return lists


def _lists(house: _Document) -> Mapping[str, SlotList]:
    file = {"lists": _names(house), "intents": {"Any": {"sentences": ["{area} {floor} {name}"]}}}
    return load_intents([SourceFile("house.yaml", json.dumps(file))], BUILTIN_ACTIONS).lists


def _domain(thing: _Document) -> str:
    return str(thing.get("domain") or thing.get("id", "").partition(".")[0])


def _escaped(name: str) -> str:
    return re.sub(r"([\\()\[\]{}<>|;])", r"\\\1", name)


def _shown(slots: Mapping[str, SlotValue]) -> str:
    return "{" + ", ".join(f"{name}: {plain(value)}" for name, value in slots.items()) + "}"


def _plain(value: Any) -> SlotValue:
    written: SlotValue = value["value"] if isinstance(value, dict) else value
    return written


def _same(found: SlotValue | None, expected: SlotValue) -> bool:
    if isinstance(found, str) and isinstance(expected, str):
        return found.casefold() == expected.casefold()
    return found == expected

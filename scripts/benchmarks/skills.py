"""``skills``: what the skills cost that not every home uses, in the grammar and in memory."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from random import Random

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding, spoken_grammar
from assistant.intentfiles import IntentFiles
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.model import SourceFile
from assistant.measuring.sentences import commands
from assistant.recognizers.grammar import compile_grammar
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from scripts.benchmarks import others
from scripts.benchmarks.coffee import SPOKEN, Clip
from scripts.benchmarks.hearing import Ears, Heard, hear_all, in_noise
from scripts.benchmarks.machine import resident_megabytes
from scripts.benchmarks.stock import NO_FOLDERS
from scripts.benchmarks.tables import Report, Share, Table
from scripts.benchmarks.workers import alone

SKILLS = {
    "lists": ("lists", "groceries"),
    "calculator": ("calculator",),
    "units": ("units",),
    "chance": ("chance",),
    "spelling": ("spelling",),
    "alarms": ("alarms", "reminders", "later", "timer_changes"),
}
"""Files of each skill, by the names they have in every language."""

ALL = tuple(name for names in SKILLS.values() for name in names)
LANGUAGES = ("en", "de")
SPOKEN_COMMANDS = 64
NOISE_DECIBELS = 12
SEED = 7

ABOUT = (
    "What the skills add to the shipped intents: arcs of the grammar in each language, and for "
    "PocketSphinx (English) the CPU until it has taken the grammar and the memory of a process "
    "with its model, the intents and that grammar. Each row in a process of its own."
)
ABOUT_HEARING = (
    f"{SPOKEN_COMMANDS} sentences of the other intents, and as many of the skills, made up at "
    f"random and synthesised (all voices in turn), clean and in noise of {NOISE_DECIBELS} dB, "
    "before rejection. Synthesised speech compares grammars and says nothing of people."
)
ABOUT_PINT = "The first conversion: what pint costs a process that has numpy already."


@dataclass(frozen=True)
class Cost:
    """CPU and memory (MB) of something."""

    cpu_seconds: float
    memory: float


def files(language: str, without: Collection[str] = ()) -> list[SourceFile]:
    """The shipped intent files, without some of them."""
    settings = Settings.model_validate({"intents": {"language": language}})
    read = IntentFiles(settings, NO_FOLDERS).read()
    return [file for file in read if PurePath(file.path).stem not in without]


def understanding(without: Collection[str] = (), language: str = "en") -> Understanding:
    """Compile them."""
    settings = Settings.model_validate({"intents": {"language": language}})
    return make_understanding(
        settings, load_intents(files(language, without), BUILTIN_ACTIONS, language)
    )


def rows() -> dict[str, tuple[str, ...]]:
    """What is measured: the files that are left out, by name."""
    with_one = {
        f"with {skill}": tuple(name for name in ALL if name not in names)
        for skill, names in SKILLS.items()
    }
    return {"none of them": ALL, **with_one, "all of them": ()}


def arcs(language: str, without: Collection[str]) -> int:
    """Arcs of the grammar of what can be said at any time."""
    return sum(map(len, spoken_grammar(understanding(without, language)).arcs))


def taken(without: Collection[str]) -> Cost:
    """Let a recognizer take the grammar."""
    recognizer = PocketSphinxRecognizer()
    grammar = spoken_grammar(understanding(without))
    began = time.process_time()
    recognizer.use(grammar)
    return Cost(time.process_time() - began, resident_megabytes())


def first_conversion(*, all_units: bool) -> Cost:
    """Convert once, with the units of a home or with all that pint knows."""
    importlib.import_module("numpy")  # the assistant has it, and pint would load it

    before, began = resident_megabytes(), time.process_time()
    if all_units:
        import pint

        pint.UnitRegistry().Quantity(2, "pound").to("gram")
    else:
        from assistant.actions import conversion

        conversion.converted(2, "pound", "gram")
    return Cost(time.process_time() - began, resident_megabytes() - before)


def measure(data: Path, *, jobs: int) -> Report:
    """Everything."""
    costs = {name: alone(taken, without) for name, without in rows().items()}
    counted = {
        name: tuple(arcs(language, without) for language in LANGUAGES)
        for name, without in rows().items()
    }
    heard = _hearing(data, jobs)
    pint = {
        "units of a home": alone(partial(first_conversion, all_units=False)),
        "all of pint's": alone(partial(first_conversion, all_units=True)),
    }
    figures = {
        "costs": {name: vars(one) | dict(zip(LANGUAGES, counted[name], strict=True))
                  for name, one in costs.items()},
        "heard": {name: {kind: one.plain() for kind, one in shares.items()}
                  for name, shares in heard.items()},
        "pint": {name: vars(one) for name, one in pint.items()},
    }  # fmt: skip
    parts = (
        ABOUT,
        Table(
            ("skills", *(f"arcs ({language})" for language in LANGUAGES), "use", "memory"),
            tuple(
                (name, *(f"{count:,}" for count in counted[name]), *_told(one))
                for name, one in costs.items()
            ),
        ),
        ABOUT_HEARING,
        Table(
            ("said, with", "right, clean", f"right, {NOISE_DECIBELS} dB"),
            tuple((name, *map(str, shares.values())) for name, shares in heard.items()),
        ),
        ABOUT_PINT,
        Table(
            ("registry", "CPU", "memory"), tuple((name, *_told(one)) for name, one in pint.items())
        ),
    )
    return Report("skills", "Skills", parts, figures)


def _told(cost: Cost) -> tuple[str, str]:
    return f"{cost.cpu_seconds * 1000:.0f} ms", f"{cost.memory:.0f} MB"


def _hearing(data: Path, jobs: int) -> dict[str, dict[str, Share]]:
    """Share of sentences heard right, by what was said and what was listened for."""
    skilled = understanding()
    plain = {sentence.intent for sentence in understanding(ALL).graph.sentences}
    plain -= skilled.answers().keys()
    new = {sentence.intent for sentence in skilled.graph.sentences} - plain
    new -= skilled.answers().keys()
    with tempfile.TemporaryDirectory(prefix="assistant-bench-") as folder:
        said = {name: _spoken(skilled, intents, Path(folder) / name)
                for name, intents in (("other", plain), ("skills", new))}  # fmt: skip
        return {
            "other intents, no skills": _right(said["other"], ALL, data, jobs),
            "other intents, all skills": _right(said["other"], (), data, jobs),
            "skills, all skills": _right(said["skills"], (), data, jobs),
        }


def _spoken(known: Understanding, intents: Collection[str], folder: Path) -> list[Clip]:
    folder.mkdir()
    grammars = [compile_grammar(known.graph, [intent]) for intent in sorted(intents)]
    pick = Random(SEED).randrange
    texts = commands([one for one in grammars if one.final], SPOKEN_COMMANDS, pick)
    return others.spoken(texts, SPOKEN, folder)


def _right(
    clips: Sequence[Clip], without: Collection[str], data: Path, jobs: int
) -> dict[str, Share]:
    ears = Ears("PocketSphinx", PocketSphinxRecognizer, partial(understanding, without))
    noisy = in_noise(list(clips), [NOISE_DECIBELS])
    heard: list[Heard] = hear_all(ears, [*clips, *noisy], data, jobs)
    kinds = {"clean": None, "noise": NOISE_DECIBELS}
    return {
        kind: Share(sum(one.right for one in of_kind), len(of_kind))
        for kind, decibels in kinds.items()
        for of_kind in [[one for one in heard if one.clip.decibels == decibels]]
    }

"""For the tests of a skill: says a sentence to it, and runs its tests where there is no pytest."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.actions.bridge import result_of
from assistant.actions.skills import Skills
from assistant.config import Settings
from assistant.engines import make_understanding
from assistant.errors import IntentError, Place, Problem
from assistant.events import Understood
from assistant.intentfiles import IntentFiles
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.selftest import run_tests
from assistant.paths import Paths
from assistant.skillchecks import check_skill
from assistant.skillfolders import SkillFolder
from assistant.skillhouse import SkillUse, call_skill, skill_calls, task_of
from assistant.turn import Transcript
from assistant.typedvalues import to_json

if TYPE_CHECKING:
    from assistant.intents.model import IntentSet


def say(folder: Path, text: str, language: str = "en") -> str:
    """Say a sentence of a skill's intents, and return what is answered.

    The skill runs in a process of its own, as it does later. Raises AssertionError where the
    sentence is none of its own, IntentError where its intents have mistakes, and ActionError where
    the skill fails.
    """
    skill = SkillFolder(folder.name, folder)
    settings = settings_in(language)
    understanding = make_understanding(settings, intents_of(skill, language))
    event = understanding.understand(Transcript(text, 1.0))
    matches = event.matches if isinstance(event, Understood) else ()
    calls = skill_calls(understanding.intents)
    if not matches or matches[0].intent not in calls:
        raise AssertionError(f"no intent of '{folder.name}' that a skill does understands '{text}'")
    match = matches[0]
    use = SkillUse(skill, task_of(match.intent, calls[match.intent], language, settings))
    slots = {slot.name: to_json(slot.value) for slot in match.slots}

    async def ask() -> str:
        with tempfile.TemporaryDirectory(prefix="assistant-skill-") as kept:
            skills = Skills(lambda _: Path(kept))
            try:
                answer = await call_skill(skills, use, slots, match.text)
            finally:
                await skills.close()
        return understanding.reply(match, result_of(answer))

    return asyncio.run(ask())


def problems_of(skill: SkillFolder) -> Iterator[Problem]:
    """Check its settings, its program, its intents in all languages, and the tests in them."""
    calls = []
    readable = True
    languages = skill.languages()
    if not languages:
        place = Place(str(skill.path), 1, 1)
        yield Problem("it has no intents", place, f"write {skill.path}/intents/en.yaml")
    for language in languages:
        try:
            intents = intents_of(skill, language)
        except IntentError as error:
            yield from error.problems
            readable = False
            continue
        own = skill_calls(intents)
        calls += list(own.items())
        for call in own.values():
            if call.skill != skill.name:
                yield Problem(f"the name of this skill is '{skill.name}'", call.place)
        graph = make_understanding(settings_in(language), intents).graph
        yield from run_tests(intents, graph)
        yield from intents.warnings
    yield from (one for one in check_skill(skill, calls) if readable or not one.warning)


def intents_of(skill: SkillFolder, language: str) -> IntentSet:
    """Read the intents of a skill and nobody else's. Raises IntentError."""
    places = [place for place in skill.intents(language) if place.exists()]
    nowhere = Paths((), skill.path, skill.path)
    files = IntentFiles(settings_in(language), nowhere, places)
    return load_intents(files.read(), BUILTIN_ACTIONS, language)


def settings_in(language: str) -> Settings:
    """Return all default settings, in a language."""
    settings = Settings()
    intents = settings.intents.model_copy(update={"language": language})
    return settings.model_copy(update={"intents": intents})


def run_python_tests(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the functions ``test_…`` of the files ``test_….py``; yields names and tracebacks.

    A traceback is '' where the test holds.
    """
    sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:  # not of a file whose name ends in .py
            continue
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception:  # noqa: BLE001 - a test file that cannot be imported is one that fails
            yield path.name, traceback.format_exc()
            continue
        for name, function in list(vars(module).items()):
            if name.startswith("test_") and inspect.isfunction(function):
                yield f"{path.name}: {name}", _outcome(function)


def _outcome(function: object) -> str:
    try:
        function()  # type: ignore[operator]
    except Exception:  # noqa: BLE001 - whatever a test raises, it has failed
        return traceback.format_exc()
    return ""

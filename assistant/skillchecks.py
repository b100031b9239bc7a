"""Checks of skills: each is started once, and asked which intents it takes calls of."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.actions.skillprocess import BrokenSkillError, SkillProcess
from assistant.errors import ActionError, ConfigError, Place, Problem
from assistant.skillfolders import NAME, SOURCE, SkillFolder, find_skills
from assistant.skillhouse import skill_calls, spec_of

if TYPE_CHECKING:
    from assistant.intents.model import IntentSet
    from assistant.intents.skillcalls import SkillCall
    from assistant.paths import Paths

START_SECONDS = 30.0
"""For a skill to be imported."""


def check_skills(sets: Mapping[str, IntentSet], paths: Paths) -> list[Problem]:
    """Start every skill once; returns what is wrong, and warnings. ``sets`` are by language."""
    problems = list(_misnamed(paths))
    calls: dict[str, list[tuple[str, SkillCall]]] = {name: [] for name in find_skills(paths)}
    for intents in sets.values():
        for intent, call in skill_calls(intents).items():
            calls.setdefault(call.skill, []).append((intent, call))
    for folder in find_skills(paths).values():
        problems += check_skill(folder, calls[folder.name])
    return problems


def check_skill(folder: SkillFolder, calls: list[tuple[str, SkillCall]]) -> list[Problem]:
    """Start a skill once, and compare what it takes with what the intents ask of it."""
    try:
        folder.manifest()
        functions = asyncio.run(_functions_of(folder))
    except ConfigError as error:
        return error.problems
    except BrokenSkillError as error:
        return [Problem(error.message, _place(folder.source, error.line), error.hint)]
    except ActionError as error:
        return [Problem(error.message, _place(folder.source, 1), error.hint)]
    lacking = [
        Problem(
            f"the skill '{folder.name}' has no function for '{intent}'",
            call.place,
            f'write @intent("{intent}") above one, in {folder.source}',
        )
        for intent, call in calls
        if intent not in functions
    ]
    unused = sorted(functions - {intent for intent, _ in calls})
    return lacking + [
        Problem(f"no intent asks the skill for '{name}'", _place(folder.source, 1), warning=True)
        for name in unused
    ]


async def _functions_of(folder: SkillFolder) -> set[str]:
    with tempfile.TemporaryDirectory(prefix="assistant-skill-") as empty:
        try:
            async with asyncio.timeout(START_SECONDS):
                process = await SkillProcess.start(spec_of(folder), Path(empty))
        except TimeoutError as error:
            raise ActionError(
                f"the {folder.name} skill has failed: it took longer than {START_SECONDS:g} seconds"
                " to be imported",
                "Let it do its work when it is called.",
            ) from error
        try:
            return set(process.functions)
        finally:
            await process.end()


def _misnamed(paths: Paths) -> Iterator[Problem]:
    for parent in paths.skills:
        for path in sorted(parent.iterdir()) if parent.is_dir() else ():
            if not path.is_dir() or path.name.startswith((".", "__pycache__")):
                continue
            if not (path / SOURCE).is_file():
                hint = f"the program of a skill is in {path / SOURCE}"
                yield Problem(f"there is no {SOURCE}", _place(path, 1), hint)
            elif not NAME.fullmatch(path.name):
                hint = "use small letters, digits, '_' and '-', a letter first; at most 40"
                yield Problem(f"'{path.name}' cannot name a skill", _place(path, 1), hint)


def _place(path: Path, line: int) -> Place:
    return Place(str(path), line, 1)

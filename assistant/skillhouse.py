"""Skills put together with the intents that call them: which there are, and how one is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.actions.bridge import result_of
from assistant.actions.skills import Skills
from assistant.actions.skillspec import SkillSpec, SkillTask
from assistant.errors import ActionError, ConfigError, Problem
from assistant.intents.skillcalls import SkillCall
from assistant.skillfolders import SkillFolder, find_skills
from assistant.typedvalues import from_json, to_json
from assistant.yamlsource import did_you_mean

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.intents.model import IntentSet
    from assistant.paths import Paths
    from assistant.turn import ActionResult, Match


@dataclass(frozen=True, slots=True)
class SkillUse:
    """A skill, and what it is asked for by one intent."""

    folder: SkillFolder
    task: SkillTask


def skill_calls(intents: IntentSet) -> dict[str, SkillCall]:
    """Return by intent the calls of skills."""
    return {
        name: one.action
        for name, one in intents.intents.items()
        if isinstance(one.action, SkillCall)
    }


def unknown_skills(intents: IntentSet, paths: Paths) -> list[Problem]:
    """Tell the calls of skills that are not there."""
    calls = skill_calls(intents)
    known = list(find_skills(paths)) if calls else []
    return [
        Problem(
            f"there is no skill '{call.skill}'",
            call.place,
            did_you_mean(call.skill, known)
            or (f"skills: {', '.join(known)}" if known else "make one: assistant skill new NAME"),
        )
        for call in calls.values()
        if call.skill not in known
    ]


def skill_uses(
    sets: Mapping[str, IntentSet], paths: Paths, settings: Settings
) -> dict[str, SkillUse]:
    """Return by intent what each skill is asked for; before the name another language's."""
    folders: Mapping[str, SkillFolder] | None = None
    default, uses = settings.intents.language, {}
    for language, intents in sets.items():
        for name, call in skill_calls(intents).items():
            folders = find_skills(paths) if folders is None else folders
            known_as = name if language == default else f"{language}:{name}"
            if call.skill in folders:  # it went just now
                uses[known_as] = SkillUse(
                    folders[call.skill], task_of(name, call, language, settings)
                )
    return uses


def task_of(intent: str, call: SkillCall, language: str, settings: Settings) -> SkillTask:
    """Say what a skill is asked for by an intent, so far without slots."""
    limit = call.timeout_seconds or settings.actions.timeout_seconds
    return SkillTask(intent, call.outcomes, limit, language=language)


def spec_of(folder: SkillFolder) -> SkillSpec:
    """Say how a skill is run, by its files as they are now. Raises ActionError."""
    try:
        manifest = folder.manifest()
    except ConfigError as error:
        raise ActionError(
            f"the {folder.name} skill has failed: its settings have mistakes",
            f"{error.problems[0].place}: {error.problems[0].message}.",
        ) from error
    return SkillSpec(
        folder.name,
        folder.module,
        folder.import_from,
        folder.source,
        manifest.memory_megabytes,
        folder.stamp(),
    )


async def call_skill(
    skills: Skills, use: SkillUse, slots: Mapping[str, Any], text: str
) -> dict[str, Any]:
    """Call a skill; ``slots`` are as ``typedvalues`` writes them. Raises ActionError."""
    try:
        for value in slots.values():
            from_json(value)
    except ValueError as error:
        raise ActionError("the bridge does not understand the core", f"{error}.") from error
    return await skills.call(spec_of(use.folder), replace(use.task, slots=slots, text=text))


async def call_here(
    call: SkillCall, match: Match, language: str, settings: Settings, paths: Paths
) -> ActionResult:
    """Call a skill once, in a process of this one, for the owner at the command line.

    Raises ActionError.
    """
    folder = find_skills(paths).get(call.skill)
    if folder is None:
        raise ActionError(f"there is no skill '{call.skill}'")
    use = SkillUse(folder, task_of(match.intent, call, language, settings))
    slots = {slot.name: to_json(slot.value) for slot in match.slots}
    skills = Skills(paths.skill_folder)
    try:
        return result_of(await call_skill(skills, use, slots, match.text))
    finally:
        await skills.close()

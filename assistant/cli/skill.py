"""``assistant skill new``, ``list`` and ``test``: programs in Python that do what is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import click

from assistant.cli.common import EXISTING, json_option, paths
from assistant.errors import ActionError, AssistantError, ConfigError, IntentError
from assistant.skillfolders import NAME, SkillFolder, find_skills
from assistant.skilltemplate import skill_files


@click.group()
def skill() -> None:
    """Skills: programs in Python that do what an intent asks for.

    \b
    assistant skill new weather          a folder with an example that works
    assistant skill test weather         its intents, its program and its tests
    """


@skill.command()
@click.argument("name")
@click.option("--folder", type=EXISTING, metavar="DIR", help="Another folder of skills.")
def new(*, name: str, folder: Path | None) -> None:
    """Make a skill: a folder with a program, intents and tests, which all work."""
    if not NAME.fullmatch(name):
        message = (
            f"'{name}' cannot name a skill: small letters, digits, '_' and '-', a letter first"
        )
        raise click.BadParameter(message, param_hint="NAME")
    place = (folder or paths().skills[0]) / name
    if place.exists():
        raise click.BadParameter(f"{place} is there already", param_hint="NAME")
    try:
        for path, text in skill_files(name).items():
            file = place / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ActionError(
            f"the skill cannot be written: {error.strerror}",
            f"Check {error.filename}; for the service put sudo in front.",
        ) from error
    click.echo(f"{click.style('Made:', fg='green')} {place}")
    click.echo(f"Change it, and try it: assistant skill test {name}")


@skill.command("list")
@json_option
def list_skills(*, as_json: bool) -> None:
    """List the skills that are there, and where they are."""
    for name, folder in find_skills(paths()).items():
        try:
            description = folder.manifest().description
        except ConfigError as error:
            description = str(error.problems[0].message)
        languages = folder.languages()
        if as_json:
            fields = {"name": name, "path": str(folder.path), "package": folder.package}
            click.echo(json.dumps(fields | {"languages": languages, "description": description}))
            continue
        spoken = f"({', '.join(languages) or 'no intents'})"
        click.echo(f"{click.style(name, bold=True)} {spoken} {description}".rstrip())
        click.echo(f"    {folder.path}")


@skill.command()
@click.argument("name")
@json_option
def test(*, name: str, as_json: bool) -> None:
    """Check a skill's intents and program, and run its tests. NAME may be a folder, too.

    Exit status 78 when there is a mistake in it, 1 when a test fails.
    """
    from assistant.skilltesting import problems_of, run_python_tests

    folder = _find(name)
    problems = list(problems_of(folder))
    if wrong := [problem for problem in problems if not problem.warning]:
        raise IntentError(wrong)
    if not as_json:
        for warning in problems:
            click.secho(str(warning), fg="yellow", err=True)
    outcomes = dict(run_python_tests(folder.path))
    failed = {one: trace for one, trace in outcomes.items() if trace}
    if as_json:
        fields = {"ok": not failed, "tests": len(outcomes), "failed": failed}
        click.echo(json.dumps(fields | {"warnings": [str(one) for one in problems]}))
        raise SystemExit(1 if failed else 0)
    for one, trace in failed.items():
        click.echo(f"{click.style(one, fg='red')}\n{trace}", err=True)
    if failed:
        raise AssistantError(f"{len(failed)} of {len(outcomes)} tests of '{name}' failed.")
    click.echo(f"{click.style('All is well:', fg='green')} {len(outcomes)} tests.")


def _find(name: str) -> SkillFolder:
    known = find_skills(paths())
    if name in known:
        return known[name]
    path = Path(name).resolve()
    if path.is_dir():
        return SkillFolder(path.name, path)
    skills = ", ".join(known) or "none"
    raise click.BadParameter(f"there is no skill '{name}'; skills: {skills}", param_hint="NAME")


COMMANDS = (skill,)

"""Which skills are there, what is read of them, and when they are others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import skillfolders
from assistant.config import Settings
from assistant.domains import DomainFiles
from assistant.errors import ConfigError
from assistant.paths import Paths
from assistant.skillfolders import SkillFolder, find_skills
from assistant.skillhouse import skill_uses
from assistant.skillmanifest import Manifest, load_manifest

INTENTS = "intents: {{{name}: {{sentences: [{words}], action: {{skill: tides}}}}}}\n"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths((tmp_path / "mine", tmp_path / "etc"), tmp_path / "state", tmp_path / "run")


def made(parent: Path, name: str = "tides", **intents: str) -> Path:
    """A skill with intents by language, of which each has these words for a sentence."""
    folder = parent / "skills" / name
    (folder / "intents").mkdir(parents=True)
    (folder / "skill.py").write_text("")
    for language, words in intents.items():
        text = INTENTS.format(name=f"Tide{language.title()}", words=words)
        (folder / "intents" / f"{language}.yaml").write_text(text)
    return folder


def test_this_user_s_skill_wins_over_the_system_s(paths: Paths) -> None:
    mine, etc = (made(folder) for folder in paths.config_directories)
    other = made(paths.config_directories[1], "rain")
    (mine.parent / "__pycache__").mkdir()
    (mine.parent / "notes.txt").write_text("not a skill")
    found = find_skills(paths)
    assert {name: one.path for name, one in found.items()} == {"rain": other, "tides": mine}
    (mine / "skill.py").unlink()
    assert find_skills(paths)["tides"].path == etc


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with a skill, installed as pip does; importing it here would fail."""
    folder = tmp_path / "site" / "assistant_tides"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('nobody imports a skill')")
    (folder / "skill.py").write_text("")
    about = tmp_path / "site" / "assistant_tides-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: assistant-tides\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[assistant.skills]\ntides = assistant_tides\ngone = of_no_package\nBad = assistant_tides\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    skillfolders._installed.cache_clear()
    yield folder
    skillfolders._installed.cache_clear()


def test_a_package_brings_a_skill_and_a_folder_wins_over_it(paths: Paths, package: Path) -> None:
    (found,) = find_skills(paths).values()
    assert (found.name, found.path, found.package) == ("tides", package, "assistant_tides")
    assert (found.module, found.import_from) == ("assistant_tides.skill", package.parent)
    folder = made(paths.config_directories[0])
    (found,) = find_skills(paths).values()
    assert (found.path, found.module, found.import_from) == (folder, "skill", folder)


def intents_of(files: DomainFiles) -> set[str]:
    (default,) = files.load(lambda *_: None).values()
    return {name for name in default.intents.intents if name.startswith(("Tide", "Own"))}


def test_its_intents_are_read_in_the_language_that_is_spoken(paths: Paths) -> None:
    made(paths.config_directories[0], en="how is the tide", de="wie ist die flut")
    assert intents_of(DomainFiles(Settings(), paths)) == {"TideEn"}


def test_the_owner_s_intents_replace_them(paths: Paths) -> None:
    made(paths.config_directories[1], en="how is the tide")
    own = paths.owner_intents[1]
    own.mkdir()
    (own / "own.yaml").write_text("intents: {TideEn: {enabled: false}}")
    assert intents_of(DomainFiles(Settings(), paths)) == set()


def test_a_skill_that_comes_or_goes_is_noticed(paths: Paths) -> None:
    files = DomainFiles(Settings(), paths)
    assert intents_of(files) == set()
    folder = made(paths.config_directories[0], en="how is the tide")
    assert [files.changed(), files.changed()] == [False, True]
    assert intents_of(files) == {"TideEn"}
    (folder / "skill.py").unlink()
    assert [files.changed(), files.changed()] == [False, True]


def test_the_bridge_knows_whose_intent_it_is(paths: Paths) -> None:
    folder = made(paths.config_directories[0], en="how is the tide")
    files = DomainFiles(Settings(), paths)
    (use,) = skill_uses(files.command_sets(), paths, Settings()).values()
    assert use.folder.path == folder
    assert (use.task.intent, use.task.timeout_seconds) == ("TideEn", 10.0)
    assert files.outside() == ({}, {}, {})


CHANGES: dict[str, Callable[[Path], object]] = {
    "its program": lambda folder: (folder / "skill.py").write_text("# another"),
    "a module": lambda folder: (folder / "more.py").write_text(""),
    "its settings": lambda folder: (folder / "skill.yaml").write_text("memory_megabytes: 64"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_its_program_is_another_stamp(paths: Paths, what: str) -> None:
    folder = made(paths.config_directories[0])
    skill = SkillFolder("tides", folder)
    before = skill.stamp()
    (folder / "notes.txt").write_text("is no program")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "skill.py").write_text("")
    assert skill.stamp() == before
    CHANGES[what](folder)
    assert skill.stamp() != before


@pytest.mark.parametrize("text", ["", "# nothing\n", "description:\n"])
def test_settings_that_say_nothing_are_the_defaults(text: str) -> None:
    assert load_manifest(text, "skill.yaml") == Manifest()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("memory_megabytes: 8", "skill.yaml:1:19: 'memory_megabytes' must be a whole number"),
        ("memory_megabytes: [64]", "skill.yaml:1:19: 'memory_megabytes' must be a whole number"),
        ("description: [a, b]", "skill.yaml:1:14: 'description' must be a text\n"),
        ("descripton: a", "skill.yaml:1:1: unknown key 'descripton' in the settings of a skill"),
        ("- a", "skill.yaml:1:1: "),
        ("a: b: c", "skill.yaml:1:5: a ':' does not fit here"),
    ],
)
def test_error_of_settings_is_told_where_it_is(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_manifest(text, "skill.yaml")
    assert str(caught.value).startswith(message)

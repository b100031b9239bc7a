"""``assistant skill``, and a skill in a whole assistant: said, failed, changed, gone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli.skill import skill
from assistant.config import Settings
from assistant.engines import load_understanding
from assistant.errors import IntentError
from assistant.local import say_here
from assistant.skillchecks import check_skills
from assistant.skillfolders import SkillFolder, find_skills
from assistant.skilltemplate import skill_files
from assistant.skilltesting import intents_of, problems_of, run_python_tests
from tests.running import Home, Running, home

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "skills.md").read_text()


@pytest.fixture
def place() -> Iterator[Home]:
    with home() as one:
        yield one


def skills(place: Home) -> Path:
    return place.paths.skills[0]


def made(place: Home, name: str = "countdown") -> Path:
    for path, text in skill_files(name).items():
        file = skills(place) / name / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return skills(place) / name


class TestANewSkill:
    def test_it_works_as_it_is_with_its_own_tests_and_with_pytest(self, place: Home) -> None:
        assert place.run("skill", "new", "day-count").returncode == 0
        tested = place.run("skill", "test", "day-count")
        assert (tested.stdout, tested.stderr) == ("All is well: 3 tests.\n", "")
        pytest_too = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
            env=place.environment,
            cwd=skills(place) / "day-count",
            capture_output=True,
            text=True,
            check=False,
        )
        assert "3 passed" in pytest_too.stdout

    def test_it_is_listed(self, place: Home) -> None:
        folder = made(place)
        result = CliRunner().invoke(skill, ["list", "--json"], env=place.environment)
        assert json.loads(result.output) == {
            "name": "countdown",
            "path": str(folder),
            "package": "",
            "languages": ["en"],
            "description": "What it does, in a line",
        }

    def test_it_answers_without_a_daemon(self, place: Home) -> None:
        made(place)
        understanding = load_understanding(Settings(), place.paths)
        sentence = "ask countdown how many days until tomorrow"
        turn = say_here(Settings(), place.paths, understanding, sentence)
        assert turn.reply == "24 hours until tomorrow."
        assert (place.paths.state_directory / "skills" / "countdown").is_dir()

    @pytest.mark.parametrize("name", ["../Escape", "Count", "1st", "", "a" * 41, "a b"])
    def test_error_of_a_name_that_cannot_be(self, tmp_path: Path, name: str) -> None:
        result = CliRunner().invoke(skill, ["new", "--folder", str(tmp_path), "--", name])
        assert result.exit_code == 2
        assert "cannot name a skill" in result.output
        assert list(tmp_path.iterdir()) == []

    def test_error_of_one_that_is_there(self, tmp_path: Path) -> None:
        (tmp_path / "rain").mkdir()
        result = CliRunner().invoke(skill, ["new", "--folder", str(tmp_path), "rain"])
        assert result.exit_code == 2
        assert "is there already" in result.output
        assert list((tmp_path / "rain").iterdir()) == []


class TestMistakes:
    """Each is told where it is, by ``skill test`` and by ``check``."""

    def told(self, place: Home, *, readable: bool = True) -> str:
        """What ``skill test`` says, and ``check`` as well."""
        (found,) = find_skills(place.paths).values()
        problems = list(problems_of(found))
        if readable:
            assert check_skills({"en": intents_of(found, "en")}, place.paths) == problems
        return str(IntentError(problems)).replace(str(skills(place)), "")

    def test_a_function_that_is_missing(self, place: Home) -> None:
        program = made(place) / "skill.py"
        program.write_text(program.read_text().replace("CountdownDaysUntil", "Another"))
        assert self.told(place) == (
            "/countdown/intents/en.yaml:8:14: the skill 'countdown' has no function for"
            " 'CountdownDaysUntil'\n"
            "          skill: countdown\n"
            "                 ^^^^^^^^^\n"
            '    write @intent("CountdownDaysUntil") above one, in /countdown/skill.py\n'
            "/countdown/skill.py:1:1: warning: no intent asks the skill for 'Another'"
        )

    @pytest.mark.parametrize(
        ("program", "line", "kind"),
        [
            ("\n\nimport nothing_of_that_name\n", 3, "ModuleNotFoundError"),
            ("def f():\n    return ]", 2, "SyntaxError"),
            ("from assistant.skill import nothing", 1, "ImportError"),
        ],
    )
    def test_a_program_that_is_wrong(self, place: Home, program: str, line: int, kind: str) -> None:
        (made(place) / "skill.py").write_text(program)
        assert self.told(place) == (
            f"/countdown/skill.py:{line}:1: the countdown skill has failed: a mistake in its"
            f" program, {kind}\n    Try it alone: assistant skill test countdown"
        )

    def test_settings_that_are_wrong(self, place: Home) -> None:
        (made(place) / "skill.yaml").write_text("memory_megabytes: much\ncolour: red\n")
        assert self.told(place) == (
            "/countdown/skill.yaml:1:19: 'memory_megabytes' must be a whole number, 16 to 4096\n"
            "    memory_megabytes: much\n"
            "                      ^^^^\n"
            "/countdown/skill.yaml:2:1: unknown key 'colour' in the settings of a skill\n"
            "    colour: red\n"
            "    ^^^^^^\n"
            "    known: description, memory_megabytes"
        )

    def test_a_value_that_is_not_promised(self, place: Home) -> None:
        intents = made(place) / "intents" / "en.yaml"
        intents.write_text(intents.read_text().replace("{left}", "{lift}"))
        told = self.told(place, readable=False)
        assert told.startswith(
            "/countdown/intents/en.yaml:13:14: there is no slot or value 'lift'\n"
        )
        assert "did you mean 'left'?" in told

    def test_a_skill_that_is_not_there(self, place: Home) -> None:
        made(place)
        place.intents("a.yaml", "intents: {A: {sentences: [boo], action: {skill: countdwn}}}")
        with pytest.raises(IntentError) as caught:
            load_understanding(Settings(), place.paths)
        assert "a.yaml:1:49: there is no skill 'countdwn'\n" in str(caught.value)
        assert "did you mean 'countdown'?" in str(caught.value)

    def test_a_folder_that_is_none(self, place: Home) -> None:
        made(place).rename(skills(place) / "Count")
        (skills(place) / "empty").mkdir()
        problems = check_skills({}, place.paths)
        assert [(Path(one.place.path).name, one.message) for one in problems] == [
            ("Count", "'Count' cannot name a skill"),
            ("empty", "there is no skill.py"),
        ]

    def test_a_test_that_fails(self, place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "path", [*sys.path])
        monkeypatch.delitem(sys.modules, "skill", raising=False)
        tests = made(place) / "test_skill.py"
        tests.write_text(tests.read_text().replace("24 hours", "25 hours"))
        result = CliRunner().invoke(skill, ["test", "countdown"], env=place.environment)
        assert result.exit_code == 1
        assert "AssertionError" in result.output
        assert str(result.exception) == "1 of 3 tests of 'countdown' failed."


def test_a_skill_in_a_running_assistant(place: Home) -> None:
    folder = made(place)
    program = folder / "skill.py"
    works = program.read_text()
    sentence = "ask countdown how many days until tomorrow"
    with Running(place) as running:
        assert running.say(sentence)["reply"] == "24 hours until tomorrow."
        program.write_text(works.replace("left = day", "import os; os._exit(4)"))
        turn = running.say(sentence)
        assert turn["outcome"] == "failed"
        assert turn["reply"] == (
            "That did not work: the countdown skill has failed: it ended with status 4"
        )
        program.write_text(works.replace("left = day", "left = secret"))
        assert "a mistake in its program, NameError" in running.say(sentence)["reply"]
        assert "NameError: name 'secret' is not defined" in running.wait_for_output("NameError:")
        program.write_text(works)
        assert running.say(sentence)["reply"] == "24 hours until tomorrow."
        assert running.say("what time is it")["outcome"] == "acted"
        assert running.terminate() == 0


def test_the_example_on_the_page_works(place: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "skill", raising=False)
    folder = skills(place) / "tides"
    blocks = re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert [name for name, _ in blocks] == ["skill.py", "intents/en.yaml", "test_skill.py"]
    for name, text in blocks:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = SkillFolder("tides", folder)
    assert list(problems_of(found)) == []
    assert dict(run_python_tests(folder)) == {
        "test_skill.py: test_a_town_by_the_sea": "",
        "test_skill.py: test_a_sentence": "",
    }

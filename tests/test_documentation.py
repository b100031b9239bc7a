"""What the documents say is so: settings, commands, fields, licences, examples, links."""

from __future__ import annotations

import dataclasses
import re
import shlex
import tomllib
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import click
import pytest
import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from assistant import events
from assistant.cli import MODULES, assistant
from assistant.config import (
    MicrophoneEntry,
    ScheduleEntry,
    Section,
    Settings,
    TriggerEntry,
    WordEntry,
    load_settings,
)
from assistant.domains import DomainFiles
from assistant.errors import AssistantError
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import SourceFile
from assistant.intents.selftest import run_tests
from assistant.microphones import microphones
from assistant.turn import Outcome, TurnRecord
from assistant.wire import WireError
from tests.recordings import NO_FOLDERS
from tests.running import Running, home

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "models/README.md", *DOCS.glob("*.md")]
OPERATIONS = (DOCS / "operations.md").read_text()


def with_names(command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command by its name; those of a group by the group's name and theirs."""
    if not isinstance(command, click.Group):
        yield str(command.name), command
        return
    for one in command.commands.values():
        yield f"{command.name} {one.name}", one


COMMANDS: dict[str, click.Command] = {
    name: one
    for module in MODULES
    for command in import_module(f"assistant.cli.{module}").COMMANDS
    for name, one in with_names(command)
}


def rows(page: str, name: str) -> list[list[str]]:
    """Cells of the table between ``<!-- name -->`` and ``<!-- end -->``, without its head."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", page, re.DOTALL)
    assert found is not None
    return [cells(line) for line in found[1].strip().splitlines()[2:]]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def names(cell: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


# --- the configuration ----------------------------------------------------------------------------


def default_of(field: FieldInfo) -> str:
    match field.default:
        case None | () | {} | "":
            return "none"
        case bool(value):
            return str(value).lower()
        case int(value) | float(value):
            return f"{value:g}"
        case value:
            return f"`{value}`"


def allowed_in(field: FieldInfo) -> str:
    """The range of a number, the choices, or what kind of value it is."""
    kind: Any = field.annotation
    metadata = list(field.metadata)
    if type(None) in typing.get_args(kind):
        kind, *_ = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Annotated:
        kind, *marks = typing.get_args(kind)
        metadata += [part for mark in marks for part in getattr(mark, "metadata", [])]
    if typing.get_origin(kind) is Literal:
        return ", ".join(f"`{choice}`" for choice in typing.get_args(kind))
    if kind in {int, float}:
        bounds = {
            bound: getattr(one, bound)
            for one in metadata
            for bound in ("ge", "gt", "le")
            if hasattr(one, bound)
        }
        lowest = f"above {bounds['gt']:g}" if "gt" in bounds else f"{bounds['ge']:g}"
        return f"{lowest} to {bounds['le']:g}" + (", whole" if kind is int else "")
    if typing.get_origin(kind) is dict:
        of_sections = typing.get_args(kind)[1] in {WordEntry, MicrophoneEntry, ScheduleEntry}
        return "names with settings" if of_sections else "names with texts or numbers"
    if typing.get_origin(kind) is tuple and TriggerEntry in typing.get_args(kind):
        return "list of mappings"
    if typing.get_origin(kind) is tuple:
        return "list of paths" if "Path" in str(kind) else "list of texts"
    return {SecretStr: "text", str: "text", bool: "true, false", Path: "path"}[kind]


def settings_of(section: str, field: FieldInfo) -> Iterator[tuple[str, FieldInfo]]:
    """Those of a section, or the one that is no section but a list."""
    if not isinstance(field.default, Section):
        yield section, field
        return
    for name, one in type(field.default).model_fields.items():
        yield f"{section}.{one.alias or name}", one


def test_the_table_of_settings() -> None:
    expected = [
        [f"`{name}`", default_of(one), allowed_in(one)]
        for section, field in Settings.model_fields.items()
        for name, one in settings_of(section, field)
    ]
    assert [row[:3] for row in rows(OPERATIONS, "settings")] == expected


def test_the_table_of_a_trigger_s_settings() -> None:
    expected = [
        [f"`{name}`", "" if field.is_required() else default_of(field), allowed_in(field)]
        for name, field in TriggerEntry.model_fields.items()
    ]
    assert [row[:3] for row in rows(OPERATIONS, "triggers")] == expected


def test_the_triggers_on_the_page_are_read() -> None:
    _, section = OPERATIONS.split("## Keys and buttons")
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[:1]
    settings = load_settings(text, "config.yaml")
    assert [one.do for one in settings.triggers] == ["listen", "mute", "turn on the light"]


def test_the_table_of_a_wake_word_s_settings() -> None:
    expected = [
        [f"`{name}`", default_of(field), allowed_in(field)]
        for name, field in WordEntry.model_fields.items()
    ]
    assert [row[:3] for row in rows(OPERATIONS, "words")] == expected


def test_the_table_of_a_microphone_s_settings() -> None:
    expected = [
        [f"`{name}`", default_of(field), allowed_in(field)]
        for name, field in MicrophoneEntry.model_fields.items()
    ]
    assert [row[:3] for row in rows(OPERATIONS, "microphones")] == expected


def test_the_microphones_on_the_page_are_read() -> None:
    _, section = OPERATIONS.split("## Several microphones")
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[:1]
    found = microphones(load_settings(text, "config.yaml"))
    assert [one.name for one in found] == ["kitchen", "hall"]


def test_the_wake_words_on_the_page_are_read() -> None:
    _, section = OPERATIONS.split("## Several wake words")
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[:1]
    settings = load_settings(text, "config.yaml")
    assert list(settings.wake.words) == ["hey_jarvis", "alexa", "computer", "hey_marvin"]
    domains = DomainFiles(settings, NO_FOLDERS).load(lambda *_: None)
    assert list(domains) == ["", "de", "en: SetTimer, clock"]


def test_the_example_configuration_is_read() -> None:
    path = DOCS / "examples" / "config.yaml"
    settings = load_settings(path.read_text(), str(path))
    assert settings.audio.source == "USB PnP Sound Device"
    assert settings != Settings()


@pytest.mark.parametrize("text", blocks(DOCS / "install-pi.md", "yaml config"))
def test_configurations_on_the_page_are_read(text: str) -> None:
    assert load_settings(text, "config.yaml") != Settings()


# --- intents --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        (DOCS / "examples" / "intents" / "lights.yaml").read_text(),
        *blocks(DOCS / "install-pi.md", "yaml"),
    ],
)
def test_example_intents_load_and_their_tests_hold(text: str) -> None:
    shipped = [
        SourceFile(str(path), path.read_text(), 0) for path in (ROOT / "intents/en").glob("*.yaml")
    ]
    intents = load_intents([*shipped, SourceFile("example.yaml", text, 1)], BUILTIN_ACTIONS)
    assert [str(failure) for failure in run_tests(intents, compile_intents(intents))] == []
    assert [str(warning) for warning in intents.warnings] == []
    mine = [one for one in intents.intents.values() if one.place.path == "example.yaml"]
    assert mine
    assert all(intent.tests for intent in mine)


# --- commands and what they print -----------------------------------------------------------------


def options_of(command: click.Command) -> list[str]:
    return [
        name
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
        for name in (*option.opts, *option.secondary_opts)
    ]


def test_the_table_of_commands() -> None:
    table = cells_by_command()
    assert set(table) == set(COMMANDS)
    for name, command in COMMANDS.items():
        assert sorted(table[name]) == sorted(options_of(command)), name


def cells_by_command() -> dict[str, list[str]]:
    lines = re.findall(r"^\| `assistant [\w ]+` \|.*\|$", OPERATIONS, re.MULTILINE)
    table = [cells(line) for line in lines]
    return {names(row[0])[0].partition(" ")[2]: names(row[2]) for row in table}


def documented_commands() -> list[str]:
    """Every ``assistant …`` of a block that is for a shell, with nothing before and after it."""
    command = rf"(?:^|\s)(assistant (?:{'|'.join(COMMANDS)})\b[^|#\n]*)"
    shells = [block for page in PAGES for block in blocks(page, "sh")]
    found = {line.strip() for block in shells for line in re.findall(command, block, re.MULTILINE)}
    assert len(found) > 10
    return sorted(found)


@pytest.mark.parametrize("line", documented_commands())
def test_documented_commands_are_understood(line: str) -> None:
    name = max((name for name in COMMANDS if line.startswith(f"assistant {name}")), key=len)
    arguments = shlex.split(line.removeprefix(f"assistant {name}"))
    COMMANDS[name].make_context(name, arguments, parent=click.Context(assistant)).close()


def test_the_fields_of_a_turn() -> None:
    fields = [field.name for field in dataclasses.fields(TurnRecord)]
    assert [names(row[0])[0] for row in rows(OPERATIONS, "turn")] == fields


def test_the_outcomes() -> None:
    assert [names(row[0])[0] for row in rows(OPERATIONS, "outcomes")] == [o.value for o in Outcome]


def test_the_events() -> None:
    expected = {
        events.event_name(object.__new__(kind)): [field.name for field in dataclasses.fields(kind)]
        for base in events.Event.__subclasses__()
        for kind in base.__subclasses__() or [base]
        # dataclass(slots=True) leaves the class it was made of behind, for a while.
        if kind is vars(events).get(kind.__name__) and kind is not events.Due
    }
    table = {names(row[0])[0]: names(row[1]) for row in rows(OPERATIONS, "events")}
    assert table == expected


def test_every_exit_status_of_an_error_is_told() -> None:
    told = {int(status) for status in re.findall(r"^\| (\d+) \|", OPERATIONS, re.MULTILINE)}
    assert WireError in AssistantError.__subclasses__()
    assert {kind.exit_status for kind in all_errors(AssistantError)} <= told


def all_errors(kind: type[AssistantError]) -> Iterator[type[AssistantError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from all_errors(below)


@pytest.mark.engines
def test_the_fields_of_the_status() -> None:
    with home() as place, Running(place) as running:
        status = running.ask("status")["status"]
    assert [name for row in rows(OPERATIONS, "status") for name in names(row[0])] == list(status)


# --- licences, models, links ----------------------------------------------------------------------


def test_the_licences_of_all_packages_are_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [re.match(r"([\w.-]+)(.*)", requirement) for requirement in project["dependencies"]]
    table = rows((DOCS / "licences.md").read_text(), "packages")
    assert [(row[0], row[1]) for row in table] == [one.groups() for one in declared if one]


MANIFEST = ["name", "version", "engine", "language", "licence", "url", "size_bytes", "sha256"]


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.yaml")), ids=lambda p: p.name)
def test_manifests_are_whole_and_the_guide_checks_the_same_sum(path: Path) -> None:
    manifest = yaml.safe_load(path.read_text())
    assert list(manifest) == MANIFEST
    assert re.fullmatch(r"[0-9a-f]{64}", manifest["sha256"])
    archive = manifest["url"].rpartition("/")[2]
    assert archive == f"{manifest['name']}.zip"
    guide = (DOCS / "install-pi.md").read_text()
    assert f'echo "{manifest["sha256"]}  {archive}" | sha256sum --check' in guide


def test_no_weights_are_in_the_repository() -> None:
    assert {path.suffix for path in (ROOT / "models").iterdir()} == {".md", ".yaml"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    broken = [link for link in links if not link.startswith("https://") and not leads(page, link)]
    assert broken == []


def leads(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


def anchors(text: str) -> set[str]:
    """Headings as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

"""What programs of lists printed last, on a real disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import StateError
from assistant.listcache import ListCache

PROGRAM = ("print-contacts", "--all")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "lists"


def test_what_was_printed_is_known_after_a_restart(folder: Path) -> None:
    assert ListCache(folder).get("contact", PROGRAM) is None
    ListCache(folder).put("contact", PROGRAM, "Bob\n")
    assert ListCache(folder).get("contact", PROGRAM) == "Bob\n"
    ListCache(folder).put("contact", PROGRAM, "Eve\n")
    assert ListCache(folder).get("contact", PROGRAM) == "Eve\n"


def test_what_another_program_printed_does_not_count(folder: Path) -> None:
    ListCache(folder).put("contact", PROGRAM, "Bob\n")
    assert ListCache(folder).get("contact", ("print-friends",)) is None


def test_it_is_for_this_user_alone(folder: Path) -> None:
    ListCache(folder).put("contact", PROGRAM, "Bob\n")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["contact.json"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"argv": 1, "text": 2}', "\x00" * 100])
def test_a_damaged_file_is_none(folder: Path, damage: str) -> None:
    ListCache(folder).put("contact", PROGRAM, "Bob\n")
    (folder / "contact.json").write_text(damage)
    assert ListCache(folder).get("contact", PROGRAM) is None


def test_error_a_folder_that_cannot_be_written(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file")
    with pytest.raises(StateError) as caught:
        ListCache(folder).put("contact", PROGRAM, "Bob\n")
    assert str(caught.value) == (
        "What list 'contact' holds cannot be kept: File exists. "
        f"Check {folder}, and that the disk is not full."
    )


def test_error_a_file_that_cannot_be_read(folder: Path) -> None:
    (folder / "contact.json").mkdir(parents=True)
    with pytest.raises(StateError) as caught:
        ListCache(folder).get("contact", PROGRAM)
    assert str(caught.value) == (
        f"What list 'contact' held cannot be read: Is a directory. Check {folder}/contact.json."
    )


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=5))
def test_every_list_has_a_file_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]
) -> None:
    cache = ListCache(tmp_path_factory.mktemp("lists"))
    for name, text in texts.items():
        cache.put(name, PROGRAM, text)
    assert {name: cache.get(name, PROGRAM) for name in texts} == texts

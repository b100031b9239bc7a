"""Which intent files are read, and when they are others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.config import IntentsSettings, Settings
from assistant.errors import IntentError
from assistant.intentfiles import IntentFiles
from assistant.paths import Paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "intents"
    folder.mkdir(parents=True)
    (folder / "lights.yaml").write_text("on")
    return folder


def files_of(folder: Path, *directories: Path, shipped: bool = False) -> IntentFiles:
    intents = IntentsSettings(shipped=shipped, directories=directories)
    paths = Paths((folder.parent,), folder / "state", folder / "run")
    return IntentFiles(Settings(intents=intents), paths)


def names(files: IntentFiles) -> list[tuple[str, int]]:
    return [(Path(file.path).name, file.layer) for file in files.read()]


def test_folders_are_layers_and_the_shipped_one_is_the_lowest(folder: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    (more / "rooms").mkdir(parents=True)
    (more / "rooms" / "bath.yml").write_text("bath")
    (more / "notes.txt").write_text("not read")
    (more / ".#bath.yaml").symlink_to("an editor's lock, which leads nowhere")
    assert names(files_of(folder, more)) == [
        ("connectives.yaml", 0), ("responses.yaml", 0), ("types.yaml", 0),
        ("lights.yaml", 2), ("bath.yml", 3),
    ]  # fmt: skip
    assert ("timers.yaml", 0) in names(files_of(folder, shipped=True))


def test_error_everything_that_cannot_be_read_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.yaml").write_bytes(b"\xff")
    with pytest.raises(IntentError) as caught:
        files_of(folder, tmp_path / "missing").read()
    assert str(caught.value) == (
        f"{folder}/bad.yaml:1:1: cannot be read: not UTF-8 at byte 0\n"
        f"{tmp_path}/missing:1:1: no such file or folder\n"
        "    check the path"
    )


def rewrite(folder: Path) -> None:
    (folder / "lights.yaml").write_text("off")


def rewrite_with_the_same_time(folder: Path) -> None:
    before = (folder / "lights.yaml").stat()
    (folder / "lights.yaml").write_text("no")
    os.utime(folder / "lights.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_another(folder: Path) -> None:
    (folder / "new").write_text("on")
    (folder / "new").rename(folder / "lights.yaml")


def remove_folder(folder: Path) -> None:
    (folder / "lights.yaml").unlink()
    folder.rmdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "rewritten": rewrite,
    "rewritten with the same time": rewrite_with_the_same_time,
    "replaced": replace_by_another,
    "removed": lambda folder: (folder / "lights.yaml").unlink(),
    "renamed": lambda folder: (folder / "lights.yaml").rename(folder / "lamps.yaml"),
    "added": lambda folder: (folder / "more.yaml").touch(),
    "folder removed": remove_folder,
    "made unreadable": lambda folder: (folder / "lights.yaml").chmod(0),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_noticed_once_it_is_quiet(
    folder: Path, change: Callable[[Path], object]
) -> None:
    files = files_of(folder)
    files.read()
    assert not files.changed()
    change(folder)
    assert not files.changed(), "it may still be going on"
    assert files.changed()


def test_while_files_keep_changing_they_are_left_alone(folder: Path) -> None:
    files = files_of(folder)
    files.read()
    for size in range(1, 5):
        (folder / "copied.yaml").write_text("x" * size)
        assert not files.changed()
    assert files.changed()


def test_what_was_read_again_is_no_change_any_more(folder: Path) -> None:
    files = files_of(folder)
    files.read()
    rewrite(folder)
    files.read()
    assert not files.changed()
    assert not files.changed()


def test_what_cannot_be_read_is_tried_once(folder: Path) -> None:
    files = files_of(folder)
    files.read()
    (folder / "bad.yaml").write_bytes(b"\xff")
    files.changed()
    assert files.changed()
    with pytest.raises(IntentError):
        files.read()
    assert not files.changed()


def test_other_files_are_no_change(folder: Path) -> None:
    files = files_of(folder)
    files.read()
    for name in ("notes.txt", ".lights.yaml.swp", ".#lights.yaml", "lights.yaml~"):
        (folder / name).touch()
    assert not files.changed()
    assert not files.changed()

"""The locks: exact versions of everything declared, with hashes, for every Python we install on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DECLARED = [
    Requirement(one)
    for one in (
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["microwakeword"],
    )
]
LOCKS = sorted((ROOT / "locks").glob("python*.txt"))
ENTRY = re.compile(
    r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def locked(path: Path) -> dict[str, str]:
    """Versions by name."""
    return {
        canonicalize_name(name): version for name, version, _ in ENTRY.findall(path.read_text())
    }


def test_there_is_a_lock_for_the_pythons_of_debian_12_and_13() -> None:
    assert [path.name for path in LOCKS] == ["python3.11.txt", "python3.13.txt"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_what_is_declared_is_locked_in_a_version_that_it_allows(path: Path) -> None:
    """Where this fails, pyproject.toml has changed: run scripts/lock."""
    versions = locked(path)
    wrong = [
        str(one)
        for one in DECLARED
        if not one.specifier.contains(Version(versions.get(canonicalize_name(one.name), "0")))
    ]
    assert wrong == []


def test_what_builds_wheels_is_locked() -> None:
    versions = locked(ROOT / "locks" / "build.txt")
    (ours,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert Requirement(ours).specifier.contains(versions["hatchling"])
    assert "setuptools" in versions  # srt's


@pytest.mark.parametrize("path", [*LOCKS, ROOT / "locks" / "build.txt"], ids=lambda path: path.stem)
def test_every_entry_has_hashes_and_no_line_says_where_from(path: Path) -> None:
    text = path.read_text()
    rest = ENTRY.sub("", text)
    assert [line for line in rest.splitlines() if not re.match(r"\s*#|\s*$", line)] == []
    assert "://" not in text
    assert "index-url" not in text


def test_onnxruntime_is_one_that_sends_nothing() -> None:
    for path in LOCKS:
        assert Version(locked(path)["onnxruntime"]) < Version("1.29")

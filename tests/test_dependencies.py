"""Whatever is imported is declared: nothing works only because another package brought it along."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"assistant", "tests", "scripts"}


# The files that the optional extras of the assistant are imported in.
OPTIONAL = {
    ROOT / "assistant" / "measuring" / "drawing.py": "plots",
    ROOT / "assistant" / "wake" / "training" / "drawing.py": "plots",
    ROOT / "assistant" / "wake" / "microwakeword.py": "microwakeword",
    ROOT / "assistant" / "triggers" / "keys.py": "keys",
    ROOT / "assistant" / "triggers" / "buttons.py": "gpio",
}
# Where there is no wheel for the machine: evdev is tested as evdev-binary; lgpio needs real pins.
NOT_TESTED = {"evdev", "lgpio"}


def declared(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {name[0].lower().replace("_", "-") for name in names if name}


def undeclared_imports(paths: list[Path], allowed: set[str]) -> set[str]:
    distributions = packages_distributions()
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules = [node.module]
            for top in {module.partition(".")[0] for module in modules}:
                if top in OURS or top in sys.stdlib_module_names:
                    continue
                names = {name.lower().replace("_", "-") for name in distributions.get(top, [])}
                if not names & allowed:
                    found.add(f"{path.relative_to(ROOT)} imports {top}")
    return found


RUNNING = declared(PROJECT["dependencies"])
TESTING = RUNNING | declared(PROJECT["optional-dependencies"]["dev"])


@pytest.mark.parametrize(("folder", "allowed"), [("assistant", RUNNING), ("tests", TESTING)])
def test_every_import_is_declared(folder: str, allowed: set[str]) -> None:
    paths = sorted({*(ROOT / folder).rglob("*.py")} - OPTIONAL.keys())
    assert paths
    assert undeclared_imports(paths, allowed) == set()


@pytest.mark.parametrize("path", OPTIONAL, ids=lambda path: path.stem)
def test_what_is_optional_is_declared_and_imported_in_one_place(path: Path) -> None:
    extra = declared(PROJECT["optional-dependencies"][OPTIONAL[path]])
    assert undeclared_imports([path], RUNNING | extra) == set()
    assert extra <= TESTING | NOT_TESTED


def test_the_scripts_need_no_more() -> None:
    scripts = [ROOT / "scripts" / name for name in ("make-earcons", "make-recordings")]
    assert undeclared_imports(scripts, RUNNING) == set()

"""The bill of materials, the licences, and what pip-audit's answer means."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest

from scripts.supplychain.commands import tell_weaknesses
from scripts.supplychain.components import NotInstalledError, components, licences, sbom


def entry(name: str, of: str) -> str:
    hashes = " \\\n".join(f"    --hash=sha256:{one * 64}" for one in "ab")
    return f"{name}=={of} \\\n{hashes}\n    # via x\n"


LOCK = "# Made by scripts/lock\n" + "".join(
    entry(name, version(name)) for name in ("click", "pyyaml", "rapidfuzz")
)


def test_every_package_of_a_lock_is_in_the_bill() -> None:
    bill = sbom(components(LOCK), "1.0")
    assert bill["bomFormat"] == "CycloneDX"
    click, *_ = found = bill["components"]
    assert [one["name"] for one in found] == ["click", "pyyaml", "rapidfuzz"]
    assert click["purl"] == f"pkg:pypi/click@{version('click')}"
    assert click["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert [one["content"] for one in click["hashes"]] == ["a" * 64, "b" * 64]
    assert bill["dependencies"][0]["dependsOn"] == [one["purl"] for one in found]
    assert bill == sbom(components(LOCK), "1.0")


def test_the_texts_of_the_licences_are_there() -> None:
    text = licences(components(LOCK))
    assert f"click {version('click')}: BSD-3-Clause" in text
    assert "Redistribution and use in source and binary forms" in text
    assert "Permission is hereby granted, free of charge" in text


def test_error_what_is_installed_is_not_what_is_locked() -> None:
    with pytest.raises(NotInstalledError, match=r"click is .* here, 0\.1 in the lock"):
        components(entry("click", "0.1"))
    with pytest.raises(NotInstalledError, match="no-such-package is not installed"):
        components(entry("no-such-package", "1.0"))


def test_weaknesses_and_packages_that_could_not_be_looked_up_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    weakness = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    looked_up: list[dict[str, Any]] = [
        {"name": "one", "version": "1.0", "vulns": [weakness]},
        {"name": "two", "version": "1.0", "vulns": []},
        {"name": "three", "skip_reason": "not found"},
    ]
    assert tell_weaknesses(looked_up) == 1
    assert tell_weaknesses(looked_up[1:]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "one 1.0: PYSEC-1, mended in: 2.0",
        "pip-audit: 2 packages looked up, 1 with known weaknesses",
        "It could not look up 1: three",
    ]

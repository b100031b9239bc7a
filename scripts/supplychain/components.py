"""The packages of a lock as components of an SBOM, and the licences in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ENTRY = re.compile(r"(?m)^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:\w+(?: \\)?\n)+)")
LICENCE_FILE = re.compile(r"(?i)^(licen[cs]e|copying|notice|authors|copyright)")
OF_A_LICENCE = "License :: "


class NotInstalledError(Exception):
    """A package of the lock is not here, or in another version."""


@dataclass(frozen=True, slots=True)
class Component:
    """A package of the lock, as it is installed here."""

    name: str
    version: str
    hashes: tuple[str, ...]
    distribution: Distribution

    @property
    def purl(self) -> str:
        """Name it as a package URL has it."""
        return f"pkg:pypi/{re.sub('[-_.]+', '-', self.name).lower()}@{self.version}"

    @property
    def licence(self) -> str:
        """What the package states: an SPDX expression, else its own words."""
        about = self.distribution.metadata
        classifiers = [
            one.rpartition(" :: ")[2]
            for one in about.get_all("Classifier", [])
            if one.startswith(OF_A_LICENCE)
        ]
        stated = (about.get("License") or "").strip()
        # Some put the whole text there.
        words = stated if stated and "\n" not in stated and len(stated) < 100 else ""
        return str(about.get("License-Expression") or words or " and ".join(classifiers))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every licence text in it, by the file's name."""
        for file in self.distribution.files or ():
            inside = ".dist-info" in file.parts[0] and LICENCE_FILE.match(file.name)
            if inside and (path := Path(str(file.locate()))).is_file():
                yield file.name, path.read_text(encoding="utf-8", errors="replace")


def components(lock: str) -> list[Component]:
    """Read a lock. Raises NotInstalledError where what is installed is not what it says."""
    found = []
    for name, version, hashes in ENTRY.findall(lock):
        try:
            installed = distribution(name)
        except PackageNotFoundError as error:
            raise NotInstalledError(f"{name} is not installed") from error
        if installed.version != version:
            raise NotInstalledError(f"{name} is {installed.version} here, {version} in the lock")
        sums = tuple(re.findall(r"sha256:(\w+)", hashes))
        found.append(Component(name, version, sums, installed))
    return found


def sbom(parts: list[Component], version: str) -> dict[str, Any]:
    """Write a bill of materials, CycloneDX 1.5; nothing of this machine or of the time is in it.

    A package has a hash for each of its files, of which one is installed.
    """
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "assistant",
                "name": "assistant",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": one.purl,
                "name": one.name,
                "version": one.version,
                "purl": one.purl,
                **({"licenses": [{"license": {"name": one.licence}}]} if one.licence else {}),
                "hashes": [{"alg": "SHA-256", "content": sum_} for sum_ in one.hashes],
            }
            for one in parts
        ],
        "dependencies": [{"ref": "assistant", "dependsOn": [one.purl for one in parts]}],
    }


def licences(parts: list[Component]) -> str:
    """Write all licences, one package after another."""
    lines = []
    for one in parts:
        lines += ["=" * 80, f"{one.name} {one.version}: {one.licence or 'see below'}", "=" * 80, ""]
        for name, text in one.texts():
            lines += [f"--- {name}", "", text, ""]
    return "\n".join(lines)

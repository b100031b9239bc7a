"""The command line of ``scripts/supply-chain``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from assistant import __version__
from scripts.supplychain.components import NotInstalledError, components, licences, sbom

ROOT = Path(__file__).resolve().parent.parent.parent
AUDITOR = "pip-audit>=2.7,<3"


def main(folder: Path) -> int:
    """Write both files, and look for weaknesses; returns the exit status."""
    lock = ROOT / "locks" / f"python{'.'.join(map(str, sys.version_info[:2]))}.txt"
    if not lock.exists():
        print(f"There is no lock for this Python: {lock}", file=sys.stderr)
        return 1
    try:
        parts = components(lock.read_text())
    except NotInstalledError as error:
        print(f"{error}. Install what is locked: scripts/install --root FOLDER", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(sbom(parts, __version__), indent=1) + "\n")
    (folder / "licences.txt").write_text(licences(parts))
    unclear = [one.name for one in parts if not one.licence]
    print(f"{folder}/sbom.cdx.json, licences.txt: {len(parts)} packages")
    if unclear:
        print(f"They state no licence in their metadata: {', '.join(unclear)}")
    return audit(lock)


def audit(lock: Path) -> int:
    """Have pip-audit look the locked versions up; without it, or a network, say so."""
    with tempfile.TemporaryDirectory() as tools:
        python = Path(tools) / "bin" / "python"
        subprocess.run((sys.executable, "-m", "venv", tools), check=True)
        got = subprocess.run(
            (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", AUDITOR),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if got.returncode:
            print("pip-audit cannot be installed: no weaknesses were looked for.")
            return 0
        command = (python, "-m", "pip_audit", "--progress-spinner=off", "--disable-pip",
                   "--require-hashes", "--format=json", "-r", lock)  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        looked_up = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        print(f"pip-audit could not look: {last}")
        return 0
    return tell_weaknesses(looked_up)


def tell_weaknesses(looked_up: list[dict[str, Any]]) -> int:
    """Tell what pip-audit found, and of how many packages it knows nothing; 1 for a weakness."""
    unknown = [one["name"] for one in looked_up if "skip_reason" in one]
    weak = [one for one in looked_up if one.get("vulns")]
    for one in weak:
        for found in one["vulns"]:
            mended = ", ".join(found.get("fix_versions", [])) or "none yet"
            print(f"{one['name']} {one['version']}: {found['id']}, mended in: {mended}")
    known = len(looked_up) - len(unknown)
    print(f"pip-audit: {known} packages looked up, {len(weak)} with known weaknesses")
    if unknown:
        print(f"It could not look up {len(unknown)}: {', '.join(unknown)}")
    return 1 if weak else 0

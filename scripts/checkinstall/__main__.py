"""The command line of ``scripts/check-install``."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from pathlib import Path

import click

from scripts.checkinstall.foreign import check_foreign_package, emulation
from scripts.checkinstall.machine import CACHE, CheckError, new_machine
from scripts.checkinstall.ways import check_package, check_script, make_package

PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
WAYS = ("package", "script", "arm64")


def try_way(suite: str, way: str, package: Path | None) -> None:
    """Try one way to install. Raises CheckError."""
    if way == "script":
        with new_machine(suite, way) as machine:
            check_script(machine, PYTHONS[suite])
        return
    kind = "aarch64" if way == "arm64" else platform.machine()
    made = package or make_package(PYTHONS[suite], kind, CACHE / "packages")
    if way == "package":
        with new_machine(suite, way) as machine:
            check_package(machine, made)
        return
    with emulation(), new_machine(suite, way, "arm64") as machine:
        check_foreign_package(machine, made)


@click.command()
@click.option("--suite", "suites", type=click.Choice(list(PYTHONS)), multiple=True, default=PYTHONS)
@click.option("--way", "ways", type=click.Choice(WAYS), multiple=True, default=WAYS)
@click.option(
    "--package", type=click.Path(path_type=Path), help="Of scripts/make-deb, made before."
)
def main(suites: tuple[str, ...], ways: tuple[str, ...], package: Path | None) -> None:
    """Install on empty Debians, and see whether it runs. As root."""
    for program in ("debootstrap", "systemd-nspawn", "nsenter"):
        if not shutil.which(program):
            sys.exit(f"There is no {program}: sudo apt install debootstrap systemd-container")
    if os.geteuid() != 0:
        sys.exit("This needs root: sudo scripts/check-install")
    failed = []
    for suite in suites:
        for way in ways:
            began = time.monotonic()
            print(f"==> {suite}, {way}", flush=True)
            try:
                try_way(suite, way, package)
            except CheckError as error:
                print(f"failed: {error}", file=sys.stderr, flush=True)
                failed.append(f"{suite}, {way}")
            print(f"    {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        sys.exit(f"failed: {'; '.join(failed)}")
    print("==> all is well")


main()

"""The command line of ``scripts/check-install``."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from pathlib import Path

import click

from scripts.checkinstall.machine import CACHE, CheckError, new_machine
from scripts.checkinstall.ways import check_package, check_script, make_package

PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
WAYS = ("package", "script")


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
                with new_machine(suite, way) as machine:
                    if way == "script":
                        check_script(machine)
                    else:
                        made = package or make_package(
                            PYTHONS[suite], platform.machine(), CACHE / "packages"
                        )
                        check_package(machine, made)
            except CheckError as error:
                print(f"failed: {error}", file=sys.stderr, flush=True)
                failed.append(f"{suite}, {way}")
            print(f"    {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        sys.exit(f"failed: {'; '.join(failed)}")
    print("==> all is well")


main()

"""The command line of ``scripts/install``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from scripts.installing.installation import install, upgrade
from scripts.installing.places import InstallError, Places, system_places, user_places
from scripts.installing.removal import uninstall

DESCRIPTION = """\
Install the assistant as a service: Debian's packages, a program of exact versions, two system
users, two services, a configuration, a manual page, and completion for your shell. Safe to run
again: a second run changes only what has changed. Your files are never overwritten.
"""

EXAMPLES = """\
  sudo scripts/install                        the service of the system, as on a Raspberry Pi
  sudo scripts/install --upgrade              another version in its place; the old one comes back
                                              if the new one does not start
  scripts/install --user                      for one user of a desktop, with its sound server
  sudo scripts/install --uninstall            the program goes, your files and its memory stay
  sudo scripts/install --uninstall --purge    these go, too
"""


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(
        prog="scripts/install",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = made.add_mutually_exclusive_group()
    what.add_argument("--upgrade", action="store_true", help="put this version in place of another")
    what.add_argument("--uninstall", action="store_true", help="remove the program")
    made.add_argument("--purge", action="store_true", help="with --uninstall: your files, too")
    made.add_argument("--user", action="store_true", help="for this user only, without root")
    made.add_argument("--no-start", action="store_true", help="do not start the services")
    made.add_argument(
        "--root",
        type=Path,
        default=Path(os.environ.get("DESTDIR") or "/"),
        metavar="DIR",
        help="put the files together under DIR, as for an image; nothing is started",
    )
    return made


def places_of(options: argparse.Namespace) -> Places:
    """Choose where. Raises InstallError where that needs another user."""
    root = options.root.resolve()
    if options.user:
        if os.geteuid() == 0 and root == Path("/"):
            raise InstallError("--user is for a user's own: run it without sudo.")
        return user_places(root, Path.home())
    if os.geteuid() != 0:
        raise InstallError("This needs root: sudo scripts/install. For you alone: --user.")
    return system_places(root)


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.purge and not options.uninstall:
        parser().error("--purge goes with --uninstall")
    # What is installed is for everybody to run; what must be private is made so where it is made.
    os.umask(0o022)
    try:
        places = places_of(options)
        if options.uninstall:
            uninstall(places, purge=options.purge)
        elif options.upgrade:
            upgrade(places, start=not options.no_start)
        else:
            install(places, start=not options.no_start)
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0

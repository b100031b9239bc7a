"""Removing what was installed: the program, and with ``purge`` what the owner and it have kept."""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.installing.places import InstallError, Places
from scripts.installing.services import Services, remove_users
from scripts.installing.telling import say


def uninstall(places: Places, *, purge: bool) -> None:
    """Remove the program. Raises InstallError where there is none, and nothing to purge."""
    kept = [places.at(path) for path in (places.config, *places.data)]
    kept = [path for path in kept if path.exists()]
    installed = places.at(places.program).exists()
    if not installed and not (purge and kept):
        raise InstallError("There is nothing to remove: no assistant is installed there.")
    services = Services(places)
    services.stop()
    services.disable()
    for path in places.files(Path("/nonexistent")):
        path.unlink(missing_ok=True)
    command = places.at(places.command)
    if command.is_symlink() and places.program in command.readlink().parents:
        command.unlink()
    shutil.rmtree(places.at(places.program), ignore_errors=True)
    services.read_again()
    say("The program is removed.")
    if not purge:
        if kept:
            say(f"Kept: {', '.join(map(str, kept))}. To remove these, too: --uninstall --purge")
        return
    for path in kept:
        shutil.rmtree(path)
        say(f"Removed: {path}")
    if not places.for_user:
        remove_users(places.root)
    say("The log of the system still has lines of it: journalctl --unit=assistant")

"""Installing, and putting another version in place of the one there, with a way back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from scripts.installing.packages import install_packages
from scripts.installing.places import SERVICES, InstallError, Places
from scripts.installing.release import (
    WHOLE,
    add_extras,
    forget_others,
    make_environment,
    name_of_release,
    put_root_aside,
    release_in_use,
    use,
)
from scripts.installing.services import Services, make_users
from scripts.installing.telling import say

Make = Callable[[Path], None]
STATE = ("state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm")
BEFORE = ".before-upgrade"


def install(places: Places, *, start: bool, make: Make = make_environment) -> None:
    """Install, or mend what is installed. Raises InstallError where another version is."""
    before = release_in_use(places)
    name = name_of_release()
    if before is not None and before.name != name:
        raise InstallError(
            f"Another version is installed: {before.name}; this one is {name}.\n"
            "To put this one in its place: scripts/install --upgrade"
        )
    services = Services(places)
    running = services.are_active()
    release = _made(places, name, make)
    changed = _put_in_place(places, release)
    forget_others(places, [release])
    if changed:
        services.enable()
    if services.offline or not start:
        _tell_the_end(places, started=False)
        return
    if running and not changed:
        say(f"{name} is installed already, and runs.")
        return
    if not services.start():
        raise InstallError(
            f"{services.last_words()}\nIt is installed, and does not start; the reason is above.\n"
            f"{_command(places)} doctor tells what to do."
        )
    _tell_the_end(places, started=True)


def upgrade(places: Places, *, start: bool, make: Make = make_environment) -> None:
    """Put this version in place of another, or go back to that. Raises InstallError."""
    before = release_in_use(places)
    if before is None:
        raise InstallError("There is nothing to upgrade: no assistant is installed there.")
    services = Services(places)
    running = services.are_active()
    release = _made(places, name_of_release(), make)
    if release == before:
        _put_in_place(places, release)
        say(f"{release.name} is installed already.")
        return
    if running:
        services.stop()
    _keep_state(places)
    _put_in_place(places, release)
    services.enable()
    if running and start and not services.start():
        said = services.last_words()
        services.stop()
        _bring_back_state(places)
        _put_in_place(places, before)
        services.read_again()
        back = services.start()
        forget_others(places, [before])
        told = "runs again" if back else "does not start any more, either"
        raise InstallError(
            f"{said}\n{release.name} did not start, its log is above. {before.name} {told}."
        )
    _forget_state(places)
    forget_others(places, [release, before])
    say(f"{before.name} is now {release.name}.")


def _made(places: Places, name: str, make: Make) -> Path:
    """Make the release, if it is not there, and see whether it takes the owner's files."""
    folder = places.at(places.program / "releases" / name)
    if not (folder / WHOLE).exists():
        if places.is_this_machine:
            install_packages()
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            make(folder)
            add_extras(folder)
        except InstallError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if not places.is_this_machine:
            put_root_aside(folder, places.root)
        (folder / WHOLE).touch()
    if places.at(places.config).exists():
        _check_files(places, folder)
    return folder


def _check_files(places: Places, release: Path) -> None:
    config = str(places.at(places.config))
    done = subprocess.run(
        (release / "bin" / "python", "-m", "assistant", "check", "--json"),
        env=dict(os.environ) | {"CONFIGURATION_DIRECTORY": config},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        run_by_hand = f"CONFIGURATION_DIRECTORY={config} {release}/bin/assistant check"
        raise InstallError(
            f"{done.stdout}{done.stderr}This version does not take your files as they are, and "
            f"nothing was changed. All of it:\n    {run_by_hand}"
        )


def _put_in_place(places: Places, release: Path) -> bool:
    """Use a release, and copy what belongs elsewhere; True where something has changed."""
    files = places.files(release).items()
    # An older release, which is gone back to, has not all of them.
    changed = [_copy(source, path) for path, source in files if source.exists()]
    if not places.for_user:
        _move_units_of_before(places)
        make_users(places)
    if release_in_use(places) != release:
        use(places, release)
        changed.append(True)
    changed.append(_link(places))
    intents = places.at(places.config / "intents")
    intents.mkdir(parents=True, exist_ok=True)
    if not (config := places.at(places.config / "config.yaml")).exists():
        shutil.copyfile(release / "share/assistant/config.yaml", config)
    return any(changed)


def _copy(source: Path, path: Path) -> bool:
    content = source.read_bytes()
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _link(places: Places) -> bool:
    """Have the command lead to the program. Raises InstallError where it is somebody else's."""
    link, leads_to = places.at(places.command), places.program / "current/bin/assistant"
    if link.is_symlink() and link.readlink() == leads_to:
        return False
    old = link.is_symlink() and places.program in link.readlink().parents
    if not old and (link.exists() or link.is_symlink()):
        raise InstallError(f"{link} is there, and not from here. Move it away, and start again.")
    link.unlink(missing_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(leads_to)
    return True


def _move_units_of_before(places: Places) -> None:
    """Put aside units that were copied by hand: in /etc they would stand before ours."""
    for name in SERVICES:
        unit = places.at(Path(f"/etc/systemd/system/{name}.service"))
        if unit.is_file() and not unit.is_symlink():
            aside = unit.with_suffix(".service.before-install")
            unit.replace(aside)
            say(f"{unit} is now {aside.name}: the units come with the program from now on.")


def _keep_state(places: Places) -> None:
    """A newer version may change the database so that the old one cannot read it."""
    for path in _state(places):
        kept = path.with_name(path.name + BEFORE)
        shutil.copy2(path, kept)
        whose = path.stat()
        os.chown(kept, whose.st_uid, whose.st_gid)


def _bring_back_state(places: Places) -> None:
    for path in _state(places):
        path.unlink()
    for name in STATE:
        kept = places.at(places.data[0]) / (name + BEFORE)
        if kept.exists():
            kept.replace(kept.with_name(name))


def _forget_state(places: Places) -> None:
    for name in STATE:
        (places.at(places.data[0]) / (name + BEFORE)).unlink(missing_ok=True)


def _state(places: Places) -> list[Path]:
    folder = places.at(places.data[0])
    return [folder / name for name in STATE if (folder / name).exists()]


def _command(places: Places) -> str:
    return "assistant" if places.for_user else "sudo assistant"


def _tell_the_end(places: Places, *, started: bool) -> None:
    how = "It runs." if started else "It is not started."
    say(f"Installed. {how} Your files: {places.at(places.config)}")
    if started:
        say(f"{_command(places)} doctor looks whether all is well; then say 'hey jarvis'.")
    path = str(places.command.parent)
    if places.for_user and path not in os.environ.get("PATH", "").split(":"):
        say(f"{path} is not on your PATH: log in again, or call {places.command}")

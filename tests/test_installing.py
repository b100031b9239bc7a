"""``scripts/install`` without a package index or a service manager: files, releases, the way back.

``scripts/check-install`` does it for real, on empty Debians where systemd runs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from assistant.cli import assistant, register
from scripts.installing import installation, release, removal
from scripts.installing.commands import main
from scripts.installing.installation import install, upgrade
from scripts.installing.manual import manual, roff
from scripts.installing.places import (
    NIGHT,
    SERVICES,
    InstallError,
    Places,
    system_places,
    user_places,
)
from scripts.installing.release import release_in_use
from scripts.installing.removal import uninstall

# What an interpreter is asked to do in a release: the check fails where config.yaml says so.
PYTHON = """\
#!/bin/sh
case "$*" in
    "-m assistant check --json")
        if grep -q refused "$CONFIGURATION_DIRECTORY/config.yaml"; then echo no; exit 78; fi ;;
    *manual.py*) for one in 1 bash zsh fish; do echo "$2" > "$2/assistant.$one"; done ;;
esac
"""


def make(folder: Path) -> None:
    """A release with an interpreter that does nothing, instead of half a gigabyte."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text(PYTHON)
    (folder / "bin" / "python").chmod(0o755)
    (folder / "bin" / "assistant").write_text(f"#!{folder}/bin/python\n")


class Manager:
    """A service manager: a core whose release is named ``broken`` does not become ready."""

    offline = False
    running = False
    calls: list[str]

    def __init__(self, places: Places) -> None:
        self.places = places

    def are_active(self) -> bool:
        return Manager.running

    def start(self) -> bool:
        used = release_in_use(self.places)
        Manager.running = used is not None and "broken" not in used.name
        Manager.calls.append(f"start {used.name if used else None}")
        state = self.places.at(self.places.data[0])
        if not Manager.running and state.exists():
            (state / "state.sqlite3-wal").write_text("left by the one that is broken")
        return Manager.running

    def stop(self) -> None:
        Manager.running = False
        Manager.calls.append("stop")

    def enable(self) -> None:
        Manager.calls.append("enable")

    def disable(self) -> None:
        Manager.calls.append("disable")

    def read_again(self) -> None: ...

    def last_words(self) -> str:
        return "Traceback: it is broken"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    Manager.running, Manager.calls = False, []
    for module in (installation, removal):
        monkeypatch.setattr(module, "Services", Manager)
    monkeypatch.setattr(installation, "make_users", lambda _: None)
    monkeypatch.setattr(removal, "remove_users", lambda _: Manager.calls.append("users gone"))
    return system_places(tmp_path)


@pytest.fixture
def version(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def choose(name: str) -> None:
        monkeypatch.setattr(installation, "name_of_release", lambda: name)

    choose("1.0-first")
    return choose


def in_use(places: Places) -> str:
    found = release_in_use(places)
    assert found is not None
    return found.name


def test_installed_everything_is_in_its_place(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    root = places.root
    for name in SERVICES:
        unit = (root / f"usr/local/lib/systemd/system/{name}.service").read_text()
        assert "ExecStart=/opt/assistant/current/bin/assistant" in unit
    assert (root / f"usr/local/lib/systemd/system/{NIGHT}").is_file()
    assert (root / "usr/local/bin/assistant").readlink() == Path(
        "/opt/assistant/current/bin/assistant"
    )
    program = (root / "opt/assistant/current/bin/assistant").read_text()
    assert program == "#!/opt/assistant/releases/1.0-first/bin/python\n"
    assert (root / "etc/assistant/intents").is_dir()
    assert Manager.calls == ["enable", "start 1.0-first"]


def test_a_second_run_changes_nothing(
    places: Places, version: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    install(places, start=True, make=make)
    before = {path: path.lstat().st_mtime_ns for path in places.root.rglob("*")}
    Manager.calls.clear()
    install(places, start=True, make=make)
    assert {path: path.lstat().st_mtime_ns for path in places.root.rglob("*")} == before
    assert Manager.calls == []
    assert "1.0-first is installed already, and runs." in capsys.readouterr().out


def test_a_file_that_is_gone_is_put_back(places: Places, version: Callable[[str], None]) -> None:
    install(places, start=True, make=make)
    unit = places.root / "usr/local/lib/systemd/system/assistant.service"
    unit.unlink()
    install(places, start=True, make=make)
    assert unit.exists()


def test_what_the_owner_wrote_is_never_overwritten(
    places: Places, version: Callable[[str], None]
) -> None:
    config = places.root / "etc/assistant/config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("wake: {word: alexa}\n")
    install(places, start=True, make=make)
    version("2.0-second")
    upgrade(places, start=True, make=make)
    assert config.read_text() == "wake: {word: alexa}\n"


def test_units_copied_by_hand_are_put_aside(places: Places, version: Callable[[str], None]) -> None:
    by_hand = places.root / "etc/systemd/system/assistant.service"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_text("[Service]\n")
    install(places, start=True, make=make)
    assert not by_hand.exists()
    assert by_hand.with_suffix(".service.before-install").read_text() == "[Service]\n"


def test_an_upgrade_that_starts_stays(places: Places, version: Callable[[str], None]) -> None:
    install(places, start=True, make=make)
    version("2.0-second")
    Manager.calls.clear()
    upgrade(places, start=True, make=make)
    assert in_use(places) == "2.0-second"
    assert Manager.calls == ["stop", "enable", "start 2.0-second"]
    assert [path.name for path in sorted(places.at(places.program / "releases").iterdir())] == [
        "1.0-first",
        "2.0-second",
    ]


def test_an_upgrade_that_does_not_start_is_taken_back_with_the_state_of_before(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    state = places.root / "var/lib/assistant/state.sqlite3"
    state.parent.mkdir(parents=True)
    state.write_text("schema 1")

    version("2.0-broken")
    Manager.calls.clear()
    with pytest.raises(InstallError) as raised:
        upgrade(places, start=True, make=make)
    assert str(raised.value) == (
        "Traceback: it is broken\n2.0-broken did not start, its log is above. 1.0-first runs again."
    )
    assert in_use(places) == "1.0-first"
    assert Manager.calls == ["stop", "enable", "start 2.0-broken", "stop", "start 1.0-first"]
    assert [path.name for path in state.parent.iterdir()] == ["state.sqlite3"]
    assert state.read_text() == "schema 1"
    assert not (places.at(places.program) / "releases/2.0-broken").exists()


def test_a_version_that_does_not_take_the_owner_s_files_changes_nothing(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    (places.root / "etc/assistant/config.yaml").write_text("refused: true\n")
    version("2.0-second")
    Manager.calls.clear()
    with pytest.raises(InstallError, match="does not take your files as they are"):
        upgrade(places, start=True, make=make)
    assert in_use(places) == "1.0-first"
    assert Manager.calls == []
    assert Manager.running


def test_an_upgrade_starts_nothing_that_was_stopped(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    Manager.running = False
    version("2.0-broken")
    Manager.calls.clear()
    upgrade(places, start=True, make=make)
    assert Manager.calls == ["enable"]


def test_a_release_that_could_not_be_made_leaves_nothing(
    places: Places, version: Callable[[str], None]
) -> None:
    def fail(folder: Path) -> None:
        make(folder)
        raise InstallError("The packages could not be installed.")

    with pytest.raises(InstallError):
        install(places, start=True, make=fail)
    assert list(places.at(places.program / "releases").iterdir()) == []
    assert release_in_use(places) is None


def test_error_another_version_needs_upgrade(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    version("2.0-second")
    with pytest.raises(InstallError, match="scripts/install --upgrade"):
        install(places, start=True, make=make)
    assert in_use(places) == "1.0-first"


def test_error_somebody_else_s_command(places: Places, version: Callable[[str], None]) -> None:
    other = places.root / "usr/local/bin/assistant"
    other.parent.mkdir(parents=True)
    other.write_text("another program\n")
    with pytest.raises(InstallError, match="Move it away"):
        install(places, start=True, make=make)
    assert other.read_text() == "another program\n"


def test_uninstalled_the_owner_s_files_stay_and_purged_they_go(
    places: Places, version: Callable[[str], None]
) -> None:
    install(places, start=True, make=make)
    kept = places.root / "var/lib/assistant/state.sqlite3"
    kept.parent.mkdir(parents=True)
    kept.touch()
    uninstall(places, purge=False)
    left = [path for path in places.root.rglob("*") if not path.is_dir()]
    assert sorted(left) == [places.root / "etc/assistant/config.yaml", kept]
    uninstall(places, purge=True)
    assert [path for path in places.root.rglob("*") if not path.is_dir()] == []
    assert Manager.calls[-1] == "users gone"
    with pytest.raises(InstallError, match="nothing to remove"):
        uninstall(places, purge=True)


def test_for_a_user_everything_is_at_home(
    places: Places, version: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    mine = user_places(places.root, Path("/home/ada"))
    install(mine, start=True, make=make)
    home = places.root / "home/ada"
    unit = (home / ".local/share/systemd/user/assistant.service").read_text()
    assert "ExecStart=%h/.local/share/assistant/current/bin/assistant run --no-bridge" in unit
    assert (home / ".local/share/assistant/current/bin/assistant").exists()
    assert (home / ".config/assistant/config.yaml").exists()
    assert [path.name for path in places.root.iterdir()] == ["home"]


# --- the command line -----------------------------------------------------------------------------


def test_error_purge_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--purge"])
    assert "--purge goes with --uninstall" in capsys.readouterr().err


def test_error_nothing_to_upgrade(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--upgrade", "--user", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        "There is nothing to upgrade: no assistant is installed there.\n"
    )


def test_error_a_python_without_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 0, "final", 0))
    with pytest.raises(InstallError, match=r"on 3\.11 or 3\.13\. Choose another one"):
        release.lock()


def test_error_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0, "final", 0))
    monkeypatch.setattr("platform.machine", lambda: "armv7l")
    with pytest.raises(InstallError, match="On a Raspberry Pi use the 64-bit system"):
        release.lock()


# --- the manual -----------------------------------------------------------------------------------


def test_no_character_of_a_text_is_a_request_of_roff() -> None:
    assert roff(".so /etc/passwd\n'x a-b\\c") == "\\&.so /etc/passwd\n\\&'x a\\-b\\ec"


def test_the_manual_has_every_command_and_option() -> None:
    register()
    page = manual(assistant, "assistant")
    for name, command in assistant.commands.items():
        assert f".SS assistant {roff(name)}" in page
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert roff(parameter.opts[0]) in page


@pytest.mark.engines
@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_manual_is_read_without_a_warning() -> None:
    register()
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"],
        input=manual(assistant, "assistant"), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert re.search(r"status", done.stdout)

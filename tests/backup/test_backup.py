"""From one assistant's files to another's, at the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.actions.credentials import find_credentials
from assistant.backup import encryption, restoring
from assistant.backup.archive import pack
from assistant.backup.contents import STATE, Stored, collect
from assistant.cli.backup import backup, restore
from assistant.errors import BackupError, FileProblemsError, StateError
from assistant.paths import Paths, find_paths
from assistant.state import MIGRATIONS, StateStore

CONFIG = "wake: {word: alexa}\ntimers: {ring_seconds: 5}\n"
LAMP = """\
intents:
  Lamp: {sentences: [turn on the lamp], reply: ok}
"""

FAN = """\
intents:
  Fan:
    sentences: [turn on the fan]
    action: {http: {url: "http://house.example/fan", method: POST, credential: house}}
    reply: ok
"""


def house(folder: Path) -> Paths:
    return find_paths({"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}, 0)


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def lived_in(folder: Path) -> Paths:
    """Somebody's files after a while."""
    paths = house(folder)
    write(paths.config_directories[0] / "config.yaml", CONFIG)
    write(paths.owner_intents[0] / "rooms" / "lamp.yaml", LAMP)
    (paths.config_directories[0] / "config.yaml").chmod(0o640)
    store = StateStore.open(paths.database)
    store.add_timer("pasta", 600, 2e9)
    store.add_list_items("shopping", ["milk"])
    store.close()
    write(paths.wake_words / "computer.npz", "a word")
    write(paths.phone_models / "en.npz", "a network")
    write(paths.models / "vosk-model-small-en-us-0.15" / "conf", "a download")
    write(paths.score_log, "scores")
    return paths


def lightly_encrypted(content: bytes, passphrase: str) -> bytes:
    """In the place of age, each use of which is made to take a second."""
    return passphrase.encode() + content


def lightly_decrypted(sealed: bytes, passphrase: str) -> bytes:
    assert sealed.startswith(passphrase.encode())
    return sealed[len(passphrase) :]


class Place:
    """A home, in which commands are run."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.passphrase = folder / "passphrase"
        write(self.passphrase, "four words of mine\n")

    def run(self, command: str, file: Path, *options: str) -> Result:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY"):
            self._monkeypatch.delenv(name, raising=False)
        self._monkeypatch.setenv("HOME", str(self.folder))
        self._monkeypatch.setenv("XDG_RUNTIME_DIR", str(self.folder))
        self._monkeypatch.setattr("assistant.cli.backup.service_account", lambda: None)
        chosen = {"backup": backup, "restore": restore}[command]
        arguments = [str(file), "--passphrase-file", str(self.passphrase), *options]
        return CliRunner().invoke(chosen, arguments)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.setattr("assistant.cli.backup.is_running", lambda *_: False)
    if "real_encryption" not in request.fixturenames:
        monkeypatch.setattr(encryption, "encrypt", lightly_encrypted)
        monkeypatch.setattr(encryption, "decrypt", lightly_decrypted)


@pytest.fixture
def real_encryption() -> None:
    """Do without the stand-in."""


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path / "old", monkeypatch)


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path / "new", monkeypatch)


def contents(paths: Paths) -> dict[str, bytes]:
    return {name: one.content for name, one in collect(paths).items() if name != STATE}


@pytest.mark.usefixtures("real_encryption")
def test_from_one_machine_to_another(old: Place, new: Place, tmp_path: Path) -> None:
    before, after = lived_in(old.folder), house(new.folder)
    file = tmp_path / "assistant.age"
    made = json.loads(old.run("backup", file, "--json").stdout)
    assert made["files"] == [
        "config/config.yaml",
        "config/intents/rooms/lamp.yaml",
        "models/phones/en.npz",
        "models/wake/computer.npz",
        "state/state.sqlite3",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["assistant.age"]
    result = new.run("restore", file)
    assert (result.exit_code, result.exception) == (0, None)
    assert contents(after) == contents(before)
    assert stat.S_IMODE((after.config_directories[0] / "config.yaml").stat().st_mode) == 0o640
    store = StateStore.open(after.database)
    assert [timer.name for timer in store.timers()] == ["pasta"]
    assert store.list_items("shopping") == ["milk"]
    store.close()


def test_secrets_and_the_intents_that_use_them_come_with_it(
    old: Place, new: Place, tmp_path: Path
) -> None:
    before, after = lived_in(old.folder), house(new.folder)
    write(before.owner_intents[0] / "fan.yaml", FAN)
    secret = before.config_directories[0] / "credentials" / "house"
    write(secret, "a long token\n")
    secret.chmod(0o600)
    file = tmp_path / "assistant.age"
    assert old.run("backup", file).exit_code == 0
    assert new.run("restore", file).exit_code == 0
    # It is refused where others could read it.
    assert find_credentials({}, after.config_directories).read("house") == "a long token"


def test_what_was_there_is_kept(old: Place, tmp_path: Path) -> None:
    paths, file = lived_in(old.folder), tmp_path / "assistant.age"
    old.run("backup", file)
    write(paths.config_directories[0] / "config.yaml", "timers: {ring_seconds: 9}\n")
    store = StateStore.open(paths.database)
    store.add_list_items("shopping", ["eggs"])
    store.close()
    kept = json.loads(old.run("restore", file, "--json").stdout)["kept"]
    assert (paths.config_directories[0] / "config.yaml").read_text() == CONFIG
    config, state, *_ = [Path(one) for one in kept]
    assert (config / "config.yaml").read_text() == "timers: {ring_seconds: 9}\n"
    store = StateStore.open(state)
    assert store.list_items("shopping") == ["milk", "eggs"]
    store.close()
    # Downloads, and the scores of the week, are where they were.
    assert (paths.models / "vosk-model-small-en-us-0.15" / "conf").exists()
    assert paths.score_log.read_text() == "scores"


def test_a_database_that_is_written_to_is_copied_as_of_one_moment(
    old: Place, tmp_path: Path
) -> None:
    store = StateStore.open(lived_in(old.folder).database)
    try:
        store.add_list_items("shopping", ["bread"])  # in the side file, and not in the file yet
        (name,) = [name for name in collect(house(old.folder)) if name == STATE]
        copy = tmp_path / "copy.sqlite3"
        copy.write_bytes(collect(house(old.folder))[name].content)
    finally:
        store.close()
    store = StateStore.open(copy)
    assert store.list_items("shopping") == ["milk", "bread"]
    store.close()


def test_files_that_lie_elsewhere_are_told(old: Place, tmp_path: Path) -> None:
    paths = lived_in(old.folder)
    text = "wake: {verifier: voices/ada.npz}\nspeech: {piper_voice: /srv/alba.onnx}\n"
    write(paths.config_directories[0] / "config.yaml", text)
    result = old.run("backup", tmp_path / "a.age")
    assert "Not in it, as it lies elsewhere: /srv/alba.onnx" in result.output
    assert "ada.npz" not in result.output


def sealed(file: Path, files: dict[str, Stored]) -> Path:
    file.write_bytes(lightly_encrypted(pack(files, "1.0", ""), "four words of mine"))
    return file


def newer_database(folder: Path) -> bytes:
    store = StateStore.open(folder / "newer.sqlite3")
    store._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    store.close()
    return (folder / "newer.sqlite3").read_bytes()


def test_error_a_backup_that_this_assistant_cannot_go_on_with_changes_nothing(
    old: Place, tmp_path: Path
) -> None:
    before = contents(lived_in(old.folder))
    newer = newer_database(tmp_path)
    refused: list[tuple[dict[str, Stored], type[Exception]]] = [
        ({"config/config.yaml": Stored(b"nonsense: 1\n")}, FileProblemsError),
        (
            {"config/intents/a.yaml": Stored(b"intents: {A: {sentences: ['(a']}}\n")},
            FileProblemsError,
        ),
        ({STATE: Stored(newer)}, StateError),
        ({STATE: Stored(b"no database at all, but text" * 99)}, BackupError),
        ({"state/another.sqlite3": Stored(b"")}, BackupError),
    ]
    for files, kind in refused:
        result = old.run("restore", sealed(tmp_path / "a.age", files))
        assert isinstance(result.exception, kind), files
        assert contents(house(old.folder)) == before
    assert not list(old.folder.rglob("*.before-restore-*"))


def test_error_a_disk_that_is_full_half_way_leaves_everything_as_it_was(
    old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, file = lived_in(old.folder), tmp_path / "a.age"
    old.run("backup", file)
    before, written = contents(paths), []
    write_some = restoring._write

    def full(files: dict[str, Stored], places: Paths) -> None:
        if places is not paths and "models/wake/computer.npz" in files and len(files) == 1:
            raise OSError(28, "No space left on device", "computer.npz")
        written.append(len(files))
        write_some(files, places)

    monkeypatch.setattr(restoring, "_write", full)
    result = old.run("restore", file)
    assert isinstance(result.exception, BackupError)
    assert "No space left on device; nothing was changed" in result.exception.message
    assert len(written) > 2  # after the trial, the configuration and the state were written
    assert contents(paths) == before
    assert not list(old.folder.rglob("*.before-restore-*"))


@pytest.mark.parametrize(("text", "told"), [("", "too short"), ("short\n", "too short")])
def test_error_a_passphrase_that_is_none(old: Place, tmp_path: Path, text: str, told: str) -> None:
    lived_in(old.folder)
    old.passphrase.write_text(text)
    result = old.run("backup", tmp_path / "a.age")
    assert isinstance(result.exception, BackupError)
    assert told in result.exception.message
    assert not (tmp_path / "a.age").exists()


def test_error_a_file_that_is_there_is_not_written_over(old: Place, tmp_path: Path) -> None:
    lived_in(old.folder)
    (tmp_path / "a.age").write_text("mine")
    assert isinstance(old.run("backup", tmp_path / "a.age").exception, BackupError)
    assert (tmp_path / "a.age").read_text() == "mine"
    assert old.run("backup", tmp_path / "a.age", "--replace").exception is None


def test_error_nothing_to_back_up(new: Place, tmp_path: Path) -> None:
    result = new.run("backup", tmp_path / "a.age")
    assert isinstance(result.exception, BackupError)
    assert "nothing to back up" in result.exception.message


def test_error_nobody_to_ask(old: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in(old.folder)
    monkeypatch.setenv("HOME", str(old.folder))
    monkeypatch.setattr("assistant.cli.backup.service_account", lambda: None)
    result = CliRunner().invoke(backup, [str(tmp_path / "a.age")])
    assert isinstance(result.exception, BackupError)
    assert "nobody to ask" in result.exception.message

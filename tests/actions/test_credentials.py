"""Secrets by name, and who may read them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.actions.credentials import Credentials, find_credentials
from assistant.errors import ActionError

SECRET = "very-secret-4711"  # noqa: S105


def write(path: Path, content: bytes = f"{SECRET}\n".encode(), mode: int = 0o600) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def error_of(credentials: Credentials, name: str = "token") -> ActionError:
    with pytest.raises(ActionError) as caught:
        credentials.read(name)
    assert SECRET not in repr(caught.value)
    assert SECRET not in str(caught.value)
    return caught.value


def test_a_file_of_the_owner(tmp_path: Path) -> None:
    write(tmp_path / "token")
    assert Credentials((tmp_path / "nowhere", tmp_path)).read("token") == SECRET


def test_a_new_secret_holds_at_once(tmp_path: Path) -> None:
    write(tmp_path / "token", b"old")
    credentials = Credentials((tmp_path,))
    assert credentials.read("token") == "old"
    write(tmp_path / "token", b"new")
    assert credentials.read("token") == "new"


def test_systemd_s_come_first(tmp_path: Path) -> None:
    write(
        tmp_path / "systemd" / "token", b"from systemd", 0o440
    )  # as systemd makes it, with an ACL
    write(tmp_path / "own" / "token")
    write(tmp_path / "own" / "other", b"own")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path / "systemd")}
    credentials = find_credentials(environment, (tmp_path,))
    assert credentials == Credentials((tmp_path / "credentials",), tmp_path / "systemd")
    credentials = Credentials((tmp_path / "own",), tmp_path / "systemd")
    assert (credentials.read("token"), credentials.read("other")) == ("from systemd", "own")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o602, 0o610])
def test_error_of_one_that_others_can_read(tmp_path: Path, mode: int) -> None:
    write(tmp_path / "token", mode=mode)
    error = error_of(Credentials((tmp_path,)))
    assert error.message == "the credential 'token' can be read by others"
    assert error.hint == f"Run: chmod 600 {tmp_path / 'token'}"


def test_error_of_somebody_else_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "token")
    if os.getuid() == 0:
        os.chown(tmp_path / "token", 4711, 4711)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 4711)
    error = error_of(Credentials((tmp_path,)))
    assert error.message == "the credential 'token' is somebody else's"


def test_error_of_one_that_is_missing(tmp_path: Path) -> None:
    error = error_of(Credentials((tmp_path, tmp_path / "second")))
    assert error.message == "the credential 'token' is missing"
    assert error.hint == f"Write it into {tmp_path / 'token'}, with mode 600."
    assert error_of(Credentials()).message == "the credential 'token' is missing"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", f"{SECRET}\nmore".encode(), b"a\r\nX: 1", b"\xff" + SECRET.encode(), b"a\0b",
        b"x" * 20_000,
    ],
)  # fmt: skip
def test_error_of_what_is_no_line(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "token", content)
    error = error_of(Credentials((tmp_path,)))
    assert error.message == "the credential 'token' is no secret of one line"


def test_error_of_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("token", "pipe"):
        error = error_of(Credentials((tmp_path,)), name)
        assert error.message == f"the credential '{name}' cannot be read"

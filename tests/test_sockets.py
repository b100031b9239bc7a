from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from assistant.errors import ControlError
from assistant.sockets import listening, peer_user_id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assistant" / "control.sock"


def test_the_folder_and_the_socket_are_for_this_user_alone(path: Path) -> None:
    with listening(path, "assistant"):
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_socket_may_be_for_a_group(path: Path) -> None:
    with listening(path, "bridge", mode=0o660):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_somebody_can_connect_and_is_known(path: Path) -> None:
    with listening(path, "assistant") as listener, socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        connection, _ = listener.accept()
        with connection:
            assert peer_user_id(connection) == os.geteuid()


def test_the_file_goes_in_the_end(path: Path) -> None:
    with listening(path, "assistant"):
        pass
    assert not path.exists()


def test_the_file_of_a_process_that_was_killed_is_replaced(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    with listening(path, "assistant"), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))


def test_error_of_another_one_and_it_goes_on_listening(path: Path) -> None:
    with listening(path, "assistant"):
        with pytest.raises(ControlError) as caught, listening(path, "assistant"):
            raise AssertionError("two listen at one place")
        assert caught.value.message == "another assistant is already running"
        assert caught.value.hint == f"It listens at {path}; stop it first."
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))


def test_error_of_another_one_too_busy_to_answer(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as busy, socket.socket(socket.AF_UNIX) as waiting:
        busy.bind(str(path))
        busy.listen(0)
        waiting.connect(str(path))
        with (
            pytest.raises(ControlError, match=r"^Another assistant is already running"),
            listening(path, "assistant"),
        ):
            raise AssertionError("two listen at one place")


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_error_of_a_folder_that_others_can_write_to(path: Path, mode: int) -> None:
    path.parent.mkdir()
    path.parent.chmod(mode)
    with pytest.raises(ControlError) as caught, listening(path, "assistant"):
        raise AssertionError("listens where others can put a socket of theirs")
    assert caught.value.message == f"the folder {path.parent} is not this user's alone"
    assert caught.value.hint == "Remove it, or set XDG_RUNTIME_DIR to a folder of yours."


def test_error_of_a_folder_that_is_a_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    path.parent.symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(ControlError, match=r"is not this user's alone"),
        listening(path, "assistant"),
    ):
        raise AssertionError("listens where a link led to")


def test_error_of_a_folder_of_another_user(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir(mode=0o700)
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    with (
        pytest.raises(ControlError, match=r"is not this user's alone"),
        listening(path, "assistant"),
    ):
        raise AssertionError("listens in a folder of another user")


def test_error_of_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "assistant" / "control.sock"
    with pytest.raises(ControlError) as caught, listening(path, "assistant"):
        raise AssertionError("listens in a file")
    assert caught.value.message == f"the folder {path.parent} cannot be made: Not a directory"


def test_error_of_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 100) / "control.sock"
    with pytest.raises(ControlError) as caught, listening(path, "assistant"):
        raise AssertionError("listens at a path that no socket can have")
    assert caught.value.message == (f"the assistant cannot listen at {path}: AF_UNIX path too long")
    assert caught.value.hint == "Check its folder."

"""A music player daemon: a real one, and impostors."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.actions.bridge import BridgePlayer
from assistant.bridge import House
from assistant.config import load_settings
from assistant.errors import ActionError
from assistant.players.mpd import MpdPlayer
from assistant.playing import network_player
from assistant.ports import MediaCommand, Track
from tests.players.music import Mpd, playing_daemon
from tests.running import Running, home
from tests.test_bridge import bridge

pytestmark = pytest.mark.engines

TRAIN = Track("Blue Train", "John Coltrane", playing=True)


@pytest.fixture(scope="module")
def daemon() -> Iterator[Mpd]:
    with playing_daemon() as mpd:
        yield mpd


@pytest.fixture
def mpd(daemon: Mpd) -> Mpd:
    daemon.tell("stop")
    return daemon


def do(mpd: Mpd, command: MediaCommand) -> Track | None:
    return asyncio.run(MpdPlayer(mpd.address).do(command))


def test_it_plays_and_tells_what(mpd: Mpd) -> None:
    assert do(mpd, MediaCommand.LOOK) is None
    assert do(mpd, MediaCommand.PLAY) is not None
    assert do(mpd, MediaCommand.LOOK) == TRAIN
    assert mpd.state == "play 0"
    assert do(mpd, MediaCommand.PLAY) == TRAIN
    assert mpd.state == "play 0"


def test_paused_it_goes_on_where_it_was(mpd: Mpd) -> None:
    mpd.tell("seek 0 30")  # plays, too; a decoder that just begins may refuse "seekcur"
    assert do(mpd, MediaCommand.PAUSE) == TRAIN
    assert mpd.state == "pause 0"
    assert do(mpd, MediaCommand.LOOK) is None
    assert do(mpd, MediaCommand.PAUSE) is None
    assert do(mpd, MediaCommand.PLAY) == Track("Blue Train", "John Coltrane", playing=False)
    assert mpd.state == "play 0"
    told = dict(line.split(": ", 1) for line in mpd.tell("status").splitlines())
    assert float(told["elapsed"]) >= 30


def test_back_and_forth(mpd: Mpd) -> None:
    mpd.tell("play 0")
    do(mpd, MediaCommand.NEXT)
    assert mpd.state == "play 1"
    assert do(mpd, MediaCommand.LOOK) == Track("Für Elise", "", playing=True)
    do(mpd, MediaCommand.NEXT)
    assert do(mpd, MediaCommand.LOOK) == Track("3", "", playing=True)
    do(mpd, MediaCommand.PREVIOUS)
    assert mpd.state == "play 1"
    do(mpd, MediaCommand.STOP)
    assert mpd.state.startswith("stop")


@pytest.mark.parametrize(
    "command",
    [MediaCommand.PAUSE, MediaCommand.NEXT, MediaCommand.PREVIOUS, MediaCommand.STOP],
)
def test_nothing_is_playing(mpd: Mpd, command: MediaCommand) -> None:
    assert do(mpd, command) is None


def test_nothing_to_play(mpd: Mpd) -> None:
    kept = mpd.tell("playlist")
    mpd.tell("clear")
    try:
        assert do(mpd, MediaCommand.PLAY) is None
    finally:
        mpd.tell(*(f'add "{line.split(": ")[1]}"' for line in kept.splitlines()))


def test_one_in_the_network_is_reached_by_the_bridge(mpd: Mpd, tmp_path: Path) -> None:
    text = f"media: {{mpd: '127.0.0.1:{mpd.port}'}}"
    mpd.tell("play 0")

    async def scene() -> tuple[Track | None, Track | None]:
        path = tmp_path / "run" / "bridge.sock"
        house = House({}, player=network_player(load_settings(text, "config.yaml")))
        async with bridge(path, read=lambda: house):
            player = BridgePlayer(path)
            return await player.do(MediaCommand.PAUSE), await player.do(MediaCommand.PAUSE)

    assert asyncio.run(scene()) == (TRAIN, None)
    assert mpd.state == "pause 0"


@pytest.mark.parametrize("where", ["{0.address}", "127.0.0.1:{0.port}"], ids=["socket", "port"])
def test_a_running_assistant_without_network_reaches_it(mpd: Mpd, where: str) -> None:
    mpd.tell("play 0")
    with home() as place:
        place.config(f"media: {{mpd: '{where.format(mpd)}'}}\n")
        with Running(place) as assistant:
            assert "Blue Train" in assistant.say("what is playing")["reply"]
            assert assistant.say("pause the music")["outcome"] == "acted"
            assert mpd.state == "pause 0"
            assert assistant.say("pause the music")["reply"] == "Nothing is playing."


def test_error_the_bridge_knows_no_player(tmp_path: Path) -> None:
    async def scene() -> None:
        path = tmp_path / "run" / "bridge.sock"
        async with bridge(path):
            await BridgePlayer(path).do(MediaCommand.PAUSE)

    with pytest.raises(ActionError) as caught:
        asyncio.run(scene())
    assert str(caught.value) == (
        "The bridge knows no music player. Set media.mpd to its host:port, and restart the bridge."
    )


def test_error_nothing_listens(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        asyncio.run(MpdPlayer(str(tmp_path / "socket")).do(MediaCommand.PLAY))
    assert caught.value.message == "the music player cannot be reached"
    assert str(tmp_path / "socket") in caught.value.hint


IMPOSTORS = {
    "no MPD": (b"220 smtp\r\n", "the music player cannot be reached"),
    "hangs up": (b"OK MPD 0.23.5\n", "the music player cannot be reached"),
    "half a line": (b"OK MPD 0.23.5\nstate: pl", "the music player cannot be reached"),
    "refuses": (b"OK MPD 0.23.5\nACK [4@0] {status} you don't have permission\n",
                "the music player refuses"),
    "no number": (b"OK MPD 0.23.5\nstate: stop\nplaylistlength: many\nOK\n",
                  "the music player cannot be reached"),
    "a long line": (b"OK MPD 0.23.5\n" + b"x" * 20_000 + b"\n",
                    "the music player cannot be reached"),
    "no end": (b"OK MPD 0.23.5\n" + b"a: b\n" * 1000, "the music player cannot be reached"),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "told"), IMPOSTORS.values(), ids=IMPOSTORS)
def test_error_something_else_listens(tmp_path: Path, sent: bytes, told: str) -> None:
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(ConnectionError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1024):
                    pass

        serving = threading.Thread(target=serve)
        serving.start()
        with pytest.raises(ActionError) as caught:
            asyncio.run(MpdPlayer(path).do(MediaCommand.PLAY))
        serving.join(20)
    assert caught.value.message == told

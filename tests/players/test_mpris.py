"""Programs that play, on a real session bus."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import ActionError
from assistant.players.mpris import MprisPlayers, session_bus
from assistant.ports import MediaCommand, Track
from tests.players.session import Program, programs, session

pytestmark = pytest.mark.engines

SONG: dict[str, Any] = {
    "title": ("s", "Blue Train"),
    "artist": ("as", ["John Coltrane", "Lee Morgan"]),
}
TRAIN = Track("Blue Train", "John Coltrane, Lee Morgan", playing=True)


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    with session() as found:
        yield found


def do(
    environment: dict[str, str], *commands: MediaCommand, **running: Program
) -> list[Track | None]:
    async def scene() -> list[Track | None]:
        player = MprisPlayers(environment)
        async with programs(environment, **running):
            return [await player.do(command) for command in commands]

    return asyncio.run(scene())


def test_what_is_playing(environment: dict[str, str]) -> None:
    assert do(environment, MediaCommand.LOOK, vlc=Program(**SONG)) == [TRAIN]


@pytest.mark.parametrize("status", ["Paused", "Stopped"])
def test_nothing_is_playing(environment: dict[str, str], status: str) -> None:
    vlc = Program(status, **SONG)
    found = do(environment, MediaCommand.LOOK, MediaCommand.PAUSE, vlc=vlc)
    assert found == [None, None]
    assert vlc.did == []


def test_no_program_is_there(environment: dict[str, str]) -> None:
    assert do(environment, MediaCommand.PLAY, MediaCommand.LOOK) == [None, None]


def test_each_command_arrives(environment: dict[str, str]) -> None:
    vlc = Program(**SONG)
    do(
        environment,
        MediaCommand.NEXT,
        MediaCommand.PREVIOUS,
        MediaCommand.PAUSE,
        MediaCommand.PLAY,
        MediaCommand.STOP,
        vlc=vlc,
    )
    assert vlc.did == ["Next", "Previous", "Pause", "Play", "Stop"]


def test_the_one_that_plays_is_meant(environment: dict[str, str]) -> None:
    browser, vlc = Program("Paused"), Program("Playing", **SONG)
    assert do(environment, MediaCommand.PAUSE, browser=browser, vlc=vlc) == [TRAIN]
    assert (browser.did, vlc.did) == ([], ["Pause"])


def test_what_was_paused_last_goes_on(environment: dict[str, str]) -> None:
    browser, vlc = Program("Paused"), Program("Playing")
    do(environment, MediaCommand.PAUSE, MediaCommand.PLAY, browser=browser, vlc=vlc)
    assert (browser.did, vlc.did) == ([], ["Pause", "Play"])


def test_a_program_that_hangs_is_none(environment: dict[str, str]) -> None:
    browser, vlc = Program(), Program(**SONG)
    browser.hangs = True
    assert do(environment, MediaCommand.LOOK, browser=browser, vlc=vlc) == [TRAIN]


def test_what_says_nothing_of_itself_has_no_title(environment: dict[str, str]) -> None:
    odd = Program(title=("i", 7), artist=("s", "Nobody"))
    assert do(environment, MediaCommand.LOOK, radio=Program()) == [Track("", "", playing=True)]
    assert do(environment, MediaCommand.LOOK, odd=odd) == [Track("7", "Nobody", playing=True)]


def test_error_it_refuses(environment: dict[str, str]) -> None:
    vlc = Program()
    vlc.broken = True
    with pytest.raises(ActionError) as caught:
        do(environment, MediaCommand.NEXT, vlc=vlc)
    assert caught.value.message == "the music player refuses"
    assert "I cannot" in caught.value.hint


def test_error_without_a_session(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        do_alone({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert str(caught.value) == (
        "There is no session bus here. A service of the system sees no player of a user: have it "
        "use MPD (media.mpd), or start it in the user's session."
    )


def test_error_a_session_that_is_over(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as caught:
        do_alone({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"})
    assert caught.value.message == "the session bus cannot be reached"


def test_error_a_bus_in_the_network() -> None:
    with pytest.raises(ActionError) as caught:
        do_alone({"DBUS_SESSION_BUS_ADDRESS": "tcp:host=127.0.0.1,port=1"})
    assert caught.value.message == "the session bus cannot be reached"


def do_alone(environment: dict[str, str]) -> None:
    asyncio.run(MprisPlayers(environment).do(MediaCommand.LOOK))


def test_where_the_bus_is(tmp_path: Path) -> None:
    given = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert session_bus(given) == "unix:path=/x"
    assert session_bus({"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    (tmp_path / "bus").touch()
    assert session_bus({"XDG_RUNTIME_DIR": str(tmp_path)}) == f"unix:path={tmp_path}/bus"
    assert session_bus({}) is None

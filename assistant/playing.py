"""Composition of music: from settings to the player that "pause the music" is said to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.actions.bridge import BridgePlayer
from assistant.players.mpd import DEFAULT_SOCKET, MpdPlayer
from assistant.players.mpris import MprisPlayers, session_bus

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.paths import Paths
    from assistant.ports import MediaCommand, MediaPlayer, Track


def find_player(settings: Settings, paths: Paths) -> MediaPlayer:
    """Return what plays; whether it is there is found out when it is asked for."""
    chosen = settings.media
    mpris = MprisPlayers()
    if chosen.player == "mpris":
        return mpris
    if _is_in_network(chosen.mpd):
        return BridgePlayer(paths.bridge_socket)
    mpd = MpdPlayer(_path(chosen.mpd) if chosen.mpd else str(DEFAULT_SOCKET))
    return mpd if chosen.mpd or chosen.player == "mpd" else Either(mpris, mpd)


def network_player(settings: Settings) -> MediaPlayer | None:
    """Return what the bridge plays for the core: an MPD by host and port."""
    chosen = settings.media
    wanted = chosen.player != "mpris" and _is_in_network(chosen.mpd)
    return MpdPlayer(chosen.mpd) if wanted else None


class Either:
    """The programs of the user's session; where there is no session, an MPD of the system."""

    def __init__(self, mpris: MprisPlayers, mpd: MpdPlayer) -> None:
        self._mpris = mpris
        self._mpd = mpd

    async def do(self, command: MediaCommand) -> Track | None:
        """Do it. Raises ActionError."""
        return await self._player().do(command)

    def _player(self) -> MediaPlayer:
        has_session = session_bus(os.environ) is not None
        use_mpd = not has_session and Path(self._mpd.address).exists()
        return self._mpd if use_mpd else self._mpris


def _is_in_network(address: str) -> bool:
    return bool(address) and not address.startswith(("/", "~"))


def _path(address: str) -> str:
    return str(Path(address).expanduser())

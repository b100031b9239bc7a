"""Music: play, pause, next, previous, stop, and what is playing, by whatever player there is."""

from __future__ import annotations

from assistant.errors import ActionError
from assistant.ports import Action, MediaCommand, MediaPlayer
from assistant.turn import ActionResult, Match

LONGEST_NAME = 200
"""Of a title, which somebody else has written and the assistant is to speak."""


def media_actions(player: MediaPlayer | None) -> dict[str, Action]:
    """Make the actions; without a player all of them fail."""

    def simple(command: MediaCommand) -> Action:
        async def do(match: Match) -> ActionResult:  # noqa: ARG001 - there is nothing to say
            found = await _reachable(player).do(command)
            return ActionResult("none" if found is None else "done")

        return do

    async def playing(match: Match) -> ActionResult:  # noqa: ARG001
        return await tell_playing(_reachable(player))

    commands = [one for one in MediaCommand if one is not MediaCommand.LOOK]
    return {f"media.{one}": simple(one) for one in commands} | {"media.playing": playing}


async def tell_playing(player: MediaPlayer) -> ActionResult:
    """Tell title and artist, as far as they are known; 'none' while nothing plays."""
    track = await player.do(MediaCommand.LOOK)
    if track is None or not track.playing:
        return ActionResult("none")
    title, artist = _speakable(track.title), _speakable(track.artist)
    if not title:
        return ActionResult("unknown")
    if not artist:
        return ActionResult("titled", {"title": title})
    return ActionResult("done", {"title": title, "artist": artist})


def _reachable(player: MediaPlayer | None) -> MediaPlayer:
    if player is None:
        raise ActionError("there is no player of music here", "Start it with: assistant run")
    return player


def _speakable(name: str) -> str:
    """One line without control characters, of a length that somebody listens to."""
    words = "".join(c if c.isprintable() else " " for c in name).split()
    return " ".join(words)[:LONGEST_NAME]

"""It does not take its own voice for the owner's."""

from __future__ import annotations

import pytest

from scripts.benchmarks import self_hearing
from tests.recordings import RECORDINGS
from tests.running import Running, home
from tests.sound_server import PulseServer

pytestmark = pytest.mark.engines

HEARD = {"wake-detected", "stop-heard", "transcribed"}


def heard_before(assistant: Running, last: str) -> set[str]:
    """What of the things to be heard it hears until this happens."""
    names: set[str] = set()
    while last not in names:
        names.add(assistant.next_event()["event"])
    return names & HEARD


def test_from_the_loudspeaker_into_the_microphone() -> None:
    """18 dB softer than it plays; and the microphone stays open for what may follow."""
    with home() as place, PulseServer() as server:
        place.config("dialogue: {follow_up: always, follow_up_seconds: 1}\n")
        server.feed_back(50)
        environment = server.as_sound_card
        arguments = ("--source", "default", "--output", "default")
        with Running(place, *arguments, environment=environment) as assistant:
            for text in ("set a pasta timer for ten minutes", "which timers are running"):
                assistant.say(text)
                assert heard_before(assistant, "turn-ended") == set()
            server.play(RECORDINGS / "what-time.flac")
            assert heard_before(assistant, "turn-ended") == {"wake-detected", "transcribed"}
            assert heard_before(assistant, "nothing-heard") == set()
            assert assistant.terminate() == 0


@pytest.mark.parametrize("decibels", self_hearing.LEVELS_DB)
def test_its_answers_in_a_room(decibels: float) -> None:
    """A few of them; ``scripts/bench self-hearing`` takes 200."""
    for number, text in enumerate(self_hearing.answers(6)):
        assert dict(self_hearing.hear(text, decibels, number)) == {"nothing": 1}, text

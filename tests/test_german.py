"""A conversation in German, without a daemon: nothing that is said is English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import clock
from assistant.config import IntentsSettings, Settings
from assistant.engines import load_understanding, spoken_grammar
from assistant.errors import EngineError
from assistant.local import say_here
from assistant.paths import Paths
from assistant.recognizing import build_recognizer
from assistant.turn import Outcome

GERMAN = Settings(intents=IntentsSettings(language="de"))


class Flat:
    """A German assistant with a clock that is turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 22, 15, 9, 26, tzinfo=UTC)
        self.paths = Paths((folder / "config",), folder / "state", folder / "run")
        self.understanding = replace(load_understanding(GERMAN, self.paths), pick=lambda _: 0)

    def say(self, text: str) -> str:
        """Say something that is acted on; returns the reply."""
        record = say_here(
            GERMAN, self.paths, replace(self.understanding, now=lambda: self.now), text
        )
        assert record.outcome is Outcome.ACTED, text
        assert record.reply is not None
        return record.reply

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flat:
    flat = Flat(tmp_path)
    now: Callable[[], datetime] = lambda: flat.now  # noqa: E731
    monkeypatch.setattr(clock, "now", now)
    return flat


def test_a_timer_is_set_asked_for_and_cancelled(flat: Flat) -> None:
    assert flat.say("Stell einen Timer auf zehn Minuten") == "Der Timer läuft: 10 Minuten."
    flat.wait(minutes=2, seconds=30)
    assert flat.say("Wie lange noch?") == "Noch 7 Minuten und 30 Sekunden."
    assert flat.say("Lösche den Timer.") == "Der Timer auf 10 Minuten ist gelöscht."
    assert flat.say("Wie lange noch?") == "Es läuft kein Timer."


def test_several_timers_are_told_apart_by_name_and_length(flat: Flat) -> None:
    said = "Der Timer für Nudeln läuft: 8 Minuten und 30 Sekunden."
    assert flat.say("Nudeltimer auf 8,5 Minuten") == said
    assert flat.say("Timer eine Stunde") == "Der Timer läuft: 1 Stunde."
    assert flat.say("Stell einen Timer für die Soße auf eine Viertelstunde") == (
        "Der Timer für Soße läuft: 15 Minuten."
    )
    flat.wait(seconds=90)
    assert flat.say("Welche Timer laufen noch?") == (
        "Es laufen 3 Timer: Nudeln, Soße und 1 Stunde. Der erste läuft noch 7 Minuten."
    )
    assert flat.say("Brich den Timer ab") == (
        "Sag mir, welchen. Es laufen: Nudeln, Soße und 1 Stunde."
    )
    assert flat.say("stopp den Timer für die Soße") == "Der Timer für Soße ist gelöscht."
    assert flat.say("Wie lange läuft der Nudel-Timer noch?") == (
        "Der Timer für Nudeln läuft noch 7 Minuten."
    )
    assert flat.say("lösch alle Timer") == "Alle Timer sind gelöscht."


def test_the_time_the_day_and_the_volume(flat: Flat) -> None:
    assert flat.say("Wie spät ist es?") == "Es ist 15:09 Uhr."
    assert flat.say("Welcher Tag ist heute?") == "Heute ist Sonntag, 22. November."
    assert flat.say("Lautstärke fünfzig Prozent") == "Lautstärke 50 Prozent."
    assert flat.say("ein bisschen lauter bitte") == "Lautstärke 60 Prozent."


def test_two_commands_in_one_sentence(flat: Flat) -> None:
    matches = flat.understanding.graph.understand("Timer zehn Minuten und dann lauter")
    assert [match.intent for match in matches] == ["SetTimer", "VolumeUp"]


def test_what_can_be_said_is_told_in_german(flat: Flat) -> None:
    told = flat.say("Was kannst du?")
    assert told is not None
    assert told.startswith(
        "Du kannst zum Beispiel sagen: weck mich um sieben, welche Wecker sind gestellt, "
        "lösche den Wecker, lösche alle Wecker und überspring den nächsten Wecker. Oder frag,"
    )
    told = flat.say("Was kann ich über Timer sagen?")
    assert told is not None
    assert told.startswith("Du kannst sagen: pausiere den Timer,")


def test_a_reply_is_cut_short_by_the_german_word(flat: Flat) -> None:
    assert spoken_grammar(flat.understanding).stop_phrase == "stopp"


@pytest.mark.engines
def test_error_pocketsphinx_does_not_hear_german(flat: Flat) -> None:
    with pytest.raises(EngineError) as caught:
        build_recognizer(GERMAN, flat.paths)
    assert str(caught.value) == (
        "PocketSphinx has no model for the language 'de'. "
        f"Use Vosk: unpack a model of the language into {flat.paths.models}."
    )

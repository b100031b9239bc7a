"""The intents that come with the assistant, in each language."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from assistant.intents.builtins import BUILTIN_ACTIONS, RESPONSES
from assistant.intents.model import BuiltinCall, IntentSet
from assistant.intents.overlaps import find_overlaps
from assistant.intents.selftest import run_tests
from assistant.recognizers.grammar import PrefixStatus, prefix_status, sample
from assistant.speech.responses import choose_reply, response
from assistant.turn import ActionResult
from assistant.values import Quantity, Recurrence
from tests.intents.files import LANGUAGES, shipped

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def test_the_languages() -> None:
    assert LANGUAGES == ("de", "en")


@in_each_language
def test_their_own_tests_hold(language: str) -> None:
    intents, graph, _ = shipped(language)
    assert [str(problem) for problem in run_tests(intents, graph)] == []


@in_each_language
def test_nothing_looks_like_a_mistake(language: str) -> None:
    intents, graph, _ = shipped(language)
    assert [str(problem) for problem in intents.warnings] == []
    assert [str(problem) for problem in find_overlaps(graph)] == []


@in_each_language
def test_every_intent_has_tests_of_both_kinds_and_help_that_means_it(language: str) -> None:
    intents, graph, _ = shipped(language)
    for intent in intents.intents.values():
        assert {test.negative for test in intent.tests} == {True, False}, intent.name
        match = graph.match(intent.help)
        assert match is not None
        assert match.intent == intent.name


@in_each_language
def test_every_builtin_action_has_an_intent(language: str) -> None:
    actions = [intent.action for intent in shipped(language)[0].intents.values()]
    named = {action.name for action in actions if isinstance(action, BuiltinCall)}
    assert named == BUILTIN_ACTIONS.keys()


@in_each_language
def test_each_language_has_the_same_intents_and_answers(language: str) -> None:
    def offered(intents: IntentSet) -> dict[str, tuple[str, set[str]]]:
        return {
            name: (action_of(intents, name), set(intent.replies))
            for name, intent in intents.intents.items()
        }

    intents, english = shipped(language)[0], shipped("en")[0]
    assert offered(intents) == offered(english)
    assert intents.responses.keys() == english.responses.keys() == RESPONSES.keys()


def test_every_word_is_in_the_recognizers_dictionary() -> None:
    spec = find_spec("pocketsphinx")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "model" / "en-us" / "cmudict-en-us.dict"
    known = {line.split(maxsplit=1)[0] for line in path.read_text().splitlines()}
    assert set(shipped("en")[2].words()) - known == set()


# German numbers are one word each: there are twice as many of them. Some two hundred words are of
# what one buys, and a quarter of the arcs is of alarms and reminders.
@pytest.mark.parametrize(
    ("language", "states", "arcs", "words"), [("en", 1150, 13_400, 700), ("de", 1050, 18_500, 950)]
)
def test_the_grammar_stays_small_enough_for_a_raspberry_pi(
    language: str, states: int, arcs: int, words: int
) -> None:
    grammar = shipped(language)[2]
    assert len(grammar.arcs) < states
    assert sum(map(len, grammar.arcs)) < arcs
    assert len(grammar.words()) < words


@in_each_language
def test_samples_mean_something(language: str) -> None:
    _, graph, grammar = shipped(language)
    chance = random.Random(1)  # noqa: S311
    for _ in range(500):
        text = sample(grammar, chance.randrange)
        assert graph.match(text) is not None, text


SHORT = {
    "en": ["stop", "what time is it", "volume up", "never mind", "louder"],
    "de": ["stopp", "wie spät ist es", "lautstärke hoch", "vergiss es", "lauter", "wie lange noch"],
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in SHORT for text in SHORT[language]]
)
def test_short_commands_are_whole(language: str, text: str) -> None:
    status = prefix_status(shipped(language)[2], text.split())
    assert status in {PrefixStatus.COMPLETE, PrefixStatus.COMPLETE_FINAL}


WORDS = {
    "en": {
        "name": "pasta",
        "text": "It is late.",
        "examples": ["stop", "louder"],
        "reason": "the light did not answer",
        "sentence": "what time is it",
        "first": "louder",
        "second": "quieter",
        "list": "shopping",
        "items": ["milk", "eggs", "2 bottles of water"],
        "there": ["bread"],
        "missing": ["butter"],
        "choices": ["oat milk", "soy milk"],
        "letters": "H, I",
        "title": "Blue Train",
        "artist": "John Coltrane",
        "command": "turn off the lamp",
        "commands": ["turn off the lamp", "louder"],
        "texts": ["call mum", "feed the cat"],
    },
    "de": {
        "name": "Nudeln",
        "text": "Es ist spät.",
        "examples": ["stopp", "lauter", "leiser"],
        "reason": "the light did not answer",
        "sentence": "wie spät ist es",
        "first": "lauter",
        "second": "leiser",
        "list": "Einkaufsliste",
        "items": ["Milch", "Eier", "2 Flaschen Wasser"],
        "there": ["Brot"],
        "missing": ["Butter"],
        "choices": ["Hafermilch", "Sojamilch"],
        "letters": "H, I",
        "title": "Blue Train",
        "artist": "John Coltrane",
        "command": "mach lauter",
        "commands": ["mach lauter", "mach leiser"],
        "texts": ["den Müll", "die Katze"],
    },
}


WEEKDAYS = Recurrence(
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=7;BYMINUTE=0;BYSECOND=0",
    dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC),
)


def values(language: str) -> Mapping[str, Any]:
    """A value for each name that an action or a response delivers."""
    words = WORDS[language]
    timers = [words["name"], dt.timedelta(minutes=5)]
    return {
        **words,
        "time": dt.datetime(2026, 11, 22, 19, 30, tzinfo=dt.UTC),
        "next": dt.datetime(2026, 11, 23, 19, 30, tzinfo=dt.UTC),
        "times": [dt.datetime(2026, 11, 22, 19, 30, tzinfo=dt.UTC), WEEKDAYS],
        "alarms": [dt.datetime(2026, 11, 22, 19, 30, tzinfo=dt.UTC), WEEKDAYS],
        "repeat": WEEKDAYS,
        "paused": True,
        "date": dt.date(2026, 11, 22),
        "duration": dt.timedelta(minutes=5),
        "left": dt.timedelta(minutes=4, seconds=1),
        "late": dt.timedelta(days=2),
        "names": timers,
        "timers": timers,
        "groups": ["timers", "the volume"],
        "lefts": [dt.timedelta(minutes=1), dt.timedelta(minutes=5)],
        "count": 2,
        "volume": 50,
        "result": 84,
        "quantity": Quantity(2, "pound"),
        "number": 5,
        "numbers": [5, 2],
        "total": 7,
    }


def action_of(intents: IntentSet, name: str) -> str:
    action = intents.intents[name].action
    assert isinstance(action, BuiltinCall)
    return action.name


REPLIES = {
    "en": {
        "clock.time done": "It is 7:30 PM.",
        "clock.date done": "It is Sunday, November 22.",
        "assistant.stop done": "",
        "assistant.never_mind done": "",
        "assistant.repeat done": "It is late.",
        "assistant.repeat none": "I have not said anything yet.",
        "assistant.help done": "You can say: stop and louder.",
        "assistant.help group": "You can say: stop and louder.",
        "microphone.mute done": "The microphone is off. I hear no wake word until you turn it on "
        "again with a button, or with assistant unmute.",
        "microphone.mute timed": "The microphone is off for 5 minutes. I hear no wake word until "
        "then.",
        "microphone.unmute done": "The microphone is on again.",
        "microphone.unmute none": "The microphone is on already.",
        "assistant.yes done": "There is nothing to confirm.",
        "assistant.no done": "All right.",
        "assistant.choose done": "There is nothing to choose from.",
        "timers.set done": "Timer set for 5 minutes.",
        "timers.set named": "Pasta timer set for 5 minutes.",
        "timers.left none": "There is no timer.",
        "timers.left one": "4 minutes and 1 second left.",
        "timers.left named": "4 minutes and 1 second left on the pasta timer.",
        "timers.left many": "There are 2 timers: pasta and 5 minutes. "
        "The first has 4 minutes and 1 second left.",
        "timers.list none": "There is no timer.",
        "timers.list one": "4 minutes and 1 second left.",
        "timers.list named": "4 minutes and 1 second left on the pasta timer.",
        "timers.list many": "There are 2 timers: pasta and 5 minutes. "
        "The first has 4 minutes and 1 second left.",
        "timers.cancel none": "There is no timer.",
        "timers.cancel done": "The timer for 5 minutes is cancelled.",
        "timers.cancel named": "The pasta timer is cancelled.",
        "timers.cancel which": "Say which one to cancel. Running now: pasta and 5 minutes.",
        "timers.cancel_all none": "There is no timer.",
        "timers.cancel_all done": "All timers are cancelled.",
        "lists.add done": "Added milk, eggs, and 2 bottles of water to the shopping list.",
        "lists.add there": "The shopping list has bread already.",
        "lists.add some": "Added milk, eggs, and 2 bottles of water. "
        "The shopping list had bread already.",
        "lists.remove done": "Took milk, eggs, and 2 bottles of water off the shopping list.",
        "lists.remove missing": "No butter on the shopping list.",
        "lists.remove some": "Took milk, eggs, and 2 bottles of water off the shopping list. "
        "There was no butter.",
        "lists.remove which": "Say which of these: oat milk and soy milk.",
        "lists.tell none": "The shopping list is empty.",
        "lists.tell done": "On the shopping list: milk, eggs, and 2 bottles of water.",
        "lists.find done": "Yes, milk, eggs, and 2 bottles of water.",
        "lists.find missing": "No butter on the shopping list.",
        "lists.clear none": "The shopping list is empty already.",
        "lists.clear done": "The shopping list is empty now.",
        "calculator.calculate done": "84.",
        "calculator.calculate about": "About 84.",
        "calculator.calculate by_zero": "Nothing can be divided by zero.",
        "calculator.calculate no_root": "A negative number has no square root.",
        "conversion.convert done": "2 pounds is 907 grams.",
        "conversion.convert about": "2 pounds is about 907 grams.",
        "conversion.convert different": "2 pounds cannot be turned into that.",
        "spelling.spell done": "H, I.",
        "spelling.spell too_long": "That is too long to spell.",
        "chance.dice done": "5.",
        "chance.dice several": "5 and 2: 7 in all.",
        "chance.dice too_many": "I have twenty dice.",
        "chance.coin heads": "Heads.",
        "chance.coin tails": "Tails.",
        "chance.number done": "5.",
        "assistant.heard done": "I heard: It is late.",
        "assistant.heard none": "I have not heard anything yet.",
        "assistant.undo done": "I took it back.",
        "assistant.undo none": "There is nothing I can take back.",
        "assistant.last_asked done": "You said: It is late.",
        "assistant.last_asked none": "Nothing so far.",
        "media.play done": "",
        "media.play none": "There is nothing to play.",
        "media.pause done": "",
        "media.pause none": "Nothing is playing.",
        "media.next done": "",
        "media.next none": "Nothing is playing.",
        "media.previous done": "",
        "media.previous none": "Nothing is playing.",
        "media.stop done": "",
        "media.stop none": "Nothing is playing.",
        "media.playing done": "Blue Train, by John Coltrane.",
        "media.playing titled": "Blue Train.",
        "media.playing unknown": "It does not tell what it plays.",
        "media.playing none": "Nothing is playing.",
        "volume.set done": "Volume 50 percent.",
        "volume.up done": "Volume 50 percent.",
        "volume.up loudest": "This is as loud as it gets.",
        "volume.down done": "Volume 50 percent.",
        "volume.down quietest": "This is as quiet as it gets.",
        "alarms.set done": "Alarm set for 7:30 PM.",
        "alarms.set repeated": "Alarm set every weekday at 7:00 AM. The first is 7:30 PM.",
        "alarms.list none": "No alarm is set.",
        "alarms.list one": "One alarm: 7:30 PM and every weekday at 7:00 AM.",
        "alarms.list many": "There are 2 alarms: 7:30 PM and every weekday at 7:00 AM. "
        "The next one is 7:30 PM.",
        "alarms.cancel none": "No alarm is set.",
        "alarms.cancel done": "The alarm for 7:30 PM is cancelled.",
        "alarms.cancel which": "Say which one to cancel. "
        "Set are: 7:30 PM and every weekday at 7:00 AM.",
        "alarms.cancel_all none": "No alarm is set.",
        "alarms.cancel_all done": "All alarms are cancelled.",
        "alarms.skip none": "No alarm is set.",
        "alarms.skip done": "The alarm for 7:30 PM is cancelled.",
        "alarms.skip repeated": "Skipped: 7:30 PM. The next one is 7:30 PM.",
        "alarms.snooze none": "Nothing has just rung.",
        "alarms.snooze done": "Again in 5 minutes.",
        "later.add done": "7:30 PM: turn off the lamp.",
        "later.add after": "In 5 minutes: turn off the lamp.",
        "later.add repeated": "Every weekday at 7:00 AM: turn off the lamp. "
        "The first time is 7:30 PM.",
        "later.add past": "That time is over.",
        "later.list none": "Nothing is planned.",
        "later.list one": "Planned, 7:30 PM: turn off the lamp.",
        "later.list many": "2 commands are planned: turn off the lamp and louder. "
        "The first is 7:30 PM.",
        "later.cancel none": "Nothing is planned.",
        "later.cancel done": "Cancelled: turn off the lamp.",
        "later.cancel which": "Say which one to cancel: turn off the lamp and louder.",
        "later.cancel_all none": "Nothing is planned.",
        "later.cancel_all done": "All of it is cancelled.",
        "reminders.set done": "Reminder for 7:30 PM: call mum.",
        "reminders.set repeated": "Reminder every weekday at 7:00 AM: call mum. "
        "The first is 7:30 PM.",
        "reminders.set when": "Say also when I shall remind you: call mum.",
        "reminders.set past": "That time is over.",
        "reminders.list none": "There is no reminder.",
        "reminders.list one": "One reminder, 7:30 PM: call mum.",
        "reminders.list many": "There are 2 reminders: call mum and feed the cat. "
        "The first is 7:30 PM.",
        "reminders.cancel none": "There is no reminder.",
        "reminders.cancel done": "Cancelled: call mum.",
        "reminders.cancel which": "Say which one to cancel: call mum and feed the cat.",
        "reminders.cancel_all none": "There is no reminder.",
        "reminders.cancel_all done": "All reminders are cancelled.",
        "timers.pause none": "No timer is running.",
        "timers.pause done": "Paused, with 4 minutes and 1 second left.",
        "timers.pause named": "The pasta timer is paused, with 4 minutes and 1 second left.",
        "timers.pause which": "Say which one to pause. Running now: pasta and 5 minutes.",
        "timers.resume none": "No timer is paused.",
        "timers.resume done": "It goes on, with 4 minutes and 1 second left.",
        "timers.resume named": "The pasta timer goes on, with 4 minutes and 1 second left.",
        "timers.resume which": "Say which one. Paused are: pasta and 5 minutes.",
        "timers.lengthen none": "No timer is running.",
        "timers.lengthen done": "Now 4 minutes and 1 second left.",
        "timers.lengthen named": "The pasta timer has 4 minutes and 1 second left now.",
        "timers.lengthen which": "Say which one. Running now: pasta and 5 minutes.",
        "timers.shorten none": "No timer is running.",
        "timers.shorten done": "Now 4 minutes and 1 second left.",
        "timers.shorten named": "The pasta timer has 4 minutes and 1 second left now.",
        "timers.shorten which": "Say which one. Running now: pasta and 5 minutes.",
        "timers.shorten too_short": "It has only 4 minutes and 1 second left.",
    },
    "de": {
        "clock.time done": "Es ist 19:30 Uhr.",
        "clock.date done": "Heute ist Sonntag, 22. November.",
        "assistant.stop done": "",
        "assistant.never_mind done": "",
        "assistant.repeat done": "Es ist spät.",
        "assistant.repeat none": "Ich habe noch nichts gesagt.",
        "assistant.help done": "Du kannst zum Beispiel sagen: stopp, lauter und leiser.",
        "assistant.help group": "Du kannst sagen: stopp, lauter und leiser.",
        "microphone.mute done": "Das Mikrofon ist aus. Ich höre auch kein Weckwort, bis du es mit "
        "einem Knopf oder mit assistant unmute wieder einschaltest.",
        "microphone.mute timed": "Das Mikrofon ist für 5 Minuten aus. Bis dahin höre ich auch "
        "kein Weckwort.",
        "microphone.unmute done": "Das Mikrofon ist wieder an.",
        "microphone.unmute none": "Das Mikrofon ist schon an.",
        "assistant.yes done": "Es gibt gerade nichts zu bestätigen.",
        "assistant.no done": "In Ordnung.",
        "assistant.choose done": "Es gibt gerade nichts auszuwählen.",
        "timers.set done": "Der Timer läuft: 5 Minuten.",
        "timers.set named": "Der Timer für Nudeln läuft: 5 Minuten.",
        "timers.left none": "Es läuft kein Timer.",
        "timers.left one": "Noch 4 Minuten und 1 Sekunde.",
        "timers.left named": "Der Timer für Nudeln läuft noch 4 Minuten und 1 Sekunde.",
        "timers.left many": "Es laufen 2 Timer: Nudeln und 5 Minuten. "
        "Der erste läuft noch 4 Minuten und 1 Sekunde.",
        "timers.list none": "Es läuft kein Timer.",
        "timers.list one": "Noch 4 Minuten und 1 Sekunde.",
        "timers.list named": "Der Timer für Nudeln läuft noch 4 Minuten und 1 Sekunde.",
        "timers.list many": "Es laufen 2 Timer: Nudeln und 5 Minuten. "
        "Der erste läuft noch 4 Minuten und 1 Sekunde.",
        "timers.cancel none": "Es läuft kein Timer.",
        "timers.cancel done": "Der Timer auf 5 Minuten ist gelöscht.",
        "timers.cancel named": "Der Timer für Nudeln ist gelöscht.",
        "timers.cancel which": "Sag mir, welchen. Es laufen: Nudeln und 5 Minuten.",
        "timers.cancel_all none": "Es läuft kein Timer.",
        "timers.cancel_all done": "Alle Timer sind gelöscht.",
        "lists.add done": "Notiert: Milch, Eier und 2 Flaschen Wasser.",
        "lists.add there": "Schon notiert: Brot.",
        "lists.add some": "Notiert: Milch, Eier und 2 Flaschen Wasser. Schon da: Brot.",
        "lists.remove done": "Gestrichen: Milch, Eier und 2 Flaschen Wasser.",
        "lists.remove missing": "Nicht auf der Liste: Butter.",
        "lists.remove some": "Gestrichen: Milch, Eier und 2 Flaschen Wasser. "
        "Nicht auf der Liste: Butter.",
        "lists.remove which": "Sag mir, was davon: Hafermilch und Sojamilch.",
        "lists.tell none": "Die Liste ist leer.",
        "lists.tell done": "Auf der Liste: Milch, Eier und 2 Flaschen Wasser.",
        "lists.find done": "Ja: Milch, Eier und 2 Flaschen Wasser.",
        "lists.find missing": "Nicht auf der Liste: Butter.",
        "lists.clear none": "Die Liste ist schon leer.",
        "lists.clear done": "Die Liste ist jetzt leer.",
        "calculator.calculate done": "84.",
        "calculator.calculate about": "Etwa 84.",
        "calculator.calculate by_zero": "Durch null kann man nicht teilen.",
        "calculator.calculate no_root": "Eine negative Zahl hat keine Wurzel.",
        "conversion.convert done": "2 Pfund sind 907 Gramm.",
        "conversion.convert about": "2 Pfund sind etwa 907 Gramm.",
        "conversion.convert different": "2 Pfund lassen sich darin nicht messen.",
        "spelling.spell done": "H, I.",
        "spelling.spell too_long": "Das ist zu lang zum Buchstabieren.",
        "chance.dice done": "5.",
        "chance.dice several": "5 und 2, zusammen 7.",
        "chance.dice too_many": "Ich habe zwanzig Würfel.",
        "chance.coin heads": "Kopf.",
        "chance.coin tails": "Zahl.",
        "chance.number done": "5.",
        "assistant.heard done": "Ich habe gehört: Es ist spät.",
        "assistant.heard none": "Ich habe noch nichts gehört.",
        "assistant.undo done": "Ich habe es zurückgenommen.",
        "assistant.undo none": "Es gibt nichts, was ich zurücknehmen kann.",
        "assistant.last_asked done": "Du hast gesagt: Es ist spät.",
        "assistant.last_asked none": "Bisher nichts.",
        "media.play done": "",
        "media.play none": "Es gibt nichts zu spielen.",
        "media.pause done": "",
        "media.pause none": "Es läuft keine Musik.",
        "media.next done": "",
        "media.next none": "Es läuft keine Musik.",
        "media.previous done": "",
        "media.previous none": "Es läuft keine Musik.",
        "media.stop done": "",
        "media.stop none": "Es läuft keine Musik.",
        "media.playing done": "Blue Train von John Coltrane.",
        "media.playing titled": "Blue Train.",
        "media.playing unknown": "Was gespielt wird, wird nicht verraten.",
        "media.playing none": "Es läuft keine Musik.",
        "volume.set done": "Lautstärke 50 Prozent.",
        "volume.up done": "Lautstärke 50 Prozent.",
        "volume.up loudest": "Lauter geht es nicht.",
        "volume.down done": "Lautstärke 50 Prozent.",
        "volume.down quietest": "Leiser geht es nicht.",
        "alarms.set done": "Der Wecker ist gestellt: 19:30 Uhr.",
        "alarms.set repeated": "Der Wecker klingelt werktags um 7 Uhr. Der erste: 19:30 Uhr.",
        "alarms.list none": "Kein Wecker ist gestellt.",
        "alarms.list one": "Ein Wecker: 19:30 Uhr und werktags um 7 Uhr.",
        "alarms.list many": "2 Wecker sind gestellt: 19:30 Uhr und werktags um 7 Uhr. "
        "Der nächste: 19:30 Uhr.",
        "alarms.cancel none": "Kein Wecker ist gestellt.",
        "alarms.cancel done": "Der Wecker ist gelöscht: 19:30 Uhr.",
        "alarms.cancel which": "Sag mir, welchen. Gestellt sind: 19:30 Uhr und werktags um 7 Uhr.",
        "alarms.cancel_all none": "Kein Wecker ist gestellt.",
        "alarms.cancel_all done": "Alle Wecker sind gelöscht.",
        "alarms.skip none": "Kein Wecker ist gestellt.",
        "alarms.skip done": "Der Wecker ist gelöscht: 19:30 Uhr.",
        "alarms.skip repeated": "Ausgelassen: 19:30 Uhr. Der nächste: 19:30 Uhr.",
        "alarms.snooze none": "Eben hat nichts geklingelt.",
        "alarms.snooze done": "Noch einmal in 5 Minuten.",
        "later.add done": "19:30 Uhr: mach lauter.",
        "later.add after": "In 5 Minuten: mach lauter.",
        "later.add repeated": "Werktags um 7 Uhr: mach lauter. Das erste Mal: 19:30 Uhr.",
        "later.add past": "Das ist schon vorbei.",
        "later.list none": "Nichts ist geplant.",
        "later.list one": "Geplant, 19:30 Uhr: mach lauter.",
        "later.list many": "2 Befehle sind geplant: mach lauter und mach leiser. "
        "Der erste: 19:30 Uhr.",
        "later.cancel none": "Nichts ist geplant.",
        "later.cancel done": "Gelöscht: mach lauter.",
        "later.cancel which": "Sag mir, welchen: mach lauter und mach leiser.",
        "later.cancel_all none": "Nichts ist geplant.",
        "later.cancel_all done": "Alles davon ist gelöscht.",
        "reminders.set done": "Erinnerung: 19:30 Uhr, den Müll.",
        "reminders.set repeated": "Ich erinnere dich werktags um 7 Uhr: den Müll. "
        "Die erste: 19:30 Uhr.",
        "reminders.set when": "Sag auch, wann: den Müll.",
        "reminders.set past": "Das ist schon vorbei.",
        "reminders.list none": "Es gibt keine Erinnerung.",
        "reminders.list one": "Eine Erinnerung, 19:30 Uhr: den Müll.",
        "reminders.list many": "Es gibt 2 Erinnerungen: den Müll und die Katze. "
        "Die erste: 19:30 Uhr.",
        "reminders.cancel none": "Es gibt keine Erinnerung.",
        "reminders.cancel done": "Gelöscht: den Müll.",
        "reminders.cancel which": "Sag mir, welche: den Müll und die Katze.",
        "reminders.cancel_all none": "Es gibt keine Erinnerung.",
        "reminders.cancel_all done": "Alle Erinnerungen sind gelöscht.",
        "timers.pause none": "Es läuft kein Timer.",
        "timers.pause done": "Der Timer steht, noch 4 Minuten und 1 Sekunde.",
        "timers.pause named": "Der Timer für Nudeln steht, noch 4 Minuten und 1 Sekunde.",
        "timers.pause which": "Sag mir, welchen. Es laufen: Nudeln und 5 Minuten.",
        "timers.resume none": "Kein Timer ist angehalten.",
        "timers.resume done": "Er läuft weiter, noch 4 Minuten und 1 Sekunde.",
        "timers.resume named": "Der Timer für Nudeln läuft weiter, noch 4 Minuten und 1 Sekunde.",
        "timers.resume which": "Sag mir, welchen. Angehalten sind: Nudeln und 5 Minuten.",
        "timers.lengthen none": "Es läuft kein Timer.",
        "timers.lengthen done": "Jetzt noch 4 Minuten und 1 Sekunde.",
        "timers.lengthen named": "Der Timer für Nudeln läuft jetzt noch 4 Minuten und 1 Sekunde.",
        "timers.lengthen which": "Sag mir, welchen. Es laufen: Nudeln und 5 Minuten.",
        "timers.shorten none": "Es läuft kein Timer.",
        "timers.shorten done": "Jetzt noch 4 Minuten und 1 Sekunde.",
        "timers.shorten named": "Der Timer für Nudeln läuft jetzt noch 4 Minuten und 1 Sekunde.",
        "timers.shorten which": "Sag mir, welchen. Es laufen: Nudeln und 5 Minuten.",
        "timers.shorten too_short": "Er läuft nur noch 4 Minuten und 1 Sekunde.",
    },
}


@in_each_language
def test_replies(language: str) -> None:
    """Each outcome with all its values; the first of the texts."""
    intents = shipped(language)[0]
    said = {}
    for name, intent in intents.intents.items():
        action = action_of(intents, name)
        for outcome, delivered in BUILTIN_ACTIONS[action].items():
            filled = {key: values(language)[key] for key in delivered.always}
            if "quantity" in filled:
                filled["result"] = Quantity(907, "gram")
            if action.startswith("reminders.") and "text" in filled:
                filled["text"] = values(language)["texts"][0]
            result = ActionResult(outcome, filled)
            slots = {"list": values(language)["list"]}
            reply = choose_reply(intent, result, slots, locale=language, pick=lambda _: 0)
            said[f"{action} {outcome}"] = reply
    assert said == REPLIES[language]


RESPONSE_TEXTS = {
    "en": {
        "not_understood": "Sorry, I did not understand that.",
        "rejected": "Sorry, I did not hear that well.",
        "nothing_heard": "",
        "failed": "That did not work: the light did not answer",
        "broken": "something in me is broken; the log says what.",
        "did_you_mean": "Did you mean: what time is it?",
        "which_one": "Did you mean: louder, or: quieter?",
        "which_value": "Which one: oat milk and soy milk?",
        "confirm": "Shall I really do that: what time is it?",
        "pin": "Please say your number.",
        "pin_wrong": "That is not the number.",
        "pin_locked": "That was wrong too often. I take no number for five minutes.",
        "timer_done": "Your timer for 5 minutes is done.",
        "timer_late": "Your timer for 5 minutes ended 2 days ago, while I was off.",
        "alarm_due": "It is 7:30 PM.",
        "alarm_late": "Your alarm for 7:30 PM was due 2 days ago.",
        "alarm_missed": "You missed the alarm for 7:30 PM.",
        "reminder_due": "I was to remind you: call mum.",
        "reminder_late": "I was to remind you 2 days ago: call mum.",
        "reminder_missed": "You missed a reminder, 7:30 PM: call mum.",
        "command_missed": "I was off when this was to be done, 7:30 PM: call mum.",
        "state_moved_aside": "My memory could not be read. "
        "I put it aside and started anew; timers, alarms and lists are gone.",
        "state_restored": "My memory could not be read. "
        "I took an earlier copy of it; what changed since then is lost.",
        "muted": "The microphone is off.",
        "unmuted": "I am listening again.",
        "deaf": "I cannot hear you any more: something is wrong with my microphone.",
        "hears_again": "I can hear you again.",
    },
    "de": {
        "not_understood": "Das habe ich leider nicht verstanden.",
        "rejected": "Das habe ich nicht gut gehört.",
        "nothing_heard": "",
        "failed": "Das hat leider nicht geklappt. Warum, steht im Protokoll.",
        "broken": "In mir ist etwas kaputt; was, steht im Protokoll.",
        "did_you_mean": "Meintest du: wie spät ist es?",
        "which_one": "Meintest du: lauter, oder: leiser?",
        "which_value": "Was davon: Hafermilch und Sojamilch?",
        "confirm": "Soll ich das wirklich tun: wie spät ist es?",
        "pin": "Sag bitte deine Nummer.",
        "pin_wrong": "Das ist nicht die Nummer.",
        "pin_locked": "Das war zu oft falsch. Fünf Minuten lang nehme ich keine Nummer an.",
        "timer_done": "Dein Timer auf 5 Minuten ist abgelaufen.",
        "timer_late": "Dein Timer auf 5 Minuten ist abgelaufen, während ich aus war. "
        "Das ist 2 Tage her.",
        "alarm_due": "Es ist 19:30 Uhr.",
        "alarm_late": "Dein Wecker kommt 2 Tage zu spät: 19:30 Uhr.",
        "alarm_missed": "Du hast den Wecker verpasst: 19:30 Uhr.",
        "reminder_due": "Ich soll dich erinnern: den Müll.",
        "reminder_late": "Ich sollte dich erinnern, das ist 2 Tage her: den Müll.",
        "reminder_missed": "Du hast eine Erinnerung verpasst, 19:30 Uhr: den Müll.",
        "command_missed": "Ich war aus, als das geschehen sollte, 19:30 Uhr: den Müll.",
        "state_moved_aside": "Mein Gedächtnis war nicht lesbar. "
        "Ich habe es beiseitegelegt und neu angefangen; Timer, Wecker und Listen sind weg.",
        "state_restored": "Mein Gedächtnis war nicht lesbar. "
        "Ich habe eine frühere Kopie genommen; was sich seitdem geändert hat, ist weg.",
        "muted": "Das Mikrofon ist aus.",
        "unmuted": "Ich höre wieder zu.",
        "deaf": "Ich kann dich nicht mehr hören: Mit meinem Mikrofon stimmt etwas nicht.",
        "hears_again": "Ich kann dich wieder hören.",
    },
}
NAMED = {
    "en": {
        "timer_done": "Your pasta timer is done.",
        "timer_late": "Your pasta timer for 5 minutes ended 2 days ago, while I was off.",
    },
    "de": {
        "timer_done": "Dein Timer für Nudeln ist abgelaufen.",
        "timer_late": "Dein Timer für Nudeln auf 5 Minuten ist abgelaufen, während ich aus war. "
        "Das ist 2 Tage her.",
    },
}


@in_each_language
def test_responses(language: str) -> None:
    intents = shipped(language)[0]

    def said(key: str, names: frozenset[str]) -> str:
        filled = {name: values(language)[name] for name in names}
        if "text" in filled:
            filled["text"] = values(language)["texts"][0]
        return response(intents, key, filled, locale=language, pick=lambda _: 0)

    texts = {key: said(key, delivered.always) for key, delivered in RESPONSES.items()}
    assert texts == RESPONSE_TEXTS[language]
    named = {key: said(key, RESPONSES[key].always | {"name"}) for key in NAMED[language]}
    assert named == NAMED[language]


@in_each_language
def test_every_reply_can_be_filled(language: str) -> None:
    """Each of the texts alone, where all that can be there is there."""
    intents = shipped(language)[0]
    everything = values(language)
    for intent in intents.intents.values():
        for outcome, texts in intent.replies.items():
            for text in texts:
                alone = replace(intent, replies={outcome: (text,)})
                result = ActionResult(outcome, everything)
                slots = {"list": everything["list"]}
                reply = choose_reply(alone, result, slots, locale=language, pick=lambda _: 0)
                assert reply or not text.text, text.place
                assert "{" not in reply
    for key, texts in intents.responses.items():
        for text in texts:
            only = replace(intents, responses={key: (text,)})
            reply = response(only, key, everything, locale=language, pick=lambda _: 0)
            assert reply or not text.text, text.place
            assert "{" not in reply

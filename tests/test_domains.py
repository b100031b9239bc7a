"""Domains from the settings and the intent files: what each understands, and what hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings, load_settings
from assistant.domains import (
    DomainFiles,
    Domains,
    build_recognizers,
    in_language,
    language_sets,
    printed_lists,
    qualified,
    spoken_grammars,
)
from assistant.engines import run_list_program
from assistant.errors import ConfigError, IntentError
from assistant.events import NearlyUnderstood, NotUnderstood, Understood
from assistant.intents.model import Command, ListSource
from assistant.paths import Paths
from assistant.recognizers.grammar import is_sentence
from assistant.turn import Question, Transcript
from assistant.wakewords import DEFAULT
from tests.recordings import NO_FOLDERS, VOSK_MODEL

CLOCK = "en: VolumeUp, clock"
WORDS = "wake: {words: {hey_jarvis: , alexa: {language: de}, marvin: {intents: [clock, VolumeUp]}}}"


def settings(text: str = WORDS) -> Settings:
    return load_settings(text, "config.yaml")


def load(text: str = WORDS, paths: Paths = NO_FOLDERS) -> Domains:
    return DomainFiles(settings(text), paths).load(run_list_program)


def intent_of(domains: Domains, domain: str, text: str) -> str | None:
    event = domains[domain].understand(Transcript(text, 1.0))
    return event.match.intent if isinstance(event, Understood) else None


def mistakes_of(text: str, paths: Paths = NO_FOLDERS) -> str:
    with pytest.raises(ConfigError) as caught:
        load(text, paths)
    return str(caught.value)


@pytest.fixture(scope="module")
def domains() -> Domains:
    return load()


@pytest.fixture
def house(tmp_path: Path) -> Paths:
    return Paths((tmp_path / "config",), tmp_path / "state", tmp_path / "run")


def write(paths: Paths, name: str, text: str) -> None:
    paths.owner_intents[0].mkdir(parents=True, exist_ok=True)
    (paths.owner_intents[0] / name).write_text(text)


# --- what is understood ---------------------------------------------------------------------------


def test_each_domain_understands_its_language(domains: Domains) -> None:
    assert list(domains) == [DEFAULT, "de", CLOCK]
    assert intent_of(domains, DEFAULT, "what time is it") == "GetTime"
    assert intent_of(domains, "de", "wie spät ist es") == "GetTime"
    assert intent_of(domains, "de", "what time is it") is None


def test_a_domain_of_some_intents_understands_those_by_name_and_by_file(domains: Domains) -> None:
    assert intent_of(domains, CLOCK, "what time is it") == "GetTime"
    assert intent_of(domains, CLOCK, "what day is it") == "GetDate"
    assert intent_of(domains, CLOCK, "louder") == "VolumeUp"
    assert intent_of(domains, CLOCK, "quieter") is None
    assert intent_of(domains, CLOCK, "set a timer for ten minutes") is None


def test_it_asks_for_its_own_sentences_only_and_understands_the_answer(domains: Domains) -> None:
    clock = domains[CLOCK]
    heard = clock.understand(Transcript("what thyme is it", 1.0))
    assert isinstance(heard, NotUnderstood)
    asked = clock.reconsider(heard)
    assert isinstance(asked, NearlyUnderstood)
    assert asked.sentences == ("what time is it",)
    question = Question(asked.sentences, asked.commands)
    answer = clock.understand(Transcript("yes", 1.0), question)
    assert isinstance(answer, Understood)
    assert answer.match.intent == "GetTime"
    far = clock.understand(Transcript("set a thymer for ten minutes", 1.0))
    assert isinstance(far, NotUnderstood)
    assert clock.reconsider(far) == far


def test_what_it_offers_can_be_said_in_it(domains: Domains) -> None:
    examples = domains[CLOCK].examples()
    assert len(examples) > 1
    assert all(intent_of(domains, CLOCK, one) for one in examples)


def test_what_is_heard_is_what_is_understood_and_is_cut_short_by_the_word_of_the_language(
    domains: Domains,
) -> None:
    grammars = spoken_grammars(settings(), domains)
    grammar, answers = grammars[CLOCK]
    assert is_sentence(grammar, ["what", "time", "is", "it"])
    assert not is_sentence(grammar, ["set", "a", "timer", "for", "ten", "minutes"])
    assert answers is not None
    assert is_sentence(answers, ["yes"])
    stops = {name: grammar.stop_phrase for name, (grammar, _) in grammars.items()}
    assert stops == {DEFAULT: "stop", "de": "stopp", CLOCK: "stop"}


def test_a_file_in_the_language_of_a_wake_word_is_not_told_as_unused(house: Paths) -> None:
    write(
        house, "tor.yaml", "language: de\nintents: {Tor: {sentences: [öffne das Tor], reply: ja}}"
    )
    write(house, "porte.yaml", "language: fr\nintents: {P: {sentences: [ouvre], reply: oui}}")
    domains = load(WORDS, house)
    assert intent_of(domains, "de", "öffne das Tor") == "Tor"
    told = {
        str(one.place) for intents in language_sets(domains).values() for one in intents.warnings
    }
    assert told == {f"{house.owner_intents[0]}/porte.yaml:1:11"}


def test_a_mistake_in_a_file_of_any_language_leaves_no_domain(house: Paths) -> None:
    write(
        house, "tor.yaml", "language: de\nintents: {Tor: {sentences: [öffne (das Tor], reply: ja}}"
    )
    with pytest.raises(IntentError, match="unclosed"):
        load(WORDS, house)


# --- mistakes of the configuration ----------------------------------------------------------------


def test_error_shows_all_names_that_are_no_intent_and_all_commands_that_mean_nothing() -> None:
    text = """\
wake:
  words:
    alexa: {intents: [Clock, doors]}
    computer: {intents: [SetTimr], language: de}
    stop: {command: stopp it}
    jump: {command: xyzzy}
"""
    assert mistakes_of(text) == (
        "config.yaml:3:23: there is no intent and no file with intents 'Clock'\n"
        "        alexa: {intents: [Clock, doors]}\n"
        "                          ^^^^^\n"
        "    did you mean 'clock'?\n"
        "config.yaml:3:30: there is no intent and no file with intents 'doors'\n"
        "        alexa: {intents: [Clock, doors]}\n"
        "                                 ^^^^^\n"
        "    files with intents: alarms, answers, calculator, chance, clock, control, later, "
        "lists, media, microphone, reminders, spelling, timer_changes, timers, units, volume\n"
        "config.yaml:4:26: there is no intent and no file with intents 'SetTimr'\n"
        "        computer: {intents: [SetTimr], language: de}\n"
        "                             ^^^^^^^\n"
        "    did you mean 'SetTimer'?\n"
        "config.yaml:5:21: no intent understands 'stopp it', the command of 'stop'\n"
        "        stop: {command: stopp it}\n"
        "                        ^^^^^^^^\n"
        "    did you mean 'stop it'?\n"
        "config.yaml:6:21: no intent understands 'xyzzy', the command of 'jump'\n"
        "        jump: {command: xyzzy}\n"
        "                        ^^^^^\n"
        "    write a sentence of one of your intents"
    )


def test_error_languages_without_intents() -> None:
    assert mistakes_of("wake: {words: {a: {language: fr}, b: {language: klingon}}}") == (
        "config.yaml:1:30: there are no intents in the language 'fr'\n"
        "    wake: {words: {a: {language: fr}, b: {language: klingon}}}\n"
        "                                 ^^\n"
        "    there are intents in: de, en\n"
        "config.yaml:1:49: the language 'klingon' is not known\n"
        "    wake: {words: {a: {language: fr}, b: {language: klingon}}}\n"
        "                                                    ^^^^^^^\n"
        "    there are intents in: de, en"
    )


def test_error_intents_that_only_answer_questions() -> None:
    text = "wake: {words: {alexa: {intents: [answers]}}}"
    with pytest.raises(ConfigError) as caught:
        spoken_grammars(settings(text), load(text))
    assert str(caught.value).startswith("config.yaml:1:34: There is no sentence to listen for\n")


# --- what hears -----------------------------------------------------------------------------------


@pytest.mark.engines
def test_error_a_language_that_no_recognizer_hears(house: Paths) -> None:
    with pytest.raises(ConfigError) as caught:
        build_recognizers(settings(), house, [DEFAULT, "de"])
    assert str(caught.value) == (
        "config.yaml:1:48: PocketSphinx has no model for the language 'de'\n"
        f"    {WORDS}\n"
        f"    {' ' * 47}^^\n"
        f"    Use Vosk: unpack a model of the language into {house.models}."
    )


@pytest.mark.engines
def test_a_language_has_one_recognizer_and_a_vosk_model_is_of_the_language_it_names(
    house: Paths,
) -> None:
    house.models.mkdir(parents=True)
    (house.models / "vosk-model-small-de-0.15").symlink_to(VOSK_MODEL)
    recognizers = build_recognizers(settings(), house, [DEFAULT, "de", CLOCK])
    assert recognizers["de"].name == "vosk"
    assert recognizers[DEFAULT].name == "pocketsphinx+phones"
    assert recognizers[CLOCK] is recognizers[DEFAULT]


def test_what_is_chosen_by_its_file_is_of_the_default_language() -> None:
    chosen = settings(
        "recognizer: {engine: vosk, vosk_model: english, second_opinion: pocketsphinx}\n"
        "speech: {engine: piper, piper_voice: english.onnx, voice: en-us}\n"
    )
    assert in_language(chosen, "en") is chosen
    german = in_language(chosen, "de")
    assert german.intents.language == "de"
    assert (german.recognizer.engine, german.recognizer.vosk_model) == ("auto", None)
    assert german.recognizer.second_opinion == "auto"
    assert (german.speech.engine, german.speech.piper_voice) == ("auto", None)
    assert german.speech.voice == "auto"


# --- commands and lists of the owner --------------------------------------------------------------

CALLS = """\
language: LANGUAGE
intents:
  Call: {sentences: ["SENTENCE {contact}"], action: {command: [phone, LANGUAGE]}}
lists:
  contact: {command: [print-contacts]}
  room: {command: [print-rooms, LANGUAGE]}
"""


def calls(language: str, sentence: str) -> str:
    return CALLS.replace("LANGUAGE", language).replace("SENTENCE", sentence)


def test_commands_and_lists_of_another_language_have_names_of_their_own(house: Paths) -> None:
    write(house, "calls.yaml", calls("en", "call"))
    write(house, "rufe.yaml", calls("de", "ruf"))
    actions, programs, _ = DomainFiles(settings(), house).outside()
    commands = {name: steps.steps[0].deed for name, steps in actions.items()}
    argv = {name: one.argv for name, one in commands.items() if isinstance(one, Command)}
    assert argv == {"Call": ("phone", "en"), "de:Call": ("phone", "de")}
    assert programs == {
        "contact": ("print-contacts",),  # the same program: the same list
        "room": ("print-rooms", "en"),
        "de:room": ("print-rooms", "de"),
    }
    assert qualified("Call", "de", "en") in commands


def test_a_list_of_another_language_gets_what_its_program_printed(house: Paths) -> None:
    write(house, "calls.yaml", calls("en", "call"))
    write(house, "rufe.yaml", calls("de", "ruf").replace("print-contacts", "print-kontakte"))

    def printed(name: str, source: ListSource) -> str | None:
        texts = {"contact": "Bob", "de:contact": "Oma", "room": "hall", "de:room": "Flur"}
        known = name.startswith("de:") == (source.argv[-1] in {"print-kontakte", "de"})
        return texts[name] if known else None

    domains = DomainFiles(settings(), house).load(printed)
    assert intent_of(domains, DEFAULT, "call bob") == "Call"
    assert intent_of(domains, "de", "ruf Oma") == "Call"
    assert intent_of(domains, "de", "ruf Bob") is None
    kept = printed_lists(language_sets(domains))
    assert {name: one.language for name, one in kept.items()} == {
        "contact": "en",
        "room": "en",
        "de:contact": "de",
        "de:room": "de",
    }

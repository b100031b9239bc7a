"""Composition: from settings to the parts they name."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import clock
from assistant.actions.command import read_list
from assistant.actions.credentials import find_credentials
from assistant.actions.outside import Equipment
from assistant.config import Section, Settings, load_settings
from assistant.dialogue.answering import CHOOSE
from assistant.dialogue.pin import Pin
from assistant.dialogue.understanding import Understanding
from assistant.errors import (
    AssistantError,
    ConfigError,
    EngineError,
    IntentError,
    Place,
    Problem,
)
from assistant.intentfiles import IntentFiles, reason_of
from assistant.intents.approximate import MINIMUM_SCORE
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.messages import broker_of
from assistant.intents.model import BuiltinCall, IntentSet, ListSource
from assistant.intents.steps import Broker, Steps
from assistant.intents.undoing import Undoing, undoing
from assistant.intents.words import base_language, normalise
from assistant.paths import Paths
from assistant.skillfolders import SkillIntents
from assistant.skillhouse import unknown_skills

if TYPE_CHECKING:
    from assistant.intents.approximate import Proposer
    from assistant.intents.explanation import Propose
    from assistant.intents.matcher import IntentGraph
    from assistant.ports import (
        AudioSource,
        Grammar,
        UnknownWord,
    )
    from assistant.turn import Question

log = logging.getLogger(__name__)


def load_configuration(paths: Paths, explicit: Path | None = None) -> tuple[Settings, Path | None]:
    """Read the configuration file, if there is one; returns where it was found, too."""
    path = explicit or next((path for path in paths.config_file if path.exists()), None)
    if path is None:
        return Settings(), None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(f"cannot be read: {reason_of(error)}", Place(str(path), 1, 1))
        raise ConfigError([problem]) from error
    settings: Settings = _at_home(load_settings(text, str(path), path.parent))
    return settings, path


def _at_home(value: Any) -> Any:
    """Let ``~`` in a path of the settings be the user's home."""
    match value:
        case Path():
            return value.expanduser()
        case Section():
            return value.model_copy(update={key: _at_home(one) for key, one in value})
        case tuple():
            return tuple(map(_at_home, value))
        case dict():
            return {key: _at_home(one) for key, one in value.items()}
    return value


# --- intents --------------------------------------------------------------------------------------


def load_intent_set(
    settings: Settings,
    files: IntentFiles,
    printed: Callable[[str, ListSource], str | None],
    languages: Collection[str] = (),
) -> IntentSet:
    """Read the intents, with their lists. Raises IntentError with every mistake of every file.

    ``printed`` returns what the program of a list prints, None where that is not known yet, and
    raises AssistantError when the program fails. ``languages`` are all that are read: a file in one
    of them is used.
    """
    sources, language = files.read(), settings.intents.language
    load = partial(load_intents, sources, BUILTIN_ACTIONS, language, languages=languages)
    intents = load()
    texts: dict[ListSource, str] = {}
    problems = unknown_skills(intents, files.paths)
    for name, source in list_sources(intents).items():
        try:
            text = files.list_text(source) if source.file else printed(name, source)
        except IntentError as error:
            problems += error.problems
        except AssistantError as error:
            problems.append(Problem(error.message, source.place, error.hint))
        else:
            texts |= {source: text} if text is not None else {}
    if problems:
        raise IntentError(problems)
    return load(list_texts=texts) if texts else intents


def load_commands(settings: Settings, files: IntentFiles) -> IntentSet:
    """Read the intents for their commands only: no list has values from elsewhere."""
    intents = load_intents(files.read(), BUILTIN_ACTIONS, settings.intents.language)
    if problems := unknown_skills(intents, files.paths):
        raise IntentError(problems)
    return intents


def list_sources(intents: IntentSet) -> dict[str, ListSource]:
    """Return by name the lists whose values come from a file or a program."""
    return {name: one.source for name, one in intents.lists.items() if one.source is not None}


def list_programs(intents: IntentSet) -> dict[str, ListSource]:
    """Return by name the lists whose values a program prints."""
    return {name: source for name, source in list_sources(intents).items() if source.argv}


def run_list_program(_name: str, source: ListSource) -> str:
    """Run the program of a list here, for the owner at the command line. Raises ActionError."""
    return asyncio.run(read_list(source.argv))


def make_understanding(settings: Settings, intents: IntentSet) -> Understanding:
    """Compile the intents."""
    graph = compile_intents(intents)
    if not settings.intents.several_commands:
        graph = replace(graph, joining=())
    act = settings.recognizer.act_confidence
    understanding = Understanding(
        intents,
        graph,
        act,
        min(act, settings.recognizer.ask_confidence) if settings.intents.did_you_mean else act,
        random.randrange,
        clock.now,
        settings.intents.context,
        report=log.warning,
        pin=_pin(settings, intents),
    )
    if not settings.intents.did_you_mean:
        return understanding
    return replace(understanding, propose=proposals_from(graph))


def _pin(settings: Settings, intents: IntentSet) -> Pin | None:
    """The owner's number. Raises IntentError where an intent wants one and there is none."""
    number = settings.dialogue.pin
    if number is not None:
        return Pin(number.get_secret_value(), time.monotonic)
    hint = "write \"dialogue: {pin: '1234'}\" into the configuration, with a number of yours"
    problems = [
        Problem(f"intent '{name}' wants the owner's number, and there is none", intent.by_pin, hint)
        for name, intent in intents.intents.items()
        if intent.by_pin is not None
    ]
    if problems:
        raise IntentError(problems)
    return None


def proposals_from(graph: IntentGraph, minimum_score: float = MINIMUM_SCORE) -> Propose:
    """Return what finds the sentences that a text nearly is.

    It is made when it is first asked, which takes some memory and up to a second.
    """

    @cache
    def proposer() -> Proposer:
        from assistant.intents.approximate import Proposer
        from assistant.recognizers.dictionary import packaged_dictionary

        if base_language(graph.language) != "en":
            return Proposer(graph)
        try:
            return Proposer(graph, packaged_dictionary().phones)
        except EngineError:  # without PocketSphinx words are compared as they are written
            return Proposer(graph)

    return lambda text, where: proposer().propose(text, where, minimum_score=minimum_score)


def load_understanding(
    settings: Settings, paths: Paths, instead: Sequence[Path] = ()
) -> Understanding:
    """Read and compile the intents, for the command line: programs of lists are run here.

    Raises IntentError with every mistake of every file.
    """
    skills = SkillIntents(paths, settings.intents.language)
    files = IntentFiles(settings, paths, instead, skills)
    return make_understanding(settings, load_intent_set(settings, files, run_list_program))


def spoken_grammar(understanding: Understanding, *, several_commands: bool = False) -> Grammar:
    """Make the grammar of everything that can be said at any time; of ``several_commands``, too.

    Raises EngineError when that is nothing.
    """
    from assistant.intents.vocabulary import sounds_like
    from assistant.recognizers.grammar import compile_grammar, with_prefix

    commands = understanding.intents.intents.keys() - understanding.answers()
    if not any(sentence.intent in commands for sentence in understanding.graph.sentences):
        raise EngineError(
            "There is no sentence to listen for.",
            "Write an intent with sentences, or set intents.shipped to true.",
        )
    grammar = compile_grammar(understanding.graph, commands)
    # "No, I meant ..."; in front of every command shorter ones are heard where nobody said them.
    correcting = understanding.intents.connectives.correcting
    corrections = [" ".join(phrase) for phrase in correcting if len(phrase) > 2]
    if corrections:  # they mean something, other than a wake word
        grammar = replace(with_prefix(grammar, corrections), prefixes=())
    return replace(
        grammar,
        sounds_like=sounds_like(understanding.intents),
        stop_phrase=stop_phrase(understanding.intents) or grammar.stop_phrase,
        joining=understanding.graph.joining if several_commands else (),
    )


def answer_grammar(understanding: Understanding) -> Grammar | None:
    """Make the grammar of what is said only after a question; None where nothing is."""
    from assistant.recognizers.grammar import compile_grammar

    answers = understanding.answers()
    return compile_grammar(understanding.graph, answers) if answers else None


CLOSING = frozenset({"assistant.stop", "assistant.never_mind", "assistant.no", "assistant.repeat"})
"""What can always be said instead of an answer."""


def question_grammar(understanding: Understanding, question: Question) -> Grammar | None:
    """Make the grammar of what answers a question, or ends it.

    Of a question of yes or no, or which one, that is "yes", "the second one", or a sentence of the
    intents that it asks about. None for a question whose answers are any words.
    """
    from assistant.intents.vocabulary import sounds_like
    from assistant.recognizers.grammar import compile_grammar, either

    graph = understanding.answering.graph(question)
    answers = compile_grammar(graph) if graph is not None else None
    if answers is not None and not answers.final:
        return None
    gap = question.gap
    wanted = CLOSING | ({CHOOSE} if gap and gap.choices else set())
    also = {
        name
        for name, intent in understanding.intents.intents.items()
        if isinstance(intent.action, BuiltinCall) and intent.action.name in wanted
    }
    if gap is not None:
        also.add(gap.match.intent)
    if answers is None:
        asked_about = (match.intent for commands in question.commands for match in commands)
        also |= {*understanding.answers(), *asked_about}
    sayable = compile_grammar(understanding.graph, also)
    return replace(
        either(sayable, answers) if answers is not None else sayable,
        sounds_like=sounds_like(understanding.intents),
        stop_phrase=stop_phrase(understanding.intents) or sayable.stop_phrase,
    )


def stop_phrase(intents: IntentSet) -> str:
    """Return what cuts a reply short: the example of the intent that stops, '' where none does."""
    for intent in intents.intents.values():
        if isinstance(intent.action, BuiltinCall) and intent.action.name == "assistant.stop":
            return " ".join(normalise(intent.help, intents.language))
    return ""


def outside_actions(intents: IntentSet) -> dict[str, Steps]:
    """Return by intent what the owner wrote for the bridge to do."""
    return {
        name: intent.action
        for name, intent in intents.intents.items()
        if isinstance(intent.action, Steps) and intent.action.has_outside
    }


def outside_undos(intents: IntentSet) -> dict[str, Undoing]:
    """Return by intent the steps that take it back. A skill is asked for by its own intent."""
    found = {name: undoing(one, intents.intents) for name, one in intents.intents.items()}
    return {name: one for name, one in found.items() if isinstance(one, Undoing)}


def equipment(
    settings: Settings, paths: Paths, environment: Mapping[str, str] = os.environ
) -> Equipment:
    """Choose what the owner's steps need: their time limit, the broker, where secrets are."""
    chosen = settings.actions
    broker = broker_of(chosen.mqtt_broker) or Broker()  # the settings let no other text through
    return Equipment(
        chosen.timeout_seconds,
        replace(broker, credential=chosen.mqtt_credential),
        find_credentials(environment, paths.config_directories),
    )


# --- engines --------------------------------------------------------------------------------------


def source_opener(name: str, *, realtime: bool) -> Callable[[], AudioSource]:
    """Return what opens the source: '-' is raw PCM on stdin, a file's path, or a device's name."""

    def open_source() -> AudioSource:
        from assistant.audio.files import FileSource, RawSource

        if name == "-":
            return RawSource(sys.stdin.buffer)
        if Path(name).suffix.lower() in {".wav", ".flac", ".ogg"} or Path(name).is_file():
            return FileSource(Path(name), tail_seconds=2.0, realtime=realtime)
        from assistant.audio.microphone import MicrophoneSource

        return MicrophoneSource(name)

    return open_source


MOST_WARNINGS = 10
"""Of unknown words where nobody has asked for them, as at the start."""


def unknown_word_warnings(
    unknown: Sequence[UnknownWord], *intents: IntentSet, most: int | None = MOST_WARNINGS
) -> list[str]:
    """Warn of words that the recognizer does not know, each where it is written, at most so many.

    Those that cannot be heard come first. What the files do not say, such as a number's name, has
    no place.
    """
    from assistant.intents.vocabulary import word_places
    from assistant.recognizers.pronunciation import unknown_word_problem

    words = {one.word for one in unknown}
    found = [word_places(one, words) for one in reversed(intents)] if words else []
    places = {word: place for of_language in found for word, place in of_language.items()}
    warnings = [
        str(unknown_word_problem(one, places[one.word]))
        for one in sorted(unknown, key=lambda one: bool(one.guess))
        if one.word in places
    ]
    unheard = (one.word for one in unknown if one.word not in places and not one.guess)
    if listed := ", ".join(f"'{word}'" for word in unheard):
        told = f"The recognizer does not know {listed}: sentences with these words are not heard."
        warnings.append(told)
    if most is not None and len(warnings) > most:
        more = f"{len(warnings) - most} more; assistant check tells all of them"
        return [*warnings[:most], more]
    return warnings

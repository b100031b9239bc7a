"""The domains of the wake words: their intents, grammars and recognizers, from the settings.

What is used by none is not loaded: domains of one language share its files and its recognizer.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from assistant.config import Settings
from assistant.dialogue.routines import routine_problems
from assistant.dialogue.understanding import Understanding
from assistant.engines import (
    answer_grammar,
    list_programs,
    load_commands,
    load_intent_set,
    make_understanding,
    outside_actions,
    outside_undos,
    spoken_grammar,
)
from assistant.errors import ConfigError, EngineError, IntentError, Problem
from assistant.events import NearlyUnderstood, NotUnderstood, Understood
from assistant.intentfiles import IntentFiles, shipped_intents
from assistant.intents.builtins import ANSWERS
from assistant.intents.model import BuiltinCall, Intent, IntentSet, ListSource, SlotList
from assistant.intents.steps import Steps
from assistant.intents.undoing import Undoing
from assistant.intents.words import can_count
from assistant.recognizing import build_recognizer
from assistant.schedule import read_schedule
from assistant.skillfolders import SkillIntents
from assistant.turn import Transcript
from assistant.wakewords import DEFAULT, DomainSettings, domain_settings, languages, wake_words
from assistant.yamlsource import at_place, did_you_mean, place_of

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.hearing import Grammars
    from assistant.paths import Paths
    from assistant.ports import Recognizer

Domains: TypeAlias = Mapping[str, Understanding]
"""What is understood in each domain, by its name; the default one is among them."""

Printed: TypeAlias = Callable[[str, ListSource], str | None]
"""What the program of a list prints, as ``load_intent_set`` asks for it."""


def in_language(settings: Settings, language: str) -> Settings:
    """Return the settings of another language than the default one.

    Models and voices that are chosen by their files are of the default language: another one has
    the Vosk model that is named as its own, and espeak-ng.
    """
    if language == settings.intents.language:
        return settings
    recognizer = {"engine": "auto", "second_opinion": "auto", "vosk_model": None}
    speech: dict[str, object] = {"voice": "auto", "piper_voice": None}
    if settings.speech.engine == "piper":
        speech["engine"] = "auto"
    return settings.model_copy(
        update={
            "intents": settings.intents.model_copy(update={"language": language}),
            "recognizer": settings.recognizer.model_copy(update=recognizer),
            "speech": settings.speech.model_copy(update=speech),
        }
    )


T = TypeVar("T")


def separated(by_domain: Mapping[str, T]) -> tuple[T, dict[str, T]]:
    """Take what is of the default domain apart from what is of the others."""
    others = {name: one for name, one in by_domain.items() if name != DEFAULT}
    return by_domain[DEFAULT], others


def language_sets(domains: Domains) -> dict[str, IntentSet]:
    """Return the intents by language, the default one first."""
    return {one.intents.language: one.intents for one in domains.values()}


def whole_languages(settings: Settings, domains: Domains) -> list[Understanding]:
    """Return what is understood where nothing is left out, of each language."""
    default, others = separated(domains)
    sets = language_sets(others)
    sets.pop(default.intents.language, None)
    return [default, *(make_understanding(in_language(settings, one), sets[one]) for one in sets)]


def qualified(name: str, language: str, default: str) -> str:
    """Name an intent or a list of another language than the default one; ':' is in no name."""
    return name if language == default else f"{language}:{name}"


class DomainFiles:
    """The intent files of every language that is spoken, and the domains made of them.

    ``instead`` are files or folders that take the place of the configured ones.
    """

    def __init__(self, settings: Settings, paths: Paths, instead: Sequence[Path] = ()) -> None:
        self.settings = settings
        self._alone = bool(instead) or not settings.intents.shipped
        self._settings = {one: in_language(settings, one) for one in languages(settings)}
        self._files = {
            language: IntentFiles(chosen, paths, instead, SkillIntents(paths, language))
            for language, chosen in self._settings.items()
        }

    def changed(self) -> bool:
        """Tell whether files of any language have changed, as ``IntentFiles.changed`` does."""
        changes = [files.changed() for files in self._files.values()]  # each takes a look
        return any(changes)

    def load(self, printed: Printed) -> Domains:
        """Read and compile the intents of all domains, or of none.

        Raises IntentError with every mistake of the files of a language, and ConfigError with every
        mistake of a wake word.
        """
        self._check_languages()
        sets = {}
        for language, chosen in self._settings.items():
            printed_here = partial(self._printed, printed, language)
            files = self._files[language]
            sets[language] = load_intent_set(chosen, files, printed_here, self._settings)
        problems: list[Problem] = []
        domains = {
            name: self._understanding(domain, sets[domain.language], problems)
            for name, domain in domain_settings(self.settings).items()
        }
        problems += self._unknown_commands(domains[DEFAULT])
        read_schedule(self.settings.schedule.commands, domains[DEFAULT], problems)
        _check_routines(domains)
        if problems:
            raise ConfigError(sorted(problems, key=lambda one: (one.place.line, one.place.column)))
        return domains

    def count(self) -> int:
        """Tell how many files there are."""
        read = (file for files in self._files.values() for file in files.read())
        return len({file.path for file in read})

    def command_sets(self) -> dict[str, IntentSet]:
        """Read the intents by language as far as the bridge needs them: no list has values."""
        self._check_languages()
        return {
            language: load_commands(chosen, self._files[language])
            for language, chosen in self._settings.items()
        }

    def outside(
        self, sets: Mapping[str, IntentSet] | None = None
    ) -> tuple[dict[str, Steps], dict[str, tuple[str, ...]], dict[str, Undoing]]:
        """Tell what the bridge does: actions, programs of lists, and what takes actions back."""
        sets = self.command_sets() if sets is None else sets
        default = self.settings.intents.language
        actions: dict[str, Steps] = {}
        undos: dict[str, Undoing] = {}
        for language, found in sets.items():
            for name, one in outside_actions(found).items():
                actions[qualified(name, language, default)] = one
            for name, undo in outside_undos(found).items():
                undos[qualified(name, language, default)] = undo
        programs = printed_lists(sets)
        return actions, {name: one.program.argv for name, one in programs.items()}, undos

    def _printed(
        self, printed: Printed, language: str, name: str, source: ListSource
    ) -> str | None:
        """What a program prints: it may be that of a list of the default language, too."""
        default = self.settings.intents.language
        names = dict.fromkeys((name, qualified(name, language, default)))
        texts = (printed(one, source) for one in names)
        return next((text for text in texts if text is not None), None)

    def _check_languages(self) -> None:
        problems = []
        for language in languages(self.settings)[1:]:
            if not can_count(language):
                problem = f"the language '{language}' is not known"
            elif not self._alone and not shipped_intents(language).is_dir():
                problem = f"there are no intents in the language '{language}'"
            else:
                continue
            folders = shipped_intents(language).parent.iterdir()
            shipped = sorted(folder.name for folder in folders)
            hint = f"there are intents in: {', '.join(shipped)}"
            problems.append(Problem(problem, place_of(language), hint))
        if problems:
            raise ConfigError(problems)

    def _understanding(
        self, domain: DomainSettings, intents: IntentSet, problems: list[Problem]
    ) -> Understanding:
        settings = self._settings[domain.language]
        if not domain.intents:
            return make_understanding(settings, intents)
        named = _named(domain.intents, intents, problems)
        some = make_understanding(settings, replace(intents, intents=named))
        return replace(some, intents=intents)

    def _unknown_commands(self, default: Understanding) -> list[Problem]:
        problems = []
        for word in wake_words(self.settings):
            event = default.understand(Transcript(word.command, 1.0)) if word.command else None
            if event is None or isinstance(event, Understood):
                continue
            near = default.reconsider(event) if isinstance(event, NotUnderstood) else event
            hint = "write a sentence of one of your intents"
            if isinstance(near, NearlyUnderstood):
                hint = f"did you mean '{near.sentences[0]}'?"
            message = f"no intent understands '{word.command}', the command of '{word.name}'"
            problems.append(Problem(message, place_of(word.command), hint))
        return problems


def _check_routines(domains: Domains) -> None:
    """Raise IntentError where a sentence of a routine cannot be understood in a domain."""
    found = {
        problem: None for one in domains.values() for problem in routine_problems(one)
    }  # each once, as several domains have the same intents
    if found:
        in_order = sorted(found, key=lambda one: (one.place.path, one.place.line, one.place.column))
        raise IntentError(in_order)


def _named(names: Sequence[str], intents: IntentSet, problems: list[Problem]) -> dict[str, Intent]:
    """Choose the intents that are named, by themselves or by their file, and those that answer."""
    files = {PurePath(one.place.path).stem for one in intents.intents.values()}
    for name in names:
        if name not in intents.intents and name not in files:
            hint = did_you_mean(name, [*intents.intents, *files])
            message = f"there is no intent and no file with intents '{name}'"
            known = f"files with intents: {', '.join(sorted(files))}"
            problems.append(Problem(message, place_of(name), hint or known))
    return {
        name: one
        for name, one in intents.intents.items()
        if name in names
        or PurePath(one.place.path).stem in names
        or (isinstance(one.action, BuiltinCall) and one.action.name in ANSWERS)
    }


# --- what is heard --------------------------------------------------------------------------------


def spoken_grammars(settings: Settings, domains: Domains) -> dict[str, Grammars]:
    """Make the grammars of every domain. Raises AssistantError where nothing can be said."""
    several = settings.recognizer.several_commands
    known = domain_settings(settings)
    grammars = {}
    for name, understanding in domains.items():
        with _told_at(*known[name].intents, known[name].language):
            grammar = spoken_grammar(understanding, several_commands=several)
        grammars[name] = grammar, answer_grammar(understanding)
    return grammars


def build_recognizers(
    settings: Settings, paths: Paths, names: Collection[str]
) -> dict[str, Recognizer]:
    """Load the recognizers of these domains, one for each language; returns them by domain."""
    domains = {name: one for name, one in domain_settings(settings).items() if name in names}
    count = Counter(domain.language for domain in domains.values())
    recognizers: dict[str, Recognizer] = {}
    for domain in domains.values():
        if domain.language in recognizers:
            continue
        with _told_at(domain.language):
            recognizers[domain.language] = build_recognizer(
                in_language(settings, domain.language),
                paths,
                alone=len(languages(settings)) == 1,
                # The commands of each domain, and of one of them those with answers.
                grammars=count[domain.language] + 1,
            )
    return {name: recognizers[domain.language] for name, domain in domains.items()}


@contextlib.contextmanager
def _told_at(*settings: str) -> Iterator[None]:
    """Tell what goes wrong where the configuration asks for it, in the first of these settings."""
    try:
        yield
    except EngineError as error:
        raise at_place(error, settings[0]) from error


# --- lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A list whose values a program prints, and the language of its values."""

    values: SlotList
    program: ListSource
    language: str


def printed_lists(sets: Mapping[str, IntentSet]) -> dict[str, PrintedList]:
    """Return by name the lists of all languages that programs print, the default one's first.

    A list of another language that has the same name and the same program is the same list.
    """
    found: dict[str, PrintedList] = {}
    default = next(iter(sets))
    for language, intents in sets.items():
        for name, source in list_programs(intents).items():
            known = found.get(name)
            if known is None or known.program.argv != source.argv:
                found[qualified(name, language, default)] = PrintedList(
                    intents.lists[name], source, language
                )
    return found

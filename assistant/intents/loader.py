"""Intent files to a checked IntentSet. Reading the files is the caller's; here they are texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from assistant.errors import IntentError, Place, Problem
from assistant.intents.builtins import Outcomes
from assistant.intents.checks import check, warnings
from assistant.intents.model import IntentSet, SourceFile
from assistant.intents.reading import Reader
from assistant.intents.schema import FileContent, FileReader
from assistant.intents.words import can_count, normalise
from assistant.yamlsource import Text, parse

_T = TypeVar("_T")


def load_intents(
    files: Sequence[SourceFile], builtin_actions: Mapping[str, Outcomes], language: str = "en"
) -> IntentSet:
    """Read and check all files. Raises IntentError with every mistake of every file."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    if not can_count(language):
        place = Place(files[0].path if files else "intents", 1, 1)
        raise IntentError([Problem(f"the language '{language}' is not known", place)])
    reader = FileReader(Reader(problems), language, builtin_actions)
    contents: list[tuple[int, FileContent]] = []
    for file in sorted(files, key=lambda file: file.layer):
        top = parse(file.text, file.path, problems)
        if top is None:
            continue
        spoken = top.get("language")
        if isinstance(spoken, Text) and spoken.text != language:
            message = f"not used: this file is in '{spoken.text}', the assistant in '{language}'"
            notes.append(Problem(message, spoken.place, warning=True))
            continue
        contents.append((file.layer, reader.content(top)))

    def merged(kind: str, named: Iterable[tuple[int, list[tuple[Text, _T]]]]) -> dict[str, _T]:
        return _merge(kind, named, problems)

    intents = merged("intent", ((layer, one.intents) for layer, one in contents))
    intent_set = IntentSet(
        language=language,
        intents={name: intent for name, intent in intents.items() if intent is not None},
        lists=merged("list", ((layer, one.lists) for layer, one in contents)),
        rules=merged("rule", ((layer, one.rules) for layer, one in contents)),
        skip_words=tuple(
            words
            for _, one in contents
            for text in one.skip_words
            if (words := normalise(text.text, language))
        ),
        responses=merged("response", ((layer, one.responses) for layer, one in contents)),
        warnings=(),
    )
    problems += check(intent_set, builtin_actions)
    if problems:
        raise IntentError(sorted(problems, key=_position))
    return replace(intent_set, warnings=(*notes, *warnings(intent_set)))


def _merge(
    kind: str, named: Iterable[tuple[int, list[tuple[Text, _T]]]], problems: list[Problem]
) -> dict[str, _T]:
    """Put names of all files together: a higher layer replaces, the same layer is a mistake."""
    first: dict[str, tuple[int, Text]] = {}
    result: dict[str, _T] = {}
    for layer, entries in named:
        for key, value in entries:
            known = first.get(key.text)
            if known and known[0] == layer:
                message = f"duplicate {kind} '{key.text}'"
                problems.append(Problem(message, key.place, f"the first is at {known[1].place}"))
                continue
            first[key.text] = layer, key
            result[key.text] = value
    return result


def _position(problem: Problem) -> tuple[str, int, int]:
    return problem.place.path, problem.place.line, problem.place.column

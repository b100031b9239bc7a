"""Loads intent files: all of them read, put together and checked, every mistake told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import TypeVar

from assistant.errors import IntentError, Place, Problem
from assistant.intents.builtins import Outcomes
from assistant.intents.checks import check, warnings
from assistant.intents.listtext import read_list_text
from assistant.intents.model import (
    Block,
    Connectives,
    Intent,
    IntentSet,
    ListSource,
    ListValue,
    SlotList,
    SourceFile,
    Types,
)
from assistant.intents.reading import MAXIMUM_MISTAKES, Reader, TooManyMistakesError
from assistant.intents.schema import FileContent, FileReader
from assistant.intents.template import Words
from assistant.intents.words import base_language, can_count, normalise
from assistant.yamlsource import Text, parse

_T = TypeVar("_T")

GROUPS = "group_name"
"""The list that holds the names of all groups, for "what can I say about timers"."""


def load_intents(
    files: Sequence[SourceFile],
    builtin_actions: Mapping[str, Outcomes],
    language: str = "en",
    list_texts: Mapping[ListSource, str] | None = None,
    languages: Collection[str] = (),
) -> IntentSet:
    """Read and check all files. Raises IntentError with every mistake of every file.

    ``list_texts`` are the texts of lists that come from files and programs, as far as there are.
    ``languages`` are those that the files are read for, one after the other.
    """
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
        if isinstance(spoken, Text) and not _is_spoken(spoken.text, language):
            message = f"not used: this file is in '{spoken.text}', the assistant in '{language}'"
            if not any(_is_spoken(spoken.text, other) for other in languages):
                notes.append(Problem(message, spoken.place, warning=True))
            continue
        try:
            contents.append((file.layer, reader.content(top, PurePath(file.path).parent.name)))
        except TooManyMistakesError:
            raise IntentError(_told(problems)) from None

    def merged(
        kind: str, entries_of: Callable[[FileContent], Iterable[tuple[Text, _T]]]
    ) -> dict[str, _T]:
        return _merge(kind, [(layer, entries_of(one)) for layer, one in contents], problems)

    def filled(lists: Mapping[str, SlotList]) -> dict[str, SlotList]:
        texts = {} if list_texts is None else list_texts
        return {name: _filled(one, texts, language, notes) for name, one in lists.items()}

    def finished(intent: Intent) -> Intent:
        """The intent with the replies and the lists of its blocks."""
        texts = replies.get(intent.name, {})
        blocks = (replace(_answered(one, texts), lists=filled(one.lists)) for one in intent.blocks)
        return replace(intent, blocks=tuple(blocks))

    intents = _merge("intent", _with_blocks(contents), problems)
    groups = {text.place.path: text.text for _, one in contents for text in one.group}
    replies = merged("reply", lambda one: one.block_replies)
    intent_set = IntentSet(
        language=language,
        intents={name: finished(one) for name, one in intents.items() if one is not None},
        lists=filled(merged("list", lambda one: one.lists)),
        rules=merged("rule", lambda one: one.rules),
        skip_words=tuple(
            words
            for _, one in contents
            for text in one.skip_words
            if (words := normalise(text.text, language))
        ),
        responses=merged("response", lambda one: one.responses),
        warnings=(),
        types=Types(
            merged("slot type", lambda one: one.types),
            filled(merged("list of slot types", lambda one: one.type_lists)),
            merged("rule of slot types", lambda one: one.type_rules),
        ),
        connectives=Connectives(**merged("connective", lambda one: one.connectives)),
        pronunciations=merged("pronunciation", lambda one: one.pronunciations),
        groups=groups,
    )
    if groups and GROUPS not in intent_set.lists:
        listed = {**intent_set.lists, GROUPS: _group_list(contents)}
        intent_set = replace(intent_set, lists=listed)
    problems += islice(check(intent_set, builtin_actions), MAXIMUM_MISTAKES + 1)
    if problems:
        raise IntentError(_told(problems))
    return replace(intent_set, warnings=(*notes, *warnings(intent_set)))


def _group_list(contents: Iterable[tuple[int, FileContent]]) -> SlotList:
    names = {text.text: text for _, one in contents for text in one.group}
    values = tuple(ListValue(Words(name), name) for name in names)
    return SlotList(GROUPS, values, next(iter(names.values())).place)


def _with_blocks(
    contents: Iterable[tuple[int, FileContent]],
) -> list[tuple[int, list[tuple[Text, Intent | None]]]]:
    """Intents by layer. Blocks as Home Assistant spreads them over files are put together."""
    layers: list[tuple[int, list[tuple[Text, Intent | None]]]] = []
    first: dict[tuple[int, str], tuple[int, int]] = {}
    for layer, content in contents:
        entries = list(content.intents)
        layers.append((layer, entries))
        for number, (key, _) in enumerate(entries):
            first.setdefault((layer, key.text), (len(layers) - 1, number))
        for key, part in content.added:
            at = first.get((layer, key.text))
            known = layers[at[0]][1][at[1]] if at else None
            if at and known and known[1]:
                blocks = (*known[1].blocks, *part.blocks)
                layers[at[0]][1][at[1]] = known[0], replace(known[1], blocks=blocks)
            else:
                first[layer, key.text] = len(layers) - 1, len(entries)
                entries.append((key, part))
    return layers


def _merge(
    kind: str, layers: Iterable[tuple[int, Iterable[tuple[Text, _T]]]], problems: list[Problem]
) -> dict[str, _T]:
    """Put names of all files together: a higher layer replaces, the same layer is a mistake.

    Those of higher layers come first, as the earlier of two equal sentences is meant.
    """
    first: dict[str, tuple[int, Text]] = {}
    result: dict[str, _T] = {}
    for layer, entries in layers:
        for key, value in entries:
            known = first.get(key.text)
            if known and known[0] == layer:
                message = f"duplicate {kind} '{key.text}'"
                problems.append(Problem(message, key.place, f"the first is at {known[1].place}"))
                continue
            first[key.text] = layer, key
            result[key.text] = value
    return dict(sorted(result.items(), key=lambda named: -first[named[0]][0]))


def _answered(block: Block, replies: Mapping[str, tuple[Text, ...]]) -> Block:
    """Give a block the replies that its 'response' names, where there are any."""
    texts = replies.get(block.response or "default")
    return replace(block, replies={"done": texts}) if texts and not block.replies else block


def _filled(
    one: SlotList, contents: Mapping[ListSource, str], language: str, notes: list[Problem]
) -> SlotList:
    """Give a list from a file or a program its values; it is empty while there are none."""
    if one.source is None:
        return one
    text = contents.get(one.source)
    if text is None:
        source = one.source.file or " ".join(one.source.argv)
        message = f"list '{one.name}' is empty: nothing has come from '{source}' yet"
        notes.append(Problem(message, one.source.place, warning=True))
        return one
    values, problems = read_list_text(text, one, language)
    notes += problems
    return replace(one, values=tuple(values))


def _is_spoken(language: str, by: str) -> bool:
    """Whether who speaks ``by`` speaks a language: en_GB is en, but not en_US."""
    return language.replace("-", "_") in {by.replace("-", "_"), base_language(by)}


def _told(problems: list[Problem]) -> list[Problem]:
    """The problems by their places; of very many the first, with a word that there are more."""
    in_order = sorted(problems, key=_position)
    if len(in_order) <= MAXIMUM_MISTAKES:
        return in_order
    next_one = in_order[MAXIMUM_MISTAKES]
    more = Problem(f"there are more than {MAXIMUM_MISTAKES} mistakes", next_one.place)
    return [*in_order[:MAXIMUM_MISTAKES], more]


def _position(problem: Problem) -> tuple[str, int, int]:
    return problem.place.path, problem.place.line, problem.place.column

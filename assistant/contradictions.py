"""Settings that are right by themselves, but not beside what else is written."""

from __future__ import annotations

import typing
from collections.abc import Iterator

from assistant.errors import Problem
from assistant.yamlsource import Items, Mapping, Text, did_you_mean


def contradictions(top: Mapping, default_word: str, default_source: str) -> Iterator[Problem]:
    """Find them in a configuration; the defaults are of ``wake.word`` and ``audio.source``."""
    yield from _of_wake_words(_mapping(top, "wake"))
    yield from _of_microphones(top, default_word, default_source)


def _of_wake_words(wake: Mapping | None) -> Iterator[Problem]:
    words = _mapping(wake, "words")
    if wake is None or words is None:
        return
    if wake.get("word") is not None:
        yield Problem(
            "'word' and 'words' in section 'wake' are both given",
            wake.entries["word"][0].place,
            "write it among the words",
        )
    if wake.get("model") is not None and len(words.entries) > 1:
        names = ", ".join(f"'{name.text}'" for name, _ in words)
        yield Problem(
            f"'model' in section 'wake' is the file of one word, and there are several: {names}",
            wake.entries["model"][0].place,
            "write it as 'model' of its word",
        )
    for name, word in words:
        if isinstance(word, Mapping) and word.get("command") is not None:
            for key in ("language", "intents"):
                if word.get(key) is not None:
                    yield Problem(
                        f"'{key}' of '{name.text}' in 'wake.words': nothing follows a word that "
                        "is a command itself",
                        word.entries[key][0].place,
                        f"leave out '{key}' or 'command'",
                    )


def _of_microphones(top: Mapping, default_word: str, default_source: str) -> Iterator[Problem]:
    audio = _mapping(top, "audio")
    several = _mapping(audio, "microphones")
    if audio is None or several is None:
        return
    if audio.get("source") is not None:
        yield Problem(
            "'source' and 'microphones' in section 'audio' are both given",
            audio.entries["source"][0].place,
            "write it as 'source' of a microphone",
        )
    if not several.entries:
        yield Problem(
            "'microphones' in section 'audio' has no microphone",
            several.place,
            "write a name for each, with its settings, or leave it out",
        )
        return
    yield from _sources(several, default_source)
    yield from _words_of_microphones(several, _wake_words(top, default_word))


def _sources(several: Mapping, default: str) -> Iterator[Problem]:
    """Each microphone has a name, and a source that no other one has."""
    users: dict[str, str] = {}
    for name, settings in several:
        if not name.text.strip():
            yield Problem("a microphone in 'audio.microphones' has no name", name.place)
        given = settings.get("source") if isinstance(settings, Mapping) else None
        if given is not None and not isinstance(given, Text):
            continue  # a mistake of its own
        source = (default if given is None else given.text).strip().casefold()
        place = name.place if given is None else given.place
        if not source:
            yield Problem(f"'source' of '{name.text}' in 'audio.microphones' is empty", place)
        elif source in users:
            yield Problem(
                f"'{users[source]}' and '{name.text}' in 'audio.microphones' have the same source",
                place,
                "give each one of its own: assistant devices lists them",
            )
        users.setdefault(source, name.text)


def _words_of_microphones(
    several: Mapping, words: typing.Mapping[str, Text | None]
) -> Iterator[Problem]:
    """Each microphone listens for words that there are, and each word has a microphone."""
    listened_for: set[str] = set()
    mistyped = False
    for name, settings in several:
        listed = settings.get("words") if isinstance(settings, Mapping) else None
        if not isinstance(listed, Items):
            listened_for |= words.keys()
            continue
        if not listed.items:
            yield Problem(
                f"'words' of '{name.text}' in 'audio.microphones' has no word",
                listed.place,
                "leave it out to listen for all words",
            )
        for word in (one for one in listed if isinstance(one, Text)):
            listened_for.add(word.text)
            if word.text not in words:
                mistyped = True
                yield Problem(
                    f"'words' of '{name.text}' in 'audio.microphones': there is no wake word "
                    f"'{word.text}'",
                    word.place,
                    did_you_mean(word.text, [*words]) or f"there is: {', '.join(words)}",
                )
    for name_of_word, written in words.items():
        if written is not None and name_of_word not in listened_for and not mistyped:
            yield Problem(
                f"no microphone listens for '{name_of_word}'",
                written.place,
                "name it among the 'words' of a microphone, or leave it out",
            )


def _wake_words(top: Mapping, default: str) -> dict[str, Text | None]:
    """Return the wake words, each with where it is written."""
    wake = _mapping(top, "wake")
    several = _mapping(wake, "words")
    if several is not None and several.entries:
        return {name.text: name for name, _ in several}
    one = wake.get("word") if wake is not None else None
    return {one.text: one} if isinstance(one, Text) else {default: None}


def _mapping(node: Mapping | None, key: str) -> Mapping | None:
    found = node.get(key) if node is not None else None
    return found if isinstance(found, Mapping) else None

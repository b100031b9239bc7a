"""What PyYAML's errors mean, in plain words and with what to do about it."""

from __future__ import annotations

import re
from typing import Protocol

import yaml

from assistant.errors import Place, Problem


class PlaceOf(Protocol):
    """Makes a place from a line and a column, both from 0."""

    def __call__(self, line: int, column: int, length: int = 1) -> Place:
        """Place at a line and a column."""
        ...


# A part of PyYAML's message, ours, and the hint. The place of _OPENED is where the unfinished thing
# begins.
_MEANINGS = (
    (r"found character '\\t'", "a tab cannot indent YAML", "indent with spaces"),
    (
        r"mapping values are not allowed",
        "a ':' does not fit here",
        "indent keys of one block alike, and put quotes around text that holds ': '",
    ),
    (
        r"sequence entries are not allowed",
        "a '-' item does not fit here",
        "begin the list on a line of its own",
    ),
    (r"found unknown escape character", "unknown escape", "use 'single quotes', or write \\\\"),
)
_OPENED = (
    (
        r"could not find expected ':'",
        "a key without ':'",
        "write 'key: value', or put quotes around the text",
    ),
    (r"unexpected end of stream", "unclosed quote opened here", "close it with the same quote"),
    (r"expected ',' or '\]'", "unclosed '[' opened here", ""),
    (r"expected ',' or '\}'", "unclosed '{' opened here", ""),
)


def explain(error: yaml.YAMLError, text: str, place_of: PlaceOf) -> Problem:
    """Turn an error of PyYAML's reader, scanner or parser into a problem with its place."""
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line = len(re.findall("\r\n|[\n\r\x85\u2028\u2029]", before))
        column = error.position - max(before.rfind(c) for c in "\n\r\x85\u2028\u2029") - 1
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        return Problem(message, place_of(line, column))
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(f"this is not YAML: {error}", place_of(0, 0))
    what = str(error.problem)
    here = place_of(error.problem_mark.line, error.problem_mark.column)
    opened = error.context_mark
    if opened is not None:
        for part, message, hint in _OPENED:
            if re.search(part, what):
                return Problem(message, place_of(opened.line, opened.column), hint)
    for part, message, hint in _MEANINGS:
        if re.search(part, what):
            return Problem(message, here, hint)
    if cannot_start := re.search(r"character '(.)' that cannot start", what):
        character = cannot_start[1]
        return Problem(
            f"a text cannot begin with '{character}' unless it is in quotes",
            here,
            "put quotes around it",
        )
    if what.startswith("expected <block end>"):
        return _block_end(here)
    return Problem(f"this is not YAML: {what}", here)


def _block_end(here: Place) -> Problem:
    """A block did not end where it had to: most often a template that begins with a bracket."""
    bracket = re.match(r"\s*(?:- +|[\w-]+: +)*([\[{])", here.source_line)
    if bracket and bracket.start(1) < here.column - 1:
        place = Place(here.path, here.line, bracket.start(1) + 1, here.source_line)
        message = f"a text cannot begin with '{bracket[1]}' unless it is in quotes"
        return Problem(message, place, "put quotes around it")
    message = "this does not fit the lines before it"
    return Problem(message, here, "indent it as the other keys or '-' items of its block")

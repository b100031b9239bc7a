"""``assistant explain`` and ``schema``: for whoever writes intent files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from assistant.cli.common import config_option, intents_option, json_option, paths, settings
from assistant.engines import load_understanding, proposals_from
from assistant.intents.circumstances import Circumstances
from assistant.intents.explanation import (
    Explanation,
    Meaning,
    Near,
    Other,
    Resolved,
    Source,
    explain,
)
from assistant.intents.search import Aligned, Difference
from assistant.values import kind_of, plain

if TYPE_CHECKING:
    from assistant.intents.graph import Sentence
    from assistant.turn import Slot

# Lower than what somebody who spoke is asked about: here the question is where the words part.
MINIMUM_SCORE = 0.4
MOST_OTHERS = 5

_ORIGINS = {
    Source.LIST: "list '{}'",
    Source.TYPE: "type '{}'",
    Source.SENTENCE: "list in the sentence",
    Source.ANYTHING: "any words",
    Source.NAMED: "named before, list '{}'",
    Source.FIXED: "fixed",
    Source.CONTEXT: "from the context",
}
# The style of a word, and the mark below it where colours are not seen.
_MARKS = {
    Difference.KEPT: ("", " "),
    Difference.REPLACED: ("yellow", "~"),
    Difference.MISSING: ("green", "+"),
    Difference.EXTRA: ("red", "-"),
}


@click.command("explain")
@click.argument("text", nargs=-1, required=True)
@config_option
@intents_option
@json_option
def explain_text(
    *, text: tuple[str, ...], config: Path | None, intents: tuple[Path, ...], as_json: bool
) -> None:
    """Tell why a text means what it means, or where it parts from the nearest sentences.

    Nothing is done. What was named before ("it") is not known here.

    \b
    assistant explain set a timer for ten minutes
    assistant explain --intents my-intents/ "turn on the light"
    """
    understanding = load_understanding(settings(config), paths(), intents)
    where = Circumstances(understanding.now(), understanding.context)
    propose = proposals_from(understanding.graph, MINIMUM_SCORE)
    explanation = explain(understanding.graph, " ".join(text), where, propose)
    if as_json:
        click.echo(json.dumps(to_json(explanation)))
        return
    console = Console(highlight=False)
    for line in _lines(explanation, console.width):
        console.print(line, soft_wrap=True)


@click.command()
def schema() -> None:
    """Print the JSON Schema of intent files, with which editors complete and check them.

    \b
    assistant schema > intents.schema.json
    """
    from assistant.intents.jsonschema import intent_file_schema

    click.echo(json.dumps(intent_file_schema(), indent=2))


# --- for a person ---------------------------------------------------------------------------------


def _lines(explanation: Explanation, width: int) -> Iterator[Text]:
    for meaning in explanation.meanings:
        yield from _meaning(meaning)
    if explanation.meanings and not explanation.rest:
        return
    yield Text(f"“{explanation.rest}” means nothing.", "bold")
    if explanation.unfit:
        yield from _others("fits", explanation.unfit)
    for near in explanation.near:
        yield from _near(near, width)
    if not explanation.near and not explanation.unfit:
        yield Text("  No sentence is near.")


def _meaning(meaning: Meaning) -> Iterator[Text]:
    lent, own = " ".join(meaning.lent), " ".join(meaning.words[len(meaning.lent) :])
    yield Text.assemble("“", (f"{lent} " if lent else "", "dim"), (own, "bold"), "”")
    yield from _sentence(meaning.sentence)
    for number, command in enumerate(meaning.commands, start=1):
        if len(meaning.commands) > 1:
            yield Text(f"  command {number}", "dim")
        for one in command:
            yield _slot(one)
    if meaning.lent:
        yield _line("begins", "as the one before it")
    if meaning.skipped:
        yield _line("skipped", " ".join(meaning.skipped))
    yield from _others("beats", meaning.beaten)
    yield from _others("unfit", meaning.unfit)


def _sentence(sentence: Sentence) -> Iterator[Text]:
    place = sentence.template.source.place
    yield Text.assemble("  ", (sentence.intent, "green"), f"  {place}")
    drawn = place.drawn()
    yield from (Text(line, style) for line, style in zip(drawn, ("", "green"), strict=False))


def _slot(one: Resolved) -> Text:
    slot, written = one.slot, str(plain(one.slot.value))
    kind = kind_of(slot.value) + ("" if one.words == written else f" {written}")
    origin = _ORIGINS[one.source].format(one.origin).removesuffix(" ''")
    told = f"  {kind}, {origin}" + (f", “{slot.text}”" if slot.text else "")
    return _line(slot.name, Text.assemble((one.words, "cyan"), (told, "dim")))


def _others(name: str, others: Sequence[Other]) -> Iterator[Text]:
    for number, one in enumerate(others):
        if number == MOST_OTHERS:
            yield _line("", f"{len(others) - number} more; --json tells all of them")
            return
        place = one.sentence.template.source.place
        found = Text.assemble(f"{one.sentence.intent}, {place}: ", (one.reason, "yellow"))
        yield _line(name if number == 0 else "", found)


def _near(near: Near, width: int) -> Iterator[Text]:
    yield Text()
    yield from _sentence(near.sentence)
    yield from (_line(*row) for row in _rows(near.proposal.alignment, width - 14))


def _rows(alignment: Sequence[Aligned], width: int) -> Iterator[tuple[str, Text]]:
    """Write what was said above what was meant, word below word; below that, where they part."""
    rows = Text(), Text(), Text()
    for kind, heard, meant, _ in alignment:
        size = max(cell_len(heard), cell_len(meant))
        if rows[0].plain and cell_len(rows[0].plain) + size > width:
            yield from zip(("said", "meant", ""), rows, strict=True)
            rows = Text(), Text(), Text()
        style, mark = _MARKS[kind]
        for row, word in zip(rows, (heard, meant, mark * size), strict=True):
            row.append(word, style).append(" " * (size - cell_len(word) + 1))
    for row in rows:
        row.rstrip()
    yield from zip(("said", "meant", ""), rows, strict=True)


def _line(name: str, value: str | Text) -> Text:
    return Text.assemble("  ", (f"{name:<10}", "dim"), " ", value)


# --- for a program --------------------------------------------------------------------------------


def to_json(explanation: Explanation) -> dict[str, Any]:
    """Turn an explanation into what JSON can hold."""
    understood = explanation.meanings and not explanation.rest
    return {
        "text": explanation.text,
        "outcome": "understood" if understood else "not_understood",
        "meanings": [_meaning_json(one) for one in explanation.meanings],
        "rest": explanation.rest,
        "unfit": [_other_json(one) for one in explanation.unfit],
        "near": [
            _sentence_json(one.sentence)
            | {
                "text": one.proposal.text,
                "score": round(one.proposal.score, 3),
                "alignment": [
                    {"difference": kind.value, "said": heard, "meant": meant}
                    for kind, heard, meant, _ in one.proposal.alignment
                ],
            }
            for one in explanation.near
        ],
    }


def _meaning_json(meaning: Meaning) -> dict[str, Any]:
    return _sentence_json(meaning.sentence) | {
        "text": " ".join(meaning.words),
        "commands": [{"slots": [_slot_json(one) for one in c]} for c in meaning.commands],
        "lent": list(meaning.lent),
        "skipped": list(meaning.skipped),
        "beaten": [_other_json(one) for one in meaning.beaten],
        "unfit": [_other_json(one) for one in meaning.unfit],
    }


def slot_json(slot: Slot) -> dict[str, Any]:
    """A slot with the words it was read from, its value as text or number, and its kind."""
    value = slot.value
    return {"name": slot.name, "text": slot.text, "value": plain(value), "type": kind_of(value)}


def _slot_json(one: Resolved) -> dict[str, Any]:
    return slot_json(one.slot) | {
        "source": one.source.value,
        "origin": one.origin,
        "words": one.words,
    }


def _other_json(other: Other) -> dict[str, Any]:
    return _sentence_json(other.sentence) | {"reason": other.reason}


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    source = sentence.template.source
    return {"intent": sentence.intent, "template": source.text, "place": str(source.place)}


COMMANDS = (explain_text, schema)

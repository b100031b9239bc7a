"""Skills of the home, spoken to in English and German: from the words to the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.config import load_settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import make_understanding
from assistant.turn import Outcome
from tests.intents.files import shipped
from tests.room import NOW, Room, in_room


@cache
def understanding(language: str) -> Understanding:
    """The shipped intents, always with the first of several replies."""
    chosen = load_settings(f"intents: {{language: {language}}}", "config.yaml")
    made = make_understanding(chosen, shipped(language)[0])
    return replace(made, pick=lambda _: 0, now=lambda: NOW)


def converse(folder: Path, language: str, exchanges: Sequence[tuple[str, str]]) -> Room:
    async def scene(room: Room) -> None:
        for said, answered in exchanges:
            record = await room.hear(said)
            assert record.reply == answered, said

    return in_room(folder, scene, understanding(language))


def test_a_shopping_list(tmp_path: Path) -> None:
    converse(
        tmp_path,
        "en",
        [
            ("what is on the shopping list", "The shopping list is empty."),
            (
                "add milk eggs and two bottles of water to the shopping list",
                "Added milk, eggs, and 2 bottles of water to the shopping list.",
            ),
            ("put milk on my list", "The shopping list has milk already."),
            ("is water on the shopping list", "Yes, 2 bottles of water."),
            (
                "remove water from the shopping list",
                "Took 2 bottles of water off the shopping list.",
            ),
            ("what's on the shopping list", "On the shopping list: milk and eggs."),
            ("is bread on the shopping list", "No bread on the shopping list."),
            ("clear the shopping list", "Shall I clear the shopping list?"),
            ("no", "All right."),
            ("what is on my list", "On the shopping list: milk and eggs."),
            ("clear the shopping list", "Shall I clear the shopping list?"),
            ("yes", "The shopping list is empty now."),
            ("what is on my list", "The shopping list is empty."),
        ],
    )


def test_eine_einkaufsliste(tmp_path: Path) -> None:
    converse(
        tmp_path,
        "de",
        [
            (
                "setz milch eier und zwei flaschen wasser auf die einkaufsliste",
                "Notiert: Milch, Eier und 2 Flaschen Wasser.",
            ),
            ("schreib milch auf den einkaufszettel", "Schon notiert: Milch."),
            ("streich wasser von der einkaufsliste", "Gestrichen: 2 Flaschen Wasser."),
            ("was steht auf der einkaufsliste", "Auf der Liste: Milch und Eier."),
            ("steht butter auf meiner liste", "Nicht auf der Liste: Butter."),
            ("leere die einkaufsliste", "Soll ich alles streichen: Einkaufsliste?"),
            ("ja", "Die Liste ist jetzt leer."),
        ],
    )


def test_both_languages_have_the_same_shopping_list(tmp_path: Path) -> None:
    converse(tmp_path, "de", [("setz salami auf die einkaufsliste", "Notiert: Salami.")])
    converse(tmp_path, "en", [("what is on the shopping list", "On the shopping list: Salami.")])


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("what is twelve times seven", "84."),
        ("what is one hundred divided by seven", "About 14.286."),
        ("what is five divided by zero", "Nothing can be divided by zero."),
        ("what is fifteen percent of eighty", "12."),
        ("what is the square root of two", "About 1.414."),
        ("0.1 + 0.2", "0.3."),
        ("how many grams are in two pounds", "2 pounds is about 907 grams."),
        ("convert ten miles to kilometers", "10 miles is about 16.1 kilometers."),
        (
            "what is three hundred and fifty fahrenheit in celsius",
            "350 degrees Fahrenheit is about 177 degrees Celsius.",
        ),
        ("how many inches are in a foot", "1 foot is 12 inches."),
        ("how many pounds are in ten miles", "10 miles cannot be turned into that."),
        ("how do you spell necessary", "N, E, C, E, S, S, A, R, Y."),
    ],
)
def test_questions(tmp_path: Path, said: str, answered: str) -> None:
    converse(tmp_path, "en", [(said, answered)])


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("was ist zwölf mal sieben", "84."),
        ("was ist hundert geteilt durch sieben", "Etwa 14,286."),
        ("was ist fünf geteilt durch null", "Durch null kann man nicht teilen."),
        ("wie viel gramm sind zwei pfund", "2 Pfund sind 1000 Gramm."),
        ("rechne zehn meilen in kilometer um", "10 Meilen sind etwa 16,1 Kilometer."),
        ("wie viele milliliter hat eine halbe tasse", "0,5 Tassen sind 125 Milliliter."),
        ("wie viele teelöffel sind ein esslöffel", "1 Esslöffel sind 3 Teelöffel."),
        ("buchstabiere Straße", "S, T, R, A, ß, E."),
    ],
)
def test_fragen(tmp_path: Path, said: str, answered: str) -> None:
    converse(tmp_path, "de", [(said, answered)])


def test_what_was_asked_last(tmp_path: Path) -> None:
    room = converse(
        tmp_path,
        "en",
        [
            ("what did I ask last", "Nothing so far."),
            ("what is nine squared", "81."),
            ("what did I ask last", "You said: what is nine squared"),
        ],
    )
    kept = [path.read_bytes() for path in room.store.path.parent.iterdir()]
    assert not any(b"squared" in content for content in kept), "in memory only"


def test_what_was_not_understood_was_not_asked(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        await room.hear("what is nine squared")
        assert (await room.hear("mumble")).outcome is Outcome.NOT_UNDERSTOOD
        record = await room.hear("what was my last question")
        assert record.reply == "You said: what is nine squared"

    in_room(tmp_path, scene, replace(understanding("en"), propose=lambda *_: ()))

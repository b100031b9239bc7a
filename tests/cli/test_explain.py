"""``assistant explain`` and ``schema``, as a person or a program calls them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.intents.jsonschema import intent_file_schema
from tests.running import Home, home

pytestmark = pytest.mark.engines

MUSIC = """
intents:
  PlayAnything:
    sentences: ["play {what}"]
    reply: "yes"
  Play:
    sentences: ["play {music}"]
    reply: "yes"
  PlayMine:
    sentences: ["play my music [again]"]
    reply: "yes"
  Lights:
    sentences: ["light[s] (on|off)"]
    requires_context: {area: kitchen}
    reply: "yes"
lists:
  what: {wildcard: true}
  music: {values: [jazz, my music]}
"""


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        place.config("intents: {shipped: no}")
        yield place


def explained(house: Home, *text: str) -> str:
    result = house.run("explain", *text)
    assert result.stderr == ""
    assert result.returncode == 0
    return result.stdout.replace(str(house.paths.owner_intents[0]), "intents")


def test_why_a_sentence_is_meant(house: Home) -> None:
    house.intents("a.yaml", MUSIC)
    assert explained(house, "Play", "my music!") == (
        "“play my music”\n"
        "  PlayMine  intents/a.yaml:10:17\n"
        '        sentences: ["play my music [again]"]\n'
        "                    ^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  beats      Play, intents/a.yaml:7:17: more words of its own: 3, not 1\n"
        "             PlayAnything, intents/a.yaml:4:17: fewer slots for any words: 0, not 1\n"
    )


def test_what_slots_are(house: Home) -> None:
    house.intents(
        "a.yaml",
        "intents:\n"
        "  Wait:\n"
        "    sentences: 'wait {length} [for {who+}]'\n"
        "    slots: {mood: patient}\n"
        "    reply: 'yes'\n"
        "lists: {who: {values: [Ann, Bob]}}\n"
        "slot_types:\n"
        "  types:\n"
        "    length: {kind: duration, sentences: ['{n:minutes} minutes']}\n"
        "  lists: {n: {range: {from: 2, to: 59}}}\n"
        "connectives: {joining: [and]}\n",
    )
    assert explained(house, "wait 20 minutes for Ann and Bob") == (
        "“wait twenty minutes for ann and bob”\n"
        "  Wait  intents/a.yaml:3:16\n"
        "        sentences: 'wait {length} [for {who+}]'\n"
        "                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  command 1\n"
        "  mood       patient  text, fixed\n"
        "  length     20 minutes  duration 1200, type 'length', “twenty minutes”\n"
        "  who        Ann  text, list 'who', “ann and bob”\n"
        "  command 2\n"
        "  mood       patient  text, fixed\n"
        "  length     20 minutes  duration 1200, type 'length', “twenty minutes”\n"
        "  who        Bob  text, list 'who', “ann and bob”\n"
    )


def test_where_a_text_parts_from_the_nearest_sentence(house: Home) -> None:
    house.intents(
        "a.yaml", "intents: {Volume: {sentences: ['turn the volume (up|down)'], reply: ok}}\n"
    )
    assert explained(house, "turn volume of down") == (
        "“turn volume of down” means nothing.\n"
        "\n"
        "  Volume  intents/a.yaml:1:32\n"
        "    intents: {Volume: {sentences: ['turn the volume (up|down)'], reply: ok}}\n"
        "                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  said       turn     volume of down\n"
        "  meant      turn the volume    down\n"
        "                  +++        --\n"
    )


def test_a_sentence_that_fits_and_cannot_be_meant(house: Home) -> None:
    house.intents("a.yaml", MUSIC)
    assert explained(house, "lights on").splitlines()[:2] == [
        "“lights on” means nothing.",
        "  fits       Lights, intents/a.yaml:13:17: 'area' has to be kitchen, and is not known",
    ]
    house.config("intents: {shipped: no, context: {area: kitchen}}")
    assert explained(house, "lights on").startswith("“lights on”\n  Lights")


def test_a_text_that_is_nothing_like_any_sentence(house: Home) -> None:
    house.intents("a.yaml", MUSIC)
    for text in ("colourless green ideas", "?!", ""):
        assert explained(house, text) == f"“{text}” means nothing.\n  No sentence is near.\n"
    assert of_json(house, "")["outcome"] == "not_understood"


def of_json(house: Home, text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.run("explain", "--json", text).stdout)
    return found


def test_explained_as_json(house: Home) -> None:
    house.intents("a.yaml", MUSIC)
    place = f"{house.paths.owner_intents[0]}/a.yaml"
    assert of_json(house, "play jazz") == {
        "text": "play jazz",
        "outcome": "understood",
        "meanings": [
            {
                "intent": "Play",
                "template": "play {music}",
                "place": f"{place}:7:17",
                "text": "play jazz",
                "commands": [
                    {
                        "slots": [
                            {
                                "name": "music",
                                "text": "jazz",
                                "value": "jazz",
                                "type": "text",
                                "source": "list",
                                "origin": "music",
                                "words": "jazz",
                            }
                        ]
                    }
                ],
                "lent": [],
                "skipped": [],
                "beaten": [
                    {
                        "intent": "PlayAnything",
                        "template": "play {what}",
                        "place": f"{place}:4:17",
                        "reason": "fewer slots for any words: 0, not 1",
                    }
                ],
                "unfit": [],
            }
        ],
        "rest": "",
        "unfit": [],
        "near": [],
    }


def test_near_sentences_as_json(house: Home) -> None:
    house.intents(
        "a.yaml", "intents: {Volume: {sentences: ['turn the volume (up|down)'], reply: ok}}\n"
    )
    found = of_json(house, "turn the volume done")
    assert (found["outcome"], found["meanings"], found["unfit"]) == ("not_understood", [], [])
    near = found["near"][0]
    assert (near["intent"], near["text"]) == ("Volume", "turn the volume down")
    assert 0.65 < near["score"] < 1.0
    assert near["alignment"][-1] == {"difference": "replaced", "said": "done", "meant": "down"}


def test_a_mistake_in_a_file_is_told_instead(house: Home) -> None:
    house.intents("a.yaml", "intents: {A: {sentences: ['(a'], reply: b}}")
    result = house.run("explain", "a")
    assert result.returncode == 78
    assert "unclosed '(' opened here" in result.stderr


def test_the_schema_is_json_with_which_editors_can_do_something(house: Home) -> None:
    result = house.run("schema")
    assert result.returncode == 0
    assert json.loads(result.stdout) == intent_file_schema()


def test_several_commands_of_a_dry_run(house: Home) -> None:
    house.config("intents: {shipped: yes}")
    result = house.run("say", "--dry-run", "--json", "what time is it and stop")
    turn = json.loads(result.stdout)
    assert [command["intent"] for command in turn["commands"]] == ["GetTime", "Stop"]
    assert [command["typed"] for command in turn["commands"]] == [[], []]

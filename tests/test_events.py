"""Events as they are on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

from assistant.events import ActionFinished, NearlyUnderstood, Understood, to_plain, to_wire
from assistant.turn import ActionResult, Match, Slot, TurnRecord
from assistant.values import Colour, Ordinal, Percent, SlotValue, Temperature


def match(intent: str, **slots: SlotValue) -> Match:
    filled = tuple(Slot(name, value, "as said") for name, value in slots.items())
    return Match(intent, filled, "as said", "template", "house.yaml:1:1")


def test_one_command_is_under_the_key_it_always_had_and_more_are_under_another() -> None:
    told = to_wire(Understood("on and off", match("On"), (match("Off"),)))
    assert told["event"] == "understood"
    assert told["match"]["intent"] == "On"
    assert [one["intent"] for one in told["then"]] == ["Off"]


def test_what_it_asks_for() -> None:
    assert to_wire(NearlyUnderstood("of", ("off",))) == {
        "event": "nearly-understood",
        "text": "of",
        "sentences": ["off"],
        "commands": [],
    }


def test_values_are_texts_and_numbers() -> None:
    said = match(
        "Set",
        wait=timedelta(minutes=10),
        at=time(7, 30),
        nth=Ordinal(2),
        share=Percent(50),
        heat=Temperature(21, "celsius"),
        colour=Colour("#ff0000", "red"),
    )
    expected = [600, "07:30", 2, 50, 21, "#ff0000"]
    told = to_wire(Understood("…", said))
    assert [slot["value"] for slot in told["match"]["slots"]] == expected
    result = ActionResult(values={"left": [timedelta(seconds=90)], "late": False, "none": None})
    values = to_wire(ActionFinished(said, result, 0.1))["result"]["values"]
    assert values == {"left": [90], "late": False, "none": None}
    json.dumps(told)


def test_a_record_has_all_commands_and_the_first_by_itself() -> None:
    record = TurnRecord()
    day = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
    record.note([match("Wake", at=day), match("Sleep")])
    told = to_plain(record)
    assert (told["intent"], told["slots"]) == ("Wake", {"at": "2026-03-01T07:30:00+00:00"})
    assert told["commands"] == [
        {"intent": "Wake", "slots": {"at": "2026-03-01T07:30:00+00:00"}},
        {"intent": "Sleep", "slots": {}},
    ]

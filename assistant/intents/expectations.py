"""Reads the tests of an intent: what is said, when and where, and what it has to mean."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.intents.model import IntentTest
from assistant.intents.reading import Reader
from assistant.yamlsource import Items, Node

# Dates are worked out up to a hundred years from now, and Python's end with the year 9999.
YEARS = range(1_900, 9_000)
TEST_KEYS = ("say", "not", "slots", "now", "context")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?: +([\w+/-]+))?")


def read_tests(reader: Reader, node: Node | None) -> list[IntentTest]:
    """Read tests: ``say`` with ``slots``, or ``not``."""
    tests: list[IntentTest] = []
    for one in reader.items(node, "'tests'") if node is not None else ():
        test = reader.mapping(one, "a test", TEST_KEYS)
        if test is None:
            continue
        say, never = test.get("say"), test.get("not")
        said = say or never
        if said is None or (say and never):
            hint = "write '- say: a sentence' or '- not: a sentence'"
            reader.report("a test has either 'say' or 'not'", test.place, hint)
            continue
        slots_node = test.get("slots")
        if never is not None and slots_node is not None:
            reader.report("a test with 'not' has no slots", slots_node.place)
        each = slots_node.items if isinstance(slots_node, Items) else (slots_node,)
        slots = tuple(reader.slots(one) for one in each) if "slots" in test.entries else None
        context = reader.data_mapping(test.get("context"), "'context'")
        now = _moment(reader, test.get("now"))
        tests += [
            IntentTest(text.text, text.place, slots, never is not None, now, context)
            for text in reader.texts(said, "a sentence to say")
        ]
    return tests


def _moment(reader: Reader, node: Node | None) -> datetime | None:
    """Read when something is said: a date and time, in a time zone if one is named."""
    text = reader.text(node, "'now'") if node is not None else None
    if text is None:
        return None
    found = _MOMENT.fullmatch(text.text)
    try:
        if found is None:
            raise ValueError
        zone = ZoneInfo(found[2] or "UTC")
        moment = datetime.fromisoformat(found[1]).replace(tzinfo=zone)
        if moment.year not in YEARS:
            raise ValueError
        return moment  # noqa: TRY300 - the other way out is an error
    except (ValueError, ZoneInfoNotFoundError):
        hint = "write it as 2026-11-22 14:00, or 2026-11-22 14:00 Europe/Berlin"
        reader.report(f"'{text.text}' is no date and time", text.place, hint)
        return None

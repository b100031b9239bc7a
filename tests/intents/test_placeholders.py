"""What was said is data, wherever it is put: hostile values in every kind of place."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ActionError
from assistant.intents.placeholders import (
    in_bytes,
    in_json,
    in_pairs,
    in_target,
    in_text,
    in_topic,
)

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
HOSTILE = st.one_of(
    WORDS,
    st.sampled_from([
        "..", ".", "", "/", "a/../b", "%2e%2e", "%2F", "?x=1", "&x=1", "#", "a b", "\r\nX: 1",
        "\0", "{b}", '"}', '", "on": "', "+", "#", "a/b", "$SYS", "ä€🎵", "\\", "'", "\u2028",
    ]),
)  # fmt: skip
BROKEN = "a\ud800b"


@given(HOSTILE)
def test_a_value_in_a_path_is_one_segment_of_it(value: str) -> None:
    try:
        target = in_target("/api/{a}/state", {"a": value})
    except ActionError:
        assert value in {"", ".", ".."}
        return
    assert target.isascii()
    assert target.isprintable()
    assert " " not in target
    split = urlsplit(f"http://host{target}")
    assert (split.netloc, split.query, split.fragment) == ("host", "", "")
    first, api, said, last = split.path.split("/")
    assert (first, api, unquote(said, errors="strict"), last) == ("", "api", value, "state")


@given(HOSTILE, HOSTILE)
def test_values_in_a_query_are_its_values(value: str, other: str) -> None:
    target = in_target("/cm?cmnd=Power%20{a}&n={b}", {"a": value, "b": other})
    query = urlsplit(f"http://host{target}").query
    read = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
    assert read == [("cmnd", f"Power {value}"), ("n", other)]


@given(st.dictionaries(WORDS, st.just("{a}-{b}"), min_size=1), HOSTILE, HOSTILE)
def test_values_in_pairs_are_values(pairs: dict[str, str], value: str, other: str) -> None:
    written = in_pairs(pairs, {"a": value, "b": other})
    assert written.isascii()
    read = parse_qsl(written, keep_blank_values=True, strict_parsing=True, errors="strict")
    assert read == [(key, f"{value}-{other}") for key in pairs]


@given(HOSTILE, HOSTILE)
def test_values_in_json_are_values(value: str, other: str) -> None:
    tree = {"entity_id": "light.{a}", "whole": "{a}", "more": [{"x": "{b}{a}"}, 5, None, True]}
    written = json.dumps(in_json(tree, {"a": value, "b": other}))  # type: ignore[arg-type]
    assert json.loads(written) == {
        "entity_id": f"light.{value}",
        "whole": value,
        "more": [{"x": f"{other}{value}"}, 5, None, True],
    }


@given(HOSTILE)
def test_a_value_in_a_topic_is_one_level_or_refused(value: str) -> None:
    try:
        topic = in_topic("zigbee2mqtt/{a}/set", {"a": value})
    except ActionError:
        assert value == "" or any(c in "+#/" or ord(c) < 32 or 127 <= ord(c) < 160 for c in value)
        return
    assert topic.split("/") == ["zigbee2mqtt", value, "set"]
    assert not set(topic) & {"+", "#", "\0"}


@given(HOSTILE, HOSTILE)
def test_a_value_is_never_read_again(value: str, other: str) -> None:
    assert in_text("{a}|{b}", {"a": value, "b": other}) == f"{value}|{other}"
    assert in_bytes("{a}", {"a": value}).decode() == value


@pytest.mark.parametrize("path", ["/{a}", "/x/{a}", "/{a}/y", "/{a}?q=1"])
@pytest.mark.parametrize("value", ["", ".", ".."])
def test_error_of_a_segment_that_means_another_one(path: str, value: str) -> None:
    with pytest.raises(ActionError) as caught:
        in_target(path, {"a": value})
    said = "is" if value else "was not said, and is"
    assert caught.value.message == f"the slot 'a' {said} no part of an address"


def test_what_the_owner_wrote_stays_as_it_is() -> None:
    assert in_target("/a%20b/c;d=1?x=[1]&y=ä b", {}) == "/a%20b/c;d=1?x=[1]&y=%C3%A4%20b"


def test_half_of_a_surrogate_pair_cannot_be_sent() -> None:
    slots = {"a": BROKEN}
    for fill in (
        lambda: in_target("/{a}", slots),
        lambda: in_pairs({"a": "{a}"}, slots),
        lambda: in_bytes("{a}", slots),
        lambda: in_topic("{a}", slots),
    ):
        with pytest.raises(ActionError):
            fill()
    assert json.dumps(in_json("{a}", slots)) == '"a\\ud800b"'


def test_a_number_stays_a_number_where_it_stands_alone() -> None:
    slots = {"level": 40, "degrees": 21.5, "whole": 20.0}
    tree = {"level": "{level}", "degrees": "{degrees}", "text": "{whole} degrees"}
    filled = {"level": 40, "degrees": 21.5, "text": "20 degrees"}
    assert in_json(tree, slots) == filled  # type: ignore[arg-type]
    assert in_pairs({"n": "{whole}"}, slots) == "n=20"


def test_what_was_not_said_is_left_out() -> None:
    assert in_json({"id": "lamp", "brightness": "{level}", "all": ["{level}", 1]}, {}) == {
        "id": "lamp",
        "all": [1],
    }
    assert in_json("{level}", {}) is None
    assert in_pairs({"a": "{level}", "b": "x{level}"}, {}) == "b=x"


@pytest.mark.parametrize("value", ["$SYS", "$share"])
def test_error_of_a_topic_of_the_broker_s_own(value: str) -> None:
    with pytest.raises(ActionError):
        in_topic("{a}/state", {"a": value})
    assert in_topic("x/{a}", {"a": value}) == f"x/{value}"


def test_error_of_a_topic_that_is_too_long() -> None:
    with pytest.raises(ActionError) as caught:
        in_topic("x/{a}", {"a": "y" * 70_000})
    assert caught.value.message == "what was said is too long for an MQTT topic"

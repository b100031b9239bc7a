"""Values for replies, found in answers of devices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ActionError
from assistant.intents.jsonpaths import are_values, find_values, mistake_in

WEATHER = {"main": {"temp": 21.5, "humidity": 40}, "list": [{"name": "rain"}, {"name": "wind"}]}


def found(answer: Any, **paths: str) -> dict[str, Any]:
    return dict(find_values(paths, json.dumps(answer).encode(), "home.local"))


def error_of(answer: bytes, path: str) -> ActionError:
    with pytest.raises(ActionError) as caught:
        find_values({"x": path}, answer, "home.local")
    return caught.value


def test_values_by_their_paths() -> None:
    values = found(WEATHER, temperature="main.temp", humidity="main.humidity", what="list[].name")
    assert values == {"temperature": 21.5, "humidity": 40, "what": ["rain", "wind"]}


def test_a_number_in_a_text_can_be_made_one() -> None:
    assert found({"state": "21.5"}, degrees="to_number(state)") == {"degrees": 21.5}


def test_an_answer_that_is_a_text() -> None:
    assert find_values({"state": "@"}, b" ON \n", "x") == {"state": "ON"}
    assert find_values({"state": "@"}, b"21.5", "x") == {"state": 21.5}


def test_nothing_wanted_is_nothing_read() -> None:
    assert find_values({}, b"<html>", "x") == {}


@pytest.mark.parametrize(
    "answer", [b"<html>", b"", b"[NaN]", b"[" * 100_000, b"1" * 5_000, b"\xff"]
)
def test_error_of_an_answer_that_is_no_json(answer: bytes) -> None:
    assert error_of(answer, "state").message == "the answer of home.local is no JSON"


def test_error_of_a_value_that_is_not_there() -> None:
    error = error_of(b'{"secret": 1}', "main.temp")
    assert str(error) == "The answer of home.local lacks the value 'x'. Nothing is at 'main.temp'."


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1}, [[1]], [{"a": 1}], list(range(101)), "x" * 2_001, ["x" * 1_500, "y" * 1_500],
        [None], 10**101,
    ],
)  # fmt: skip
def test_error_of_a_value_that_cannot_be_said(value: Any) -> None:
    error = error_of(json.dumps({"v": value}).encode(), "v")
    assert error.message == "the value 'x' of home.local cannot be said"


def test_error_of_an_expression_that_does_not_go_with_the_answer() -> None:
    error = error_of(b'{"a": "x"}', "sum(a)")
    assert error.message == "the answer of home.local is not what was expected"


@given(st.binary(max_size=200), st.sampled_from(["a", "@", "a[0].b", "length(@)", "keys(@)"]))
def test_any_answer_gives_a_value_or_an_action_error(answer: bytes, path: str) -> None:
    try:
        values = find_values({"x": path}, answer, "home.local")
    except ActionError:
        return
    assert are_values(values)


@pytest.mark.parametrize("path", ["main.temp", "@", "list[?name=='rain'] | [0].name", "length(x)"])
def test_a_right_expression(path: str) -> None:
    assert mistake_in(path) is None


@pytest.mark.parametrize(("path", "position"), [("a..b", 2), ("", 0), ("a.`", 2), ("foo(", 3)])
def test_error_of_a_wrong_expression_and_where(path: str, position: int) -> None:
    assert mistake_in(path) == (f"'{path}' is no JMESPath expression", position)

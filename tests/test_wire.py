from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.wire import LIMIT_BYTES, WireError, decode, encode

text_of_any_kind = st.text(st.characters())  # with surrogates, NUL and line separators
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | text_of_any_kind
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(text_of_any_kind, inner),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(text_of_any_kind, json_values))
def test_a_message_is_one_line_and_comes_back_as_it_was(message: dict[str, Any]) -> None:
    line = encode(message)
    assert line.decode("ascii").splitlines() == [line[:-1].decode("ascii")]
    assert decode(line) == message


@given(st.binary())
def test_any_bytes_are_a_message_or_an_error(line: bytes) -> None:
    try:
        message = decode(line)
    except WireError:
        return
    assert json.loads(line) == message


ERRORS = {
    "cut off": (b'{"a": 1', "the message was cut off before its end of line"),
    "nothing": (b"", "the message was cut off before its end of line"),
    "empty line": (b"\n", "the message is not JSON: Expecting value at character 2"),
    "not UTF-8": (b'{"a": "\xff"}\n', "the message is not UTF-8 at byte 7"),
    "not JSON": (b"hello\n", "the message is not JSON: Expecting value at character 1"),
    "NaN": (b'{"a": NaN}\n', "the message is not JSON: NaN is not a number"),
    "infinity": (b'{"a": -Infinity}\n', "the message is not JSON: -Infinity is not a number"),
    "a list": (b"[1]\n", "the message is not a JSON object"),
    "too deep": (b"[" * 60_000 + b"\n", "the message is not JSON: it is nested too deeply"),
    "too long": (b"x" * 70_000 + b"\n", "the message has 70001 bytes, 65536 are the most"),
}


@pytest.mark.parametrize(("line", "message"), ERRORS.values(), ids=ERRORS)
def test_error_says_what_is_wrong(line: bytes, message: str) -> None:
    with pytest.raises(WireError) as caught:
        decode(line)
    assert caught.value.message == message


def test_error_of_a_number_of_thousands_of_digits() -> None:
    with pytest.raises(WireError, match=r"^The message is not JSON: "):
        decode(b'{"a": ' + b"9" * 5_000 + b"}\n")


def test_the_longest_message_fits_and_one_more_does_not() -> None:
    room = LIMIT_BYTES - len(encode({"a": ""}))
    assert len(encode({"a": "x" * room})) == LIMIT_BYTES
    with pytest.raises(WireError) as caught:
        encode({"a": "x" * (room + 1)})
    assert caught.value.message == "the message has 65537 bytes, 65536 are the most"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {1, 2}])
def test_error_of_what_json_cannot_hold(value: object) -> None:
    with pytest.raises(WireError, match=r"^The message cannot be written as JSON: "):
        encode({"a": value})

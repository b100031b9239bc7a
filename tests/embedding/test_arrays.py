"""Arrays from files that are damaged, or made to do harm."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest

from assistant.embedding import arrays
from assistant.embedding.arrays import read_arrays, read_text


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(f"{name}.npy", content)
    return file.getvalue()


def saved(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.array("text"),
        np.zeros((0, 3)),
    ],
)
def test_what_was_saved_is_read(array: Any) -> None:
    read = read_arrays(archive(a=saved(array)))["a"]
    assert read.dtype == array.dtype
    np.testing.assert_array_equal(read, array)


def test_a_text_is_read_as_json() -> None:
    told = np.frombuffer(b'{"version": 1}', np.uint8)
    assert read_text(read_arrays(archive(about=saved(told))), "about") == {"version": 1}


GOOD = saved(np.zeros(4))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        archive(a=b"no array"),
        archive(a=GOOD[:-1]),
        archive(a=GOOD + b"more"),
        archive(a=GOOD.replace(b"(4,)", b"(4000000000000,)")),
        archive(a=GOOD.replace(b"(4,)", b"(-4,)")),
        archive(a=GOOD.replace(b"'<f8'", b"'|O8'")),
        archive(a=b"\x93NUMPY\x09\x00" + GOOD[8:]),
        archive(a=GOOD)[:-30],
        archive(a=GOOD).replace(GOOD[-8:], b"another!"),
        saved(np.zeros(3)),
    ],
)
def test_error_of_a_damaged_file(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"it |array|magic|header|shape|File|size"):
        read_arrays(content)


def test_error_of_a_file_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "LIMIT_BYTES", 100)
    with pytest.raises(ValueError, match="too large"):
        read_arrays(archive(a=bytes(101)))


@pytest.mark.parametrize("text", [b"{", b"[" * 100_000, b"\xff"])
def test_error_of_a_text_that_is_none(text: bytes) -> None:
    read = read_arrays(archive(about=saved(np.frombuffer(text, np.uint8))))
    for name in ("about", "missing"):
        with pytest.raises(ValueError, match=r"about|missing|decode|Expecting"):
            read_text(read, name)

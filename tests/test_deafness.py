"""Saying that nothing is heard."""

from __future__ import annotations

import pytest

from assistant.deafness import Deafness


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ("....", []),
        ("XX..XX..", []),  # a sound server that is started again
        ("XXXXXX", ["deaf"]),
        ("XXX..", ["deaf", "hears_again"]),
        ("XXXX.XX.XXX", ["deaf", "hears_again", "deaf"]),
    ],
)
def test_what_is_said_at_which_looks(looks: str, said: list[str]) -> None:
    deafness = Deafness()
    told = [deafness.look(look == "X") for look in looks]
    assert [response for response in told if response] == said

"""Shares and their intervals, and which recognizer is recommended, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.measuring.scores import (
    COMMANDS,
    NEAR_COMMANDS,
    OTHER_SPEECH,
    Result,
    Score,
    Share,
    recommend,
)


def test_share_with_its_interval() -> None:
    # The textbook's case: 9 of 10 is 59.6 to 98.2 % (Wilson 1927, z = 1.96).
    assert str(Share(9, 10)) == "90.0 % (59.6 % to 98.2 %)"
    assert str(Share(0, 0)) == "-"


@given(total=st.integers(1, 1000), data=st.data())
def test_interval_holds_the_share_and_is_one(total: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, total))
    low, high = Share(count, total).interval()
    assert 0.0 <= low <= count / total + 1e-9
    assert count / total - 1e-9 <= high <= 1.0
    opposite_low, opposite_high = Share(total - count, total).interval()
    assert (opposite_low, opposite_high) == pytest.approx((1 - high, 1 - low))


# --- scores ---------------------------------------------------------------------------------------

HEARD = Result(COMMANDS, "clean", "synthesised", "stop", "stop", 1.0, True, True, 0.2, 0.3, 2.0)


def score(engine: str, right: int, false: int = 0, seconds: float = 0.3) -> Score:
    """Of 100 commands and 50 other sentences; CPU is as much as time."""
    took = replace(HEARD, cpu_seconds=seconds, wall_seconds=seconds)
    commands = [replace(took, accepted=n < right, right=n < right) for n in range(100)]
    other = replace(took, kind=OTHER_SPEECH, right=False)
    others = [replace(other, accepted=n < false) for n in range(50)]
    return Score(engine, (*commands, *others), setting={"engine": engine})


def test_a_command_counts_when_it_is_right_and_acted_on() -> None:
    results = (
        HEARD,
        replace(HEARD, accepted=False),
        replace(HEARD, right=False),
        replace(HEARD, condition="12 dB"),
        replace(HEARD, kind=NEAR_COMMANDS, right=False),
        replace(HEARD, kind=OTHER_SPEECH, right=False, accepted=False),
    )
    found = Score("a", results)
    assert found.accepted("clean") == Share(1, 3)
    assert found.accepted() == Share(2, 4)
    assert found.false(NEAR_COMMANDS) == Share(1, 1)
    assert found.false(OTHER_SPEECH) == Share(0, 1)
    assert found.cpu_a_second == pytest.approx(0.1)
    assert found.real_time_factor == pytest.approx(0.15)


def test_voices_are_counted_apart() -> None:
    found = Score("a", (HEARD, replace(HEARD, voices="your recordings", right=False)), 1.0, 99.0)
    assert found.of("synthesised").accepted() == Share(1, 1)
    assert found.of("your recordings").accepted() == Share(0, 1)
    assert found.of("your recordings").memory == 99.0


def advice(*scores: Score) -> str:
    found = recommend(scores)
    assert found is not None
    return f"{found.engine}: {found.sentence}"


def test_the_better_one_is_recommended_with_what_makes_the_difference() -> None:
    assert advice(score("small", 70, seconds=0.2), score("large", 95, 1)) == (
        "large: Use large: it understands 95 % of the commands and acts on 2 % of other speech; "
        "with small it is 70 % and 0 %."
    )


def test_other_speech_acted_on_is_as_bad_as_a_command_not_understood() -> None:
    assert advice(score("eager", 95, 30), score("careful", 85, 1)).startswith("careful:")


def test_of_two_as_good_the_cheaper_one_is_recommended() -> None:
    assert advice(score("small", 91, seconds=0.2), score("large", 93, seconds=0.6)) == (
        "small: Use small: it understands 91 % of the commands, no fewer than large (93 %) as far "
        "as so few sentences tell, and takes 0.10 s of CPU for a second of speech, not 0.30 s."
    )


def test_one_that_does_not_keep_up_is_not_recommended() -> None:
    assert advice(score("small", 70), score("large", 95, seconds=1.6)) == (
        "small: Use small: it understands 70 % of the commands; large (95 %) does not keep up with "
        "speech on this machine."
    )


def test_where_none_keeps_up_the_fastest_is_named_and_so_is_that() -> None:
    assert advice(score("small", 70, seconds=1.8), score("large", 95, seconds=3.0)) == (
        "small: Use small, the fastest; but none keeps up with speech on this machine: it needs "
        "0.90 s for a second."
    )


def test_the_only_one_is_recommended_as_that() -> None:
    broken = Score("broken", error="its model is broken")
    assert advice(broken, score("small", 70)) == (
        "small: Use small, the only one found: it understands 70 % of the commands."
    )


def test_nothing_is_recommended_where_nothing_was_heard() -> None:
    assert recommend([Score("broken", error="its model is broken")]) is None

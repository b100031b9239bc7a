"""What the phone recognizer and another one heard, judged together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from assistant.recognizers.combination import Opinion
from assistant.recognizers.phones.confidence import AS_SHIPPED, WITH_RECORDINGS, Trust
from assistant.recognizers.phones.fusion import Difference, PhoneJudge
from assistant.recognizers.phones.hypothesis import Hypothesis
from assistant.recognizers.phones.recognizer import PhoneRecognizer
from assistant.turn import Transcript
from tests.recordings import grammar_of

GRAMMAR = grammar_of("lots of milk", "a lot of milk", "what time is it")


@dataclass
class Phones:
    """Says how much worse the other one's sentence fits: ``loss`` nats a phone."""

    loss: float | None
    trust: Trust = AS_SHIPPED

    def align(self, _text: str) -> tuple[Hypothesis, Hypothesis] | None:
        if self.loss is None:
            return None
        return Hypothesis((), 5.0, -4.0, 10), Hypothesis((), 5.0 - 10 * self.loss, -9.0, 10)


def judged(
    own: str, other: str, loss: float | None, sure: float = 0.8, *, first: bool = True
) -> Transcript:
    judge = PhoneJudge(cast(PhoneRecognizer, Phones(loss)), first=first)
    opinions = [Opinion(Transcript(own, 0.7)), Opinion(Transcript(other, sure))]
    return judge(GRAMMAR, *(opinions if first else opinions[::-1]))


def test_what_both_heard_is_surer_than_either() -> None:
    heard = judged("lots of milk", "lots of milk", 0.0)
    assert heard.text == "lots of milk"
    assert heard.confidence > 0.8


@pytest.mark.parametrize("first", [True, False])
def test_a_little_worse_is_no_objection(first: bool) -> None:
    heard = judged("a lot of milk", "lots of milk", 0.1, first=first)
    assert heard.text == "lots of milk"
    assert heard.alternatives == ("a lot of milk",)
    assert 0.4 < heard.confidence < 0.8


@pytest.mark.parametrize("first", [True, False])
def test_much_worse_is_one(first: bool) -> None:
    heard = judged("what time is it", "lots of milk", 1.5, first=first)
    assert heard.text == "what time is it"
    assert heard.alternatives == ("lots of milk",)
    assert heard.confidence < 0.7


def test_the_surer_the_other_one_is_the_more_it_may_cost() -> None:
    assert judged("a lot of milk", "lots of milk", 0.3, sure=0.999).text == "lots of milk"
    assert judged("a lot of milk", "lots of milk", 0.3, sure=0.01).text == "a lot of milk"


def test_where_phones_cannot_tell_it_is_as_between_any_two() -> None:
    heard = judged("a lot of milk", "lots of milk", None, sure=0.9)
    assert heard.text == "lots of milk"
    assert judged("", "lots of milk", 0.0).text == "lots of milk"


def test_what_only_phones_heard_is_hardly_believed() -> None:
    heard = judged("lots of milk", "", None)
    assert heard.text == "lots of milk"
    assert heard.confidence < 0.4
    assert judged("", "", 0.0) == Transcript("", 0.0)


def test_a_shorter_sentence_is_believed_less() -> None:
    whole = Hypothesis((), 5.0, -4.0, 10)
    worse = Hypothesis((), 1.0, -9.0, 10)
    longer = Hypothesis((), 1.0, -9.0, 20)
    assert Difference.of(whole, worse) == Difference(loss=0.4, short=0.0)
    assert Difference.of(whole, longer) == Difference(loss=0.4, short=0.5)
    for trust in (AS_SHIPPED, WITH_RECORDINGS):
        assert trust.other_right(0.4, 0.5, 0.0) > 0.9
        assert trust.other_right(0.4, 0.0, 0.0) < 0.5


def test_a_longer_sentence_is_as_good_as_one_of_the_same_length() -> None:
    whole = Hypothesis((), 5.0, -4.0, 20)
    assert Difference.of(whole, Hypothesis((), 1.0, -9.0, 10)) == Difference(loss=0.2, short=0.0)


def test_beyond_some_loss_more_tells_no_more() -> None:
    best, worst = Hypothesis((), 5.0, -4.0, 10), Hypothesis((), -70.0, -90.0, 10)
    assert Difference.of(best, worst).loss == 1.0

"""What the phone recognizer and another one heard, judged together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pytest

from assistant.recognizers.combination import Opinion
from assistant.recognizers.phones.confidence import AS_SHIPPED, Distance, Trust
from assistant.recognizers.phones.fusion import PhoneJudge, log_odds
from assistant.recognizers.phones.hypothesis import HeardWord, Hypothesis
from assistant.recognizers.phones.recognizer import PhoneRecognizer
from assistant.turn import Transcript
from tests.recordings import grammar_of

GRAMMAR = grammar_of("(one|two|three) (cups|mugs) of tea", "what time is it")
PHONES = 10


def sentence(text: str, score: float) -> Hypothesis:
    words = tuple(HeardWord(word, 0.0, 0.1, 0.0, 1) for word in text.split())
    return Hypothesis(words, score, score - 15.0, PHONES)


@dataclass
class Phones:
    """Finds these sentences, which fit so well, and whatever it is asked for fits ``ill``."""

    found: Mapping[str, float]
    ill: float | None = -10.0
    trust: Trust = AS_SHIPPED

    def candidates(self, texts: Sequence[str]) -> list[Hypothesis]:
        asked = [] if self.ill is None else [(t, self.ill) for t in texts if t not in self.found]
        return [sentence(text, score) for text, score in (*self.found.items(), *asked)]

    def sounds(self, words: Sequence[str]) -> list[str]:
        return list("".join(words))


def judged(
    found: Mapping[str, float],
    other: str,
    sure: float = 0.8,
    *,
    first: bool = True,
    alternatives: tuple[str, ...] = (),
    ill: float | None = -10.0,
) -> Transcript:
    """What is made of it; the first that was found is what phones heard."""
    judge = PhoneJudge(cast(PhoneRecognizer, Phones(found, ill)), first=first)
    own = Transcript(next(iter(found), ""), 0.7 if found else 0.0)
    opinions = [Opinion(own), Opinion(Transcript(other, sure, alternatives))]
    return judge(GRAMMAR, *(opinions if first else opinions[::-1]))


def test_what_both_heard_is_surer_than_what_they_differ_in() -> None:
    same = judged({"two cups of tea": 10.0}, "two cups of tea")
    apart = judged({"two cups of tea": 10.0}, "three cups of tea", sure=0.8)
    assert same.text == "two cups of tea"
    assert same.confidence > max(0.8, apart.confidence)


@pytest.mark.parametrize("first", [True, False])
def test_a_little_worse_is_no_objection(first: bool) -> None:
    found = {"two cups of tea": 10.0, "three cups of tea": 8.0}
    heard = judged(found, "three cups of tea", first=first)
    assert heard.text == "three cups of tea"
    assert heard.alternatives[0] == "two cups of tea"
    assert heard.confidence > 0.4


@pytest.mark.parametrize("first", [True, False])
def test_much_worse_is_one(first: bool) -> None:
    heard = judged({"what time is it": 60.0}, "two cups of tea", sure=0.3, first=first, ill=-60.0)
    assert heard.text == "what time is it"
    assert heard.alternatives == ("two cups of tea",)


def test_the_surer_the_other_one_is_the_more_it_may_cost() -> None:
    found = {"two cups of tea": 30.0, "three cups of tea": 16.0}
    assert judged(found, "three cups of tea", sure=0.999).text == "three cups of tea"
    assert judged(found, "three cups of tea", sure=0.05).text == "two cups of tea"


def test_what_each_heard_rightly_is_put_together() -> None:
    """Phones mistake the number, and the other one the cup: neither heard the sentence."""
    found = {"two mugs of tea": 10.0, "three mugs of tea": 8.0, "three cups of tea": -9.0}
    heard = judged(found, "three cups of tea", sure=0.9)
    assert heard.text == "three mugs of tea"
    assert heard.alternatives == ("three cups of tea", "two mugs of tea")


def test_what_the_other_one_thought_of_is_possible_too() -> None:
    found = {"two cups of tea": 10.0}
    alternatives = ("three cups of tea",)
    heard = judged(found, "one cups of tea", 0.2, alternatives=alternatives, ill=60.0)
    assert heard.text in {"three cups of tea", "one cups of tea"}
    assert set(heard.alternatives) > {"two cups of tea"}


def test_where_phones_heard_nothing_it_is_as_between_any_two() -> None:
    heard = judged({}, "two cups of tea", ill=None)
    assert heard.text == "two cups of tea"
    assert heard.confidence < 0.8
    assert judged({}, "", ill=None) == Transcript("", 0.0)


def test_what_only_phones_heard_is_believed_less() -> None:
    alone = judged({"two cups of tea": 10.0}, "", sure=0.0)
    assert alone.text == "two cups of tea"
    assert alone.confidence < judged({"two cups of tea": 10.0}, "two cups of tea").confidence


def test_a_sentence_is_as_far_as_its_words_and_phones() -> None:
    judge = PhoneJudge(cast(PhoneRecognizer, Phones({"two mugs of tea": 1.0})), first=True)
    (one, same) = judge.candidates(GRAMMAR, Opinion(Transcript("two cups of tea", 0.5)))
    assert one.distance == Distance(words=1, phones=2)
    assert same.distance == Distance(words=0, phones=0)


@pytest.mark.parametrize(
    ("confidence", "odds"), [(0.5, 0.0), (0.0, -4.0), (1.0, 6.0), (1e-9, -4.0), (1 - 1e-9, 6.0)]
)
def test_odds_are_bounded(confidence: float, odds: float) -> None:
    assert log_odds(confidence) == pytest.approx(odds)

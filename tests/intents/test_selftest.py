"""The tests in intent files, and sentences with two meanings."""

from __future__ import annotations

from assistant.intents.matcher import compile_intents
from assistant.intents.overlaps import find_overlaps
from assistant.intents.selftest import run_tests
from tests.intents.files import graph_of, load


def failures_of(text: str) -> str:
    intent_set = load(text)
    return "\n".join(map(str, run_tests(intent_set, compile_intents(intent_set))))


LISTS = "lists: {n: {range: {from: 1, to: 9}}}\n"


def test_tests_that_hold() -> None:
    assert (
        failures_of(
            """
        intents:
          Wait:
            sentences: ["wait {n} minutes", "wait"]
            slots: {unit: minute}
            reply: "yes"
            tests:
              - say: ["wait 5 minutes", "Wait five minutes!"]
                slots: {n: 5, unit: minute}
              - say: wait
              - not: ["wait five", "walk"]
        """
            + LISTS
        )
        == ""
    )


def test_tests_that_fail() -> None:
    assert failures_of(
        """
        intents:
          Wait:
            sentences: ["wait {n} minutes", "wait"]
            reply: "yes"
            tests:
              - {say: "wait five minutes", slots: {n: 6}}
              - {say: "wait five minutes", slots: {}}
              - {say: "wait", slots: {n: 6}}
              - say: ["wait for me", "walk"]
              - not: ["wait"]
          Walk:
            sentences: [walk]
            reply: "yes"
        """
        + LISTS
    ) == (
        "a.yaml:7:15: 'wait five minutes' has n: 5, not n: 6\n"
        '          - {say: "wait five minutes", slots: {n: 6}}\n'
        "                  ^^^^^^^^^^^^^^^^^^^\n"
        "a.yaml:8:15: 'wait five minutes' has n: 5, not no slots\n"
        '          - {say: "wait five minutes", slots: {}}\n'
        "                  ^^^^^^^^^^^^^^^^^^^\n"
        "a.yaml:9:15: 'wait' has no slots, not n: 6\n"
        '          - {say: "wait", slots: {n: 6}}\n'
        "                  ^^^^^^\n"
        "a.yaml:10:15: 'wait for me' means nothing\n"
        '          - say: ["wait for me", "walk"]\n'
        "                  ^^^^^^^^^^^^^\n"
        "a.yaml:10:30: 'walk' means Walk, by 'walk' at a.yaml:13:17, not Wait\n"
        '          - say: ["wait for me", "walk"]\n'
        "                                 ^^^^^^\n"
        "a.yaml:11:15: 'wait' means Wait, by 'wait' at a.yaml:4:37\n"
        '          - not: ["wait"]\n'
        "                  ^^^^^^"
    )


def test_a_sentence_with_two_meanings() -> None:
    graph = graph_of(
        """
        intents:
          Stop: {sentences: ["(stop|cancel) [the {thing}]", "cancel it"], reply: a}
          Cancel: {sentences: ["cancel [the] timer", "cancel"], reply: "yes"}
        lists: {thing: {values: [timer, lamp]}}
        """
    )
    assert "\n".join(map(str, find_overlaps(graph))) == (
        "a.yaml:3:22: warning: 'cancel' can mean Stop and Cancel\n"
        """      Stop: {sentences: ["(stop|cancel) [the {thing}]", "cancel it"], reply: a}\n"""
        "                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    the other sentence is at a.yaml:4:46\n"
        "a.yaml:3:22: warning: 'cancel the timer' can mean Stop and Cancel\n"
        """      Stop: {sentences: ["(stop|cancel) [the {thing}]", "cancel it"], reply: a}\n"""
        "                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    the other sentence is at a.yaml:4:24"
    )

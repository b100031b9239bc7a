"""``{command}``: words that are a command by themselves; and ``later: true`` for recognizers."""

from __future__ import annotations

from assistant.recognizers.grammar import compile_grammar, is_sentence
from tests.intents.files import graph_of, shipped

LAMP = """
intents:
  Lamp:
    sentences: ["turn {state:on|off} [the] {lamp}"]
    reply: "Yes."
    later: true
    lists: {lamp: {values: [lamp, fan]}}
  Radio: {sentences: ["play [the] radio"], reply: "Yes."}
  Dim: {sentences: ["dim (it|{thing})"], reply: "Yes.", slots: {thing: it}}
  Later:
    data:
      - sentences: ["after dinner {command}", "{command} after (dinner|lunch)"]
      - sentences: ["one day {command}"]
        heard: false
    action: later.add
lists: {thing: {values: [screen]}}
"""


def meaning(text: str) -> tuple[str, str] | None:
    match = graph_of(LAMP, "connectives: {joining: [and]}").match(text)
    return None if match is None else (match.intent, str(match.values().get("command", "")))


def test_a_command_before_and_after_its_time() -> None:
    assert meaning("after dinner turn off the lamp") == ("Later", "turn off the lamp")
    assert meaning("Play the Radio, after dinner!") == ("Later", "Play the Radio")
    assert meaning("one day play radio") == ("Later", "play radio")


def test_what_is_no_command_means_nothing() -> None:
    assert meaning("after dinner make me happy") is None
    assert meaning("after dinner") is None


def test_no_command_is_put_off_twice() -> None:
    assert meaning("after dinner one day play radio") is None


def test_recognizers_listen_for_the_marked_ones_only() -> None:
    grammar = compile_grammar(graph_of(LAMP))
    for text in ("turn on the fan after lunch", "after dinner turn off lamp", "play radio"):
        assert is_sentence(grammar, text.split()), text
    for text in ("play radio after lunch", "one day turn on the fan"):
        assert not is_sentence(grammar, text.split()), text
    assert grammar.open is None


def test_without_any_nothing_is_added_to_the_grammar() -> None:
    grammar = shipped("en")[2]
    assert not is_sentence(grammar, ["turn", "up", "the", "volume", "in", "ten", "minutes"])
    assert not is_sentence(grammar, ["in", "ten", "minutes", "turn", "up", "the", "volume"])


def test_a_time_that_stands_first_is_that_of_two_commands() -> None:
    both = "turn on the fan and play radio"
    assert meaning(f"one day {both}") == ("Later", both)
    matches = graph_of(LAMP, "connectives: {joining: [and]}").understand(f"{both} after lunch")
    assert [match.intent for match in matches] == ["Lamp", "Later"]


def test_several_commands_are_not_taken_for_one_that_is_put_off() -> None:
    _, graph, _ = shipped("en")
    said = "set a timer for ten minutes and wake me at seven"
    assert [match.intent for match in graph.understand(said)] == ["SetTimer", "SetAlarm"]

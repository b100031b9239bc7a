"""Loading intent files: what they mean, and what is said about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import IntentError
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import BuiltinCall, Command, SourceFile
from assistant.intents.steps import Steps
from tests.intents.files import errors_of, graph_of, load

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_error(path: Path) -> None:
    """Each file is wrong, and says at its end what is to be said about it."""
    text, _, comment = path.read_text().partition("\n# says:\n")
    expected = "\n".join(line.removeprefix("#").removeprefix(" ") for line in comment.splitlines())
    with pytest.raises(IntentError) as caught:
        load_intents([SourceFile(path.name, text)], BUILTIN_ACTIONS)
    assert str(caught.value) == expected


def test_there_are_mistakes_to_test() -> None:
    assert len(MISTAKES) > 20


def test_error_of_the_same_name_in_two_files() -> None:
    stop = "intents:\n  Stop: {sentences: [stop], action: assistant.stop}\n"
    lists = "lists:\n  area: {values: [kitchen]}\nexpansion_rules: {the: '[the]'}\n"
    responses = "responses: {rejected: 'Sorry?'}\n"
    assert errors_of(stop + lists + responses, stop + lists + responses) == (
        "b.yaml:2:3: duplicate intent 'Stop'\n"
        "      Stop: {sentences: [stop], action: assistant.stop}\n"
        "      ^^^^\n"
        "    the first is at a.yaml:2:3\n"
        "b.yaml:4:3: duplicate list 'area'\n"
        "      area: {values: [kitchen]}\n"
        "      ^^^^\n"
        "    the first is at a.yaml:4:3\n"
        "b.yaml:5:19: duplicate rule 'the'\n"
        "    expansion_rules: {the: '[the]'}\n"
        "                      ^^^\n"
        "    the first is at a.yaml:5:19\n"
        "b.yaml:6:13: duplicate response 'rejected'\n"
        "    responses: {rejected: 'Sorry?'}\n"
        "                ^^^^^^^^\n"
        "    the first is at a.yaml:6:13"
    )


def test_mistakes_of_all_files_in_one_go() -> None:
    with pytest.raises(IntentError) as caught:
        load("intents: {A: {sentences: ['(a'], reply: b}}", "a: [", "- c")
    assert [problem.place.path for problem in caught.value.problems] == [
        "a.yaml",
        "b.yaml",
        "c.yaml",
    ]


def test_error_of_a_language_that_is_not_known() -> None:
    with pytest.raises(IntentError) as caught:
        load_intents([SourceFile("a.yaml", "language: xx")], BUILTIN_ACTIONS, "xx")
    assert str(caught.value) == "a.yaml:1:1: the language 'xx' is not known"


def test_a_later_layer_replaces() -> None:
    below = """
        intents:
          Greet: {sentences: ["hello {name}"], reply: "Hello."}
          Leave: {sentences: ["bye"], reply: "Bye."}
        lists:
          name: {values: [ann]}
        responses: {rejected: "Pardon?"}
        """
    above = """
        intents:
          Greet: {sentences: ["hi {name}"], reply: "Hi."}
          Leave: {enabled: false}
        lists:
          name: {values: [bob]}
        responses: {rejected: "What?"}
        """
    for files in (
        [SourceFile("below.yaml", below), SourceFile("above.yaml", above, layer=1)],
        [SourceFile("above.yaml", above, layer=1), SourceFile("below.yaml", below)],
    ):
        intent_set = load_intents(files, BUILTIN_ACTIONS)
        assert list(intent_set.intents) == ["Greet"]
        assert [text.text for text in intent_set.responses["rejected"]] == ["What?"]
        graph = compile_intents(intent_set)
        said = {text: graph.match(text) is not None for text in ("hi bob", "hi ann", "hello bob")}
        assert said == {"hi bob": True, "hi ann": False, "hello bob": False}


def test_an_action_is_built_in_or_a_command() -> None:
    intents = load(
        """
        intents:
          A: {sentences: [a], action: assistant.stop}
          B:
            sentences: ["b {n}"]
            action:
              command: [say, "-n", "{n} of {n}", ""]
              timeout_seconds: 2.5
              speak_output: yes
        lists: {n: {range: {from: 1, to: 3}}}
        """
    ).intents
    assert isinstance(intents["A"].action, BuiltinCall)
    assert intents["A"].action.name == "assistant.stop"
    steps = intents["B"].action
    assert isinstance(steps, Steps)
    (step,), command = steps.steps, steps.steps[0].deed
    assert isinstance(command, Command)
    assert command.filled({"n": 2}) == ("say", "-n", "2 of 2", "")
    assert command.filled({}) == ("say", "-n", " of ", "")
    assert (step.timeout_seconds, command.speak_output) == (2.5, True)


def test_a_filled_value_is_not_filled_again() -> None:
    steps = (
        load(
            "intents: {A: {sentences: ['{a} {b}'], action: {command: [x, '{a}{b}']}}}\n"
            "lists: {a: {values: [{in: one, out: '{b}'}]}, b: {values: [two]}}"
        )
        .intents["A"]
        .action
    )
    assert isinstance(steps, Steps)
    command = steps.steps[0].deed
    assert isinstance(command, Command)
    assert command.filled({"a": "{b}", "b": "two"}) == ("x", "{b}two")


def test_home_assistants_nested_blocks() -> None:
    graph = graph_of(
        """
        language: en
        intents:
          Light:
            reply: "yes"
            data:
              - sentences: ["<turn> on"]
                slots: {state: "on", level: 5, share: 0.5}
                expansion_rules: {turn: "(turn|switch)"}
              - sentences: ["{colour} please"]
                lists: {colour: {values: [red]}}
        """
    )
    on, red = graph.match("switch on"), graph.match("red please")
    assert on is not None
    assert on.values() == {"state": "on", "level": 5, "share": 0.5}
    assert red is not None
    assert red.values() == {"colour": "red"}


def test_help_is_the_first_sentence_that_is_tested() -> None:
    intents = load(
        """
        intents:
          A: {sentences: [a], reply: b, tests: [{not: c}, {say: [a, b]}]}
          B: {sentences: [a b], reply: b, help: "say b"}
          C: {sentences: [c], reply: b}
        """
    ).intents
    assert [intent.help for intent in intents.values()] == ["a", "say b", ""]


def test_warnings() -> None:
    warnings = load(
        """
        intents: {A: {sentences: ["a <used>"], reply: b}}
        lists: {area: {values: [kitchen]}}
        expansion_rules: {used: b, other: c}
        """,
        "language: de\nintents: {A: {sentences: [a], reply: b}}",
    ).warnings
    assert "\n".join(map(str, warnings)) == (
        "b.yaml:1:11: warning: not used: this file is in 'de', the assistant in 'en'\n"
        "    language: de\n"
        "              ^^\n"
        "a.yaml:3:9: warning: no sentence uses the list 'area'\n"
        "    lists: {area: {values: [kitchen]}}\n"
        "            ^^^^\n"
        "a.yaml:4:28: warning: no sentence uses the rule 'other'\n"
        "    expansion_rules: {used: b, other: c}\n"
        "                               ^^^^^"
    )


KEYS = [
    *("A", "sentences", "data", "slots", "lists", "values", "range", "from", "to", "in", "out"),
    *("expansion_rules", "r", "n", "reply", "done", "action", "command", "tests", "say", "not"),
    *("responses", "failed"),
]
NODES = st.recursive(
    st.sampled_from(["a", "'a (b'", "'{n}'", "<r>", "5", "", "yes", "timers.set", "'{x} said'"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        ).map(lambda d: "{" + ", ".join(f"{key}: {value}" for key, value in d.items()) + "}"),
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["intents", "lists", "expansion_rules", "skip_words", "responses"]), NODES
    )
)
def test_any_file_loads_or_has_problems(parts: dict[str, str]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in parts.items())
    problems = []
    try:
        compile_intents(load(text))
    except IntentError as error:
        problems = error.problems
    assert all(problem.place.line for problem in problems)


def test_error_of_sentences_that_are_perhaps_heard() -> None:
    text = """
        intents:
          Light:
            reply: "Yes."
            data: [{sentences: [light on], heard: perhaps}]
    """
    assert "'heard' must be true or false, not 'perhaps'" in errors_of(text)

"""Steps that the bridge does: in order, on conditions, and what comes of them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.actions.outside import Equipment, Said, do_outside
from assistant.errors import ActionError
from assistant.turn import ActionResult
from assistant.values import Plain
from tests.house import steps_of
from tests.webserver import WebServer, web_server


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def do(action: str, slots: Mapping[str, Plain] | None = None, **equipment: Any) -> ActionResult:
    steps = steps_of(action).steps
    said = Said("Do", slots or {}, "what was said")
    return asyncio.run(do_outside(steps, said, Equipment(**equipment)))


def error_of(
    action: str, slots: Mapping[str, Plain] | None = None, **equipment: Any
) -> ActionError:
    with pytest.raises(ActionError) as caught:
        do(action, slots, **equipment)
    return caught.value


def test_steps_are_done_in_order(server: WebServer) -> None:
    server.says({"x": 1})
    result = do(
        f'[{{http: {{url: "{server.url}/1", values: {{first: x}}}}}}, {{command: [echo, "{{a}}"], '
        f'speak_output: true}}, {{http: {{url: "{server.url}/2", values: {{second: x}}}}}}]',
        {"a": "between"},
    )
    assert result == ActionResult(values={"first": 1, "second": 1}, speech="between")
    assert [came.target for came in server.came] == ["/1", "/2"]


def test_a_delay_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("assistant.actions.outside.asyncio.sleep", sleep)
    do("[{command: ['true']}, {delay_seconds: 1.5}, {command: ['true']}]")
    assert waited == [1.5]


def test_the_first_that_fails_ends_it(server: WebServer) -> None:
    server.status = 500
    error = error_of(f'[{{http: {{url: "{server.url}/1"}}}}, {{http: {{url: "{server.url}/2"}}}}]')
    assert error.message == "127.0.0.1 has failed"
    assert error.hint == "It answered 500. It is the step at house.yaml:1:61."
    assert [came.target for came in server.came] == ["/1"]


WHEN = "[{{command: [echo, it], speak_output: true, {}}}]"
CONDITIONS: dict[str, dict[Plain | None, bool]] = {
    "when: {a: x}": {"x": True, "y": False, None: False},
    "when: {a: [x, y]}": {"x": True, "y": True, "z": False},
    "when: {a: }": {"x": True, None: False},
    "unless: {a: x}": {"x": False, "y": True, None: True},
    "unless: {a: }": {"x": False, None: True},
    "when: {a: 20}": {20.0: True, "20": True, 21: False},
    'when: {a: "21.5"}': {21.5: True},
    "when: {a: x, b: y}": {"x": False},
    "when: {a: }, unless: {a: x}": {"x": False, "y": True},
}


@pytest.mark.parametrize(
    ("condition", "value", "done"),
    [(name, value, done) for name, cases in CONDITIONS.items() for value, done in cases.items()],
)
def test_a_condition(condition: str, value: Plain | None, done: bool) -> None:
    steps = steps_of(WHEN.format(condition)).steps
    assert steps[0].applies({"a": value} if value is not None else {}) is done


def test_a_step_whose_condition_does_not_hold_is_left_out(server: WebServer) -> None:
    action = (
        f'[{{http: {{url: "{server.url}/on"}}, when: {{a: "on"}}}}, '
        f'{{http: {{url: "{server.url}/off"}}, unless: {{a: "on"}}}}]'
    )
    do(action, {"a": "on"})
    do(action, {"a": "off"})
    assert [came.target for came in server.came] == ["/on", "/off"]


def test_a_step_has_its_own_limit_or_the_usual_one(server: WebServer) -> None:
    server.silent = True
    http = f'http: {{url: "{server.url}/"}}'
    own = error_of(f"{{{http}, timeout_seconds: 0.2}}", timeout_seconds=60.0)
    usual = error_of(f"{{{http}}}", timeout_seconds=0.3)
    assert own.hint.startswith("It was given 0.2 seconds.")
    assert usual.hint.startswith("It was given 0.3 seconds.")


def test_parts_and_their_limits() -> None:
    steps = steps_of(
        "[{command: [a], timeout_seconds: 2}, {delay_seconds: 3}, "
        "{builtin: clock.time}, {command: [b]}]"
    )
    parts = steps.parts()
    assert [len(part) for part in parts] == [2, 1, 1]
    assert [steps.limit_seconds(number, 10.0) for number in range(3)] == [5.0, 10.0, 10.0]
    assert steps.has_outside


def test_error_of_answers_that_are_too_long(server: WebServer) -> None:
    server.says({"x": "ä" * 2_000})
    step = f'{{http: {{url: "{server.url}/", values: {{NAME: x}}}}}}'
    action = ", ".join(step.replace("NAME", f"v{number}") for number in range(3))
    assert error_of(f"[{action}]").message == "the answers are too long to be said"


def test_nothing_is_loaded_that_no_step_needs(tmp_path: Path) -> None:
    script = """
import asyncio, sys
from assistant.actions.outside import Equipment, Said, do_outside
from tests.house import steps_of
steps = steps_of("{command: ['true']}").steps
asyncio.run(do_outside(steps, Said("Do", {}, ""), Equipment()))
heavy = {"httpcore", "anyio", "paho", "jmespath"} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")

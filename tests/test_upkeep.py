"""Intent files that change while the assistant runs: real processes, both of them."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from datetime import datetime

import pytest

from assistant.errors import Place, Problem
from assistant.upkeep import TOLD_CHARACTERS, first_of
from tests.recordings import samples_of
from tests.running import CHUNK_BYTES, Home, Running, home
from tests.test_daemon import child_of, lights

GATE = "intents:\n  Gate: {sentences: [open the gate], reply: Welcome.}\n"
BROKEN = "intents:\n  Gate: {sentences: [open (the gate], reply: Welcome.}\n"
WATCHED_BY_NOBODY = "intents: {reload: false}\n"


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def mistake(house: Home) -> str:
    """What is said about BROKEN."""
    return (
        f"{house.paths.owner_intents[0]}/gate.yaml:2:27: unclosed '(' opened here\n"
        "      Gate: {sentences: [open (the gate], reply: Welcome.}\n"
        "                              ^"
    )


@pytest.mark.engines
class TestTheCore:
    def test_a_new_file_is_understood_without_a_restart(self, house: Home) -> None:
        with Running(house) as assistant:
            assert assistant.say("open the gate")["outcome"] == "not_understood"
            before = assistant.ask("status")["status"]
            house.intents("gate.yaml", GATE)
            event = assistant.wait_for("intents-reloaded")
            assert assistant.say("open the gate")["reply"] == "Welcome."
            after = assistant.ask("status")["status"]
        assert event["intents"] == after["intents"] == before["intents"] + 1
        moments = [datetime.fromisoformat(one["intents_loaded_at"]) for one in (before, after)]
        assert moments[0] < moments[1]

    def test_a_changed_file_and_a_removed_one(self, house: Home) -> None:
        house.intents("gate.yaml", GATE)
        with Running(house) as assistant:
            house.intents("gate.yaml", GATE.replace("Welcome", "Come in"))
            assistant.wait_for("intents-reloaded")
            assert assistant.say("open the gate")["reply"] == "Come in."
            (house.paths.owner_intents[0] / "gate.yaml").unlink()
            assistant.wait_for("intents-reloaded")
            assert assistant.say("open the gate")["outcome"] == "not_understood"

    def test_a_new_sentence_is_heard(self, house: Home) -> None:
        """Before it comes, the recognizer has nothing else to hear than of a gate."""
        house.config("intents: {shipped: false}\n")
        house.intents("gate.yaml", GATE)
        with Running(house) as assistant:
            house.intents(
                "clock.yaml", "intents: {Clock: {sentences: [what time is it], reply: Late.}}"
            )
            assistant.wait_for("intents-reloaded")
            assistant.hear(samples_of("what-time").tobytes())
            assistant.hear(bytes(25 * CHUNK_BYTES))
            record = assistant.wait_for("turn-ended")["record"]
        assert (record["transcript"], record["intent"]) == ("what time is it", "Clock")

    def test_a_mistake_is_told_until_it_is_mended_and_the_old_goes_on(self, house: Home) -> None:
        house.intents("gate.yaml", GATE)
        with Running(house) as assistant:
            house.intents("gate.yaml", BROKEN)
            event = assistant.wait_for("intents-rejected")
            assert (event["message"], event["mistakes"]) == (mistake(house), 1)
            assert assistant.say("open the gate")["reply"] == "Welcome."
            assert assistant.ask("status")["status"]["intents_rejected"] == mistake(house)
            assert mistake(house) in house.run("status").stdout
            assistant.wait_for_output("gate.yaml:2:27: unclosed '(' opened here")
            house.intents("gate.yaml", GATE.replace("Welcome", "Come in"))
            assistant.wait_for("intents-reloaded")
            assert assistant.say("open the gate")["reply"] == "Come in."
            assert assistant.ask("status")["status"]["intents_rejected"] == ""

    def test_the_setting_leaves_it_to_the_owner(self, house: Home) -> None:
        house.config(WATCHED_BY_NOBODY)
        with Running(house) as assistant:
            house.intents("gate.yaml", GATE)
            told = json.loads(house.run("reload", "--json").stdout)
            assert told["intents"] == assistant.ask("status")["status"]["intents"]
            assert assistant.say("open the gate")["reply"] == "Welcome."

    def test_asked_to_reload_it_tells_the_mistakes(self, house: Home) -> None:
        house.config(WATCHED_BY_NOBODY)
        house.intents("gate.yaml", GATE)
        with Running(house) as assistant:
            assert re.match(r"Read again: \d+ intents in ", house.run("reload").stdout)
            house.intents("gate.yaml", BROKEN)
            refused = house.run("reload")
            assert refused.returncode == 78
            assert refused.stderr == f"{mistake(house)}\n1 mistake.\n"
            as_json = json.loads(house.run("reload", "--json").stdout)
            assert as_json["code"] == "intents"
            assert as_json["problems"][0]["column"] == 27
            assert assistant.say("open the gate")["reply"] == "Welcome."

    def test_files_without_a_sentence_are_refused(self, house: Home) -> None:
        house.config("intents: {shipped: false}\n")
        house.intents("gate.yaml", GATE)
        with Running(house) as assistant:
            (house.paths.owner_intents[0] / "gate.yaml").unlink()
            assert assistant.wait_for("intents-rejected")["message"] == (
                "There is no sentence to listen for. "
                "Write an intent with sentences, or set intents.shipped to true."
            )
            assert assistant.say("open the gate")["reply"] == "Welcome."

    def test_sighup_is_answered_to_the_service_manager(self, house: Home) -> None:
        house.config(WATCHED_BY_NOBODY)
        with Running(house) as assistant:
            for text, answer in ((GATE, "acted"), (BROKEN, "acted")):
                house.intents("gate.yaml", text)
                assistant.notified.clear()
                assistant.process.send_signal(signal.SIGHUP)
                assistant.wait_for_notification("RELOADING=1")
                assistant.wait_for_notification("READY=1")
                assert assistant.say("open the gate")["outcome"] == answer
            assert any(field.startswith("MONOTONIC_USEC=") for field in assistant.notified)


@pytest.mark.engines
class TestTheBridge:
    def test_a_new_command_is_run_at_once(self, house: Home) -> None:
        """The core tells the bridge before it understands the new sentence itself."""
        with Running(house) as assistant:
            house.intents("lights.yaml", lights())
            assistant.wait_for("intents-reloaded")
            turn = assistant.say("turn on the lights")
            assert turn["reply"] == "got ['on'] {'state': 'on'}"
            house.intents("lights.yaml", lights().replace("'got'", "'done'"))
            assistant.wait_for("intents-reloaded")
            assert assistant.say("turn on the lights")["reply"] == "done ['on'] {'state': 'on'}"

    def test_sighup_has_it_read_the_files_and_a_mistake_is_logged(self, house: Home) -> None:
        house.config(WATCHED_BY_NOBODY)
        house.intents("lights.yaml", lights())
        with Running(house) as assistant:
            house.intents("lights.yaml", lights().replace("'got'", "'done'"))
            os.kill(child_of(assistant), signal.SIGHUP)
            assistant.wait_for_output("read the intent files again: 1 actions")
            assert assistant.say("turn on the lights")["reply"] == "done ['on'] {'state': 'on'}"
            house.intents("gate.yaml", BROKEN)
            os.kill(child_of(assistant), signal.SIGHUP)
            assistant.wait_for_output("gate.yaml:2:27: unclosed '(' opened here")
            assert assistant.say("turn on the lights")["reply"] == "done ['on'] {'state': 'on'}"


CALLS = """\
intents:
  Call: {sentences: ["call {contact}"], reply: "Calling {contact}."}
lists:
  contact: SOURCE
"""


def asks(house: Home, refresh_seconds: float = 3600.0) -> str:
    """An intent file whose list is what a program prints: the file ``printed``."""
    command = f"{{command: [cat, {house.folder}/printed], refresh_seconds: {refresh_seconds:g}}}"
    return CALLS.replace("SOURCE", command)


@pytest.mark.engines
class TestLists:
    def test_a_file_beside_the_intents_is_watched_as_they_are(self, house: Home) -> None:
        house.intents("calls.yaml", CALLS.replace("SOURCE", "{file: contacts.txt}"))
        house.intents("contacts.txt", "Bob (work) = 0301\n")
        with Running(house) as assistant:
            assert assistant.say("call bob work")["slots"] == {"contact": "0301"}
            house.intents("contacts.txt", "Bob (work) = 0302\nEve\n")
            assistant.wait_for("intents-reloaded")
            assert assistant.say("call bob work")["slots"] == {"contact": "0302"}
            assert assistant.say("call eve")["slots"] == {"contact": "Eve"}
            (house.paths.owner_intents[0] / "contacts.txt").unlink()
            assert (
                "list file 'contacts.txt' cannot be read: No such file or directory"
                in (assistant.wait_for("intents-rejected")["message"])
            )
            assert assistant.say("call eve")["outcome"] == "acted"
            house.intents("contacts.txt", "Zoe\n")
            assistant.wait_for("intents-reloaded")
            assert assistant.say("call zoe")["outcome"] == "acted"

    def test_a_program_is_run_by_the_bridge_and_again_in_time(self, house: Home) -> None:
        printed = house.folder / "printed"
        printed.write_text("Bob\n")
        house.intents("calls.yaml", asks(house, refresh_seconds=0.2))
        with Running(house) as assistant:
            assistant.wait_for("intents-reloaded")
            assert assistant.say("call bob")["outcome"] == "acted"
            printed.write_text("Eve\n")
            assistant.wait_for("intents-reloaded")
            assert assistant.say("call eve")["outcome"] == "acted"
            assert assistant.say("call bob")["outcome"] == "not_understood"

    def test_of_a_program_that_fails_the_last_list_goes_on(self, house: Home) -> None:
        printed = house.folder / "printed"
        printed.write_text("Bob\n")
        house.intents("calls.yaml", asks(house, refresh_seconds=0.2))
        with Running(house) as assistant:
            assistant.wait_for("intents-reloaded")
            printed.write_text("")
            empty = assistant.wait_for("part-failed")
            printed.unlink()
            gone = assistant.wait_for("part-failed", lambda event: event != empty)
            assert assistant.say("call bob")["outcome"] == "acted"
            told = assistant.ask("status")["status"]["failed_parts"]
            assert told == {"list contact": gone["message"]}
            printed.write_text("Bob\n")
            assert assistant.wait_for("part-works")["part"] == "list contact"
        assert empty["message"] == (
            f"List 'contact' would be empty. See the output of 'cat {printed}':1:1: "
            "there are no values for list 'contact'."
        )
        assert gone["message"] == (
            "The command 'cat' failed with status 1. "
            f"Its last words: cat: {printed}: No such file or directory"
        )

    def test_without_the_bridge_the_last_list_is_known(self, house: Home) -> None:
        (house.folder / "printed").write_text("Bob\n")
        house.intents("calls.yaml", asks(house))
        with Running(house) as assistant:
            assistant.wait_for("intents-reloaded")
            assert assistant.terminate() == 0
        arguments = ("--source", "-", "--output", "none", "--no-bridge")
        with Running(house, *arguments) as assistant:
            assert assistant.say("call bob")["outcome"] == "acted"
            failed = assistant.ask("status")["status"]["failed_parts"]["list contact"]
            assert failed.startswith("The bridge is not running. Start assistant-bridge;")

    def test_asked_to_reload_it_asks_the_programs_too(self, house: Home) -> None:
        (house.folder / "printed").write_text("Bob\n")
        house.intents("calls.yaml", asks(house))
        with Running(house) as assistant:
            assistant.wait_for("intents-reloaded")
            (house.folder / "printed").write_text("Eve\n")
            house.run("reload")
            assistant.wait_for("intents-reloaded")
            assistant.wait_for("intents-reloaded")
            assert assistant.say("call eve")["outcome"] == "acted"

    def test_the_command_line_runs_the_program_itself(self, house: Home) -> None:
        (house.folder / "printed").write_text("Bob (work)\n")
        house.intents("calls.yaml", asks(house))
        said = json.loads(house.run("say", "--json", "call bob work").stdout)
        assert said["slots"] == {"contact": "Bob (work)"}
        (house.folder / "printed").unlink()
        refused = house.run("check")
        assert refused.returncode == 78
        assert "calls.yaml:4:22: the command 'cat' failed with status 1\n" in refused.stderr


def problem(number: int, message: str = "unknown list 'dor'") -> Problem:
    return Problem(message, Place("a.yaml", number, 5, "    open the {dor}", 5), "a hint")


def test_of_few_mistakes_all_are_told() -> None:
    assert first_of([problem(1), problem(2)]) == [problem(1), problem(2)]


def test_of_many_mistakes_the_first_are_told_and_how_many_more_there_are() -> None:
    told = first_of([problem(number) for number in range(1, 1001)])
    *first, last = told
    assert first == [problem(number) for number in range(1, len(told))]
    assert sum(len(str(one)) for one in first) <= TOLD_CHARACTERS
    assert str(last) == (
        f"a.yaml:{len(told)}:5: {1001 - len(told)} more; assistant check tells all of them"
    )


def test_a_mistake_too_long_to_be_told_is_counted() -> None:
    (told,) = first_of([problem(1, "x" * 10_000)])
    assert str(told) == "a.yaml:1:5: 1 more; assistant check tells all of them"

"""The command line, as a person or a program calls it; no daemon runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import SECTIONS, assistant, register
from tests.recordings import RECORDINGS
from tests.running import Home, home

pytestmark = pytest.mark.engines


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


KEYS = {
    "wake", "transcript", "confidence", "outcome", "intent", "slots", "commands", "reply",
    "timings_seconds",
}  # fmt: skip


def test_say_acts_and_answers_without_a_daemon(house: Home) -> None:
    result = house.run("say", "set a timer for five minutes")
    assert result.returncode == 0
    assert "SetTimer duration=300" in result.stdout
    (turn,) = lines(house.run("say", "--json", "how much time is left").stdout)
    assert turn.keys() == KEYS | {"text"}
    assert turn["outcome"] == "acted"
    assert turn["intent"] == "TimerLeft"
    assert turn["reply"].startswith("4 minutes and 5")


def test_a_dry_run_understands_and_does_nothing(house: Home) -> None:
    (turn,) = lines(house.run("say", "--dry-run", "--json", "set a timer for 5 minutes").stdout)
    assert turn["outcome"] == "understood"
    assert turn["slots"] == {"duration": 300}
    (command,) = turn["commands"]
    assert command == {
        "intent": "SetTimer",
        "slots": {"duration": 300},
        "typed": [{"name": "duration", "text": "five minutes", "value": 300, "type": "duration"}],
    }
    assert turn["reply"] is None
    assert not house.paths.database.exists()


def test_a_sentence_made_up_is_understood_and_nothing_is_done(house: Home) -> None:
    for _ in range(3):
        (turn,) = lines(house.run("say", "--random", "--json").stdout)
        assert turn["outcome"] == "understood", turn["text"]
        assert turn["commands"]
    assert not house.paths.database.exists()
    assert house.run("say").returncode == house.run("say", "--random", "stop").returncode == 2


def test_words_that_mean_nothing_are_no_failure_of_the_command(house: Home) -> None:
    result = house.run("say", "--json", "colourless green ideas")
    assert result.returncode == 0
    assert lines(result.stdout)[0]["outcome"] == "not_understood"


def test_words_that_are_nearly_a_sentence_are_asked_about(house: Home) -> None:
    assert house.run("say", "set a time for ten minutes").stdout == (
        "  outcome    asked\n  reply      Did you mean: set a timer for ten minutes?\n"
    )
    (turn,) = lines(house.run("say", "--dry-run", "--json", "set a time for ten minutes").stdout)
    assert (turn["outcome"], turn["commands"]) == ("asked", [])
    assert turn["reply"] == "Did you mean: set a timer for ten minutes?"


def test_two_commands_are_both_printed(house: Home) -> None:
    told = house.run("say", "--dry-run", "set a timer for five minutes and what time is it")
    assert told.stdout == "  intent     SetTimer duration=300\n  intent     GetTime\n"


def test_hear_many_recordings_at_once(house: Home) -> None:
    names = ["what-time", "silence", "wake-only", "pasta-timer-one-breath"]
    files = [str(RECORDINGS / f"{name}.flac") for name in names]
    result = house.run("hear", "--dry-run", "--json", *files)
    assert result.returncode == 0
    turns = lines(result.stdout)
    assert [turn["file"] for turn in turns] == files
    assert all(turn.keys() == KEYS | {"file"} for turn in turns)
    assert [turn["outcome"] for turn in turns] == [
        "understood",
        "no_wake_word",
        "nothing_heard",
        "understood",
    ]
    assert turns[0]["wake"].keys() == {
        "name",
        "score",
        "time_seconds",
        "domain",
        "command",
        "microphone",
        "snr_db",
    }
    assert turns[0]["wake"]["snr_db"] > 20.0
    assert turns[1]["wake"] is None
    assert turns[3]["slots"] == {"name": "pasta", "duration": 600}
    assert turns[3]["commands"][0]["typed"] == [
        {"name": "name", "text": "pasta", "value": "pasta", "type": "text"},
        {"name": "duration", "text": "ten minutes", "value": 600, "type": "duration"},
    ]


def test_hear_a_command_without_a_wake_word(house: Home) -> None:
    file = str(RECORDINGS / "command-without-wake-word.flac")
    (turn,) = lines(house.run("hear", "--no-wake", "--json", file).stdout)
    assert turn["wake"] is None
    assert turn["outcome"] == "acted"
    assert turn["reply"]


def test_hear_with_intents_of_ones_own_instead(house: Home, tmp_path: Path) -> None:
    intents = tmp_path / "intents"
    intents.mkdir()
    (intents / "clock.yaml").write_text("intents: {Clock: {sentences: [what time is it]}}")
    options = ("--dry-run", "--json", f"--intents={intents}")
    time, timer = (str(RECORDINGS / f"{name}.flac") for name in ("what-time", "timer-five-minutes"))
    turns = lines(house.run("hear", *options, time, timer).stdout)
    assert turns[0]["intent"] == "Clock"
    assert turns[1]["intent"] is None


def test_one_bad_file_does_not_stop_the_others(house: Home) -> None:
    good = str(RECORDINGS / "what-time.flac")
    result = house.run("hear", "--dry-run", "--json", "/nonexistent.wav", good)
    assert result.returncode == 69
    bad, turn = lines(result.stdout)
    assert bad["file"] == "/nonexistent.wav"
    assert "error" in bad
    assert turn["intent"] == "GetTime"


def test_check_is_content_with_the_shipped_intents(house: Home) -> None:
    result = house.run("check")
    assert result.returncode == 0
    assert result.stdout.startswith("All is well: ")
    assert result.stderr == ""


def test_check_tells_every_mistake_of_every_file(house: Home) -> None:
    house.intents("a.yaml", "intents:\n  Light:\n    sentences:\n      - turn on (the light\n")
    house.intents(
        "b.yaml",
        "intents:\n"
        "  Door:\n"
        "    sentences: open the {dor}\n"
        "    reply: yes\n"
        "lists: {door: {values: [gate]}}\n",
    )
    folder = house.paths.owner_intents[0]
    result = house.run("check")
    assert result.returncode == 78
    assert result.stderr == (
        f"{folder}/a.yaml:4:17: unclosed '(' opened here\n"
        "          - turn on (the light\n"
        "                    ^\n"
        f"{folder}/b.yaml:3:25: unknown list 'dor'\n"
        "        sentences: open the {dor}\n"
        "                            ^^^^^\n"
        "    did you mean 'door'?\n"
        "2 mistakes.\n"
    )


def test_check_as_json(house: Home) -> None:
    house.intents("a.yaml", "intents:\n  Light:\n    sentences: [light]\n    on: yes\n")
    result = house.run("check", "--json")
    assert result.returncode == 78
    (report,) = lines(result.stdout)
    problem = report["problems"][0]
    assert (problem["line"], problem["column"]) == (4, 5)
    assert "unknown key 'on'" in problem["message"]


def test_a_test_in_a_file_that_fails_is_told_where_it_stands(house: Home) -> None:
    house.intents(
        "a.yaml",
        "intents:\n"
        "  Light:\n"
        "    sentences: [light on]\n"
        "    reply: ok\n"
        "    tests:\n"
        "      - say: lights on\n",
    )
    result = house.run("check")
    assert result.returncode == 78
    assert "a.yaml:6:14: " in result.stderr


def test_a_wrong_configuration_is_told_whole(house: Home) -> None:
    house.config("wake:\n  treshold: 0.5\naudio:\n  pre_roll_seconds: 900\n")
    result = house.run("say", "what time is it")
    assert result.returncode == 78
    assert "config.yaml:2:3: unknown key 'treshold'" in result.stderr
    assert "did you mean 'threshold'?" in result.stderr
    assert "config.yaml:4:21: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("engine", ["vosk"])
def test_a_recognizer_without_a_model_says_what_to_do(house: Home, engine: str) -> None:
    file = str(RECORDINGS / "what-time.flac")
    result = house.run("hear", "--recognizer", engine, file)
    assert result.returncode == 69
    assert "There is no Vosk model in" in result.stderr
    assert "Unpack a model" in result.stderr


def test_devices_of_a_machine_without_any(house: Home) -> None:
    result = house.run("devices", "--json")
    assert result.returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        "run", "say", "hear", "listen", "status", "reload", "events", "devices", "check",
        "explain", "schema", "bridge",
    ],
)  # fmt: skip
def test_every_command_explains_itself(house: Home, command: str) -> None:
    result = house.run(command, "--help")
    assert result.returncode == 0
    assert result.stdout.startswith("Usage: ")


def test_the_help_tells_of_every_command_once() -> None:
    register()
    told = [name for commands in SECTIONS.values() for name in commands]
    assert sorted(told) == sorted(assistant.commands)


def test_a_command_that_does_not_exist(house: Home) -> None:
    result = house.run("dance")
    assert result.returncode == 2
    assert "No such command 'dance'" in result.stderr


def test_check_of_files_without_a_sentence(house: Home) -> None:
    house.config("intents: {shipped: no}")
    assert house.run("check").returncode == 0


def test_error_there_is_nothing_to_listen_for(house: Home) -> None:
    house.config("intents: {shipped: no}")
    result = house.run("run", "--plain", "--source", "-", "--output", "none", input="")
    assert result.returncode == 69
    assert result.stderr.splitlines()[-1] == (
        "assistant: There is no sentence to listen for. "
        "Write an intent with sentences, or set intents.shipped to true."
    )


def test_a_language_without_shipped_intents(house: Home) -> None:
    house.config("intents: {language: fr}")
    result = house.run("check")
    assert result.returncode == 69
    assert result.stderr == (
        "assistant: There are no shipped intents in the language 'fr'. "
        "Set intents.language to one of de, en, or intents.shipped to false.\n"
    )
    house.config("intents: {language: fr, shipped: no}")
    house.intents("lampe.yaml", "intents: {Lampe: {sentences: [allume la lampe], reply: ok}}")
    assert house.run("say", "--json", "Allume la lampe !").returncode == 0


def test_a_configuration_that_is_not_there(house: Home) -> None:
    result = house.run("say", "--config", "/nonexistent.yaml", "stop")
    assert result.returncode == 78
    assert result.stderr.startswith("/nonexistent.yaml:1:1: cannot be read: No such file")


def test_a_tilde_in_a_path_is_the_home(house: Home) -> None:
    mine = house.folder / "mine"
    mine.mkdir()
    (mine / "a.yaml").write_text("intents: {Mine: {sentences: [my own words], reply: ok}}")
    house.config("intents: {directories: [~/mine]}")
    (turn,) = lines(house.run("say", "--dry-run", "--json", "my own words").stdout)
    assert turn["intent"] == "Mine"


def test_another_users_assistant_is_not_replaced_by_this_users(house: Home) -> None:
    """Root may use every socket, so the test asks as nobody."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from assistant.frontends.client import is_running\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: is_running(Path(sys.argv[1]))\n"
        "except Exception as error: print(error)\n"
    )
    house.folder.chmod(0o755)
    private = house.folder / "private"
    private.mkdir(mode=0o700)
    result = subprocess.run(
        [sys.executable, "-c", code, str(private / "control.sock")],
        capture_output=True,
        text=True,
        check=True,
        env=house.environment,
    )
    assert result.stdout == (
        "The assistant runs as another user. Put sudo in front of the command.\n"
    )

"""``assistant wake``, as a person or a program calls it."""

from __future__ import annotations

import json
import select
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant import clock
from assistant.scorelog import ScoreLog
from assistant.wake.moments import Minute, Moment
from tests.recordings import RECORDINGS, samples_of
from tests.running import CHUNK_BYTES, COMMAND, Home, Running, home

pytestmark = pytest.mark.engines


@pytest.fixture
def house() -> Iterator[Home]:
    with home() as place:
        yield place


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


# --- test -----------------------------------------------------------------------------------------


@pytest.fixture
def said(tmp_path: Path) -> Path:
    return folder_with(tmp_path / "said", "what-time", "wake-only", "no-wake-word")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return folder_with(tmp_path / "other", "command-without-wake-word", "silence", "stop")


def folder_with(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        shutil.copy(RECORDINGS / f"{name}.flac", folder)
    return folder


def test_missed_words_and_false_alarms_are_counted(house: Home, said: Path, other: Path) -> None:
    folders = ("--positives", str(said), "--negatives", str(other))
    result = house.run("wake", "test", "--word", "hey_jarvis", "--threshold", "0.5", *folders)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert "hey_jarvis, threshold 0.5" in result.stdout
    assert "missed        1 of 3: 33.3 % (6.1 % to 79.2 %)" in result.stdout
    assert "after the word's end, 95 % within" in result.stdout
    assert "false alarms  1 in 0.00" in result.stdout
    assert f"Missed:\n  {said}/no-wake-word.flac\n" in result.stdout
    assert (
        f"False alarms:\n  {other}/stop.flac at " in result.stdout
    )  # it says "hey jarvis ... stop"


def test_json_has_everything(house: Home, said: Path, other: Path) -> None:
    (said / "broken.wav").write_bytes(b"no sound")
    options = ("--positives", str(said), "--negatives", str(other), str(said), "--json")
    result = house.run("wake", "test", *options, "--threshold", "0.65")
    (found,) = lines(result.stdout)
    assert (found["positives"], found["missed"], found["false_alarms"]) == (3, 1, 3)
    assert found["threshold"] == 0.65
    assert [row["threshold"] for row in found["thresholds"]] == [
        0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9,
    ]  # fmt: skip
    assert found["missed_files"] == [str(said / "no-wake-word.flac")]
    low, high = found["false_alarms_per_hour_interval"]
    assert low < found["false_alarms_per_hour"] < high
    assert found["unreadable"] == 2  # with the word and without it
    assert result.stderr.count("broken.wav is not a recording that can be read") == 2


def test_a_model_is_named_by_its_path(house: Home, said: Path) -> None:
    result = house.run("wake", "test", "--word", "/nowhere/my-word.onnx", "--positives", str(said))
    assert result.returncode == 69
    assert "There is no wake word model /nowhere/my-word.onnx." in result.stderr


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        ((), 2, "Give --positives or --negatives, or both."),
        (("--positives", "/nowhere"), 69, "There is no folder /nowhere."),
        (("--positives", str(RECORDINGS), "--threshold", "2"), 2, "--threshold: "),
        (("--positives", str(RECORDINGS), "--word", "computer"), 69, "no wake word 'computer'"),
    ],
)
def test_error_options(house: Home, options: tuple[str, ...], status: int, message: str) -> None:
    result = house.run("wake", "test", *options)
    assert result.returncode == status
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_error_nothing_can_be_read(house: Home, tmp_path: Path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"no sound")
    result = house.run("wake", "test", "--word", "alexa", "--positives", str(tmp_path))
    assert result.returncode == 69
    assert "broken.wav is not a recording that can be read" in result.stderr
    assert "There is nothing to hear in the recordings." in result.stderr
    assert "threshold" not in result.stdout


WORDS = "wake:\n  words:\n    alexa: {threshold: 0.9}\n    hey_jarvis: {threshold: 0.6}\n"


def test_of_several_words_one_is_tested_with_its_own_settings(house: Home, said: Path) -> None:
    house.config(WORDS)
    options = ("wake", "test", "--positives", str(said), "--json")
    (found,) = lines(house.run(*options, "--word", "hey_jarvis").stdout)
    assert (found["word"], found["threshold"], found["missed"]) == ("hey_jarvis", 0.6, 1)
    (found,) = lines(house.run(*options, "--word", "alexa", "--threshold", "0.3").stdout)
    assert (found["word"], found["threshold"], found["missed"]) == ("alexa", 0.3, 3)
    result = house.run(*options)
    assert result.returncode == 2
    assert "Say which word: --word NAME, one of alexa, hey_jarvis." in result.stderr


def test_a_higher_sensitivity_is_a_lower_threshold(house: Home, said: Path) -> None:
    def threshold(sensitivity: str) -> float:
        options = ("--positives", str(said / "wake-only.flac"), "--sensitivity", sensitivity)
        (found,) = lines(house.run("wake", "test", "--json", *options).stdout)
        return float(found["threshold"])

    assert threshold("0.9") < threshold("0.1")


# --- report ---------------------------------------------------------------------------------------


@pytest.fixture
def noted(house: Home) -> Home:
    """A house whose assistant has noted three detections and a near miss this morning."""
    begin = clock.now().replace(hour=7, minute=30, second=0, microsecond=0).timestamp()
    curve = (0.0,) * 12 + (0.9,) + (0.0,) * 12
    detection = Moment(begin, "hey_jarvis", 0.95, 0.5, True, curve)
    log = ScoreLog(house.paths.score_log)
    log.write(
        [Minute(int(begin), 0.95), Minute(int(begin) + 60, 0.6)],
        [
            detection,
            replace(detection, time=begin + 70.0, score=0.603),
            replace(detection, time=begin + 100.0, score=0.3, detected=False),
            replace(detection, time=begin + 7200.0, score=0.59),
        ],
        begin,
    )
    log.close()
    return house


def test_a_day_has_a_timeline_and_a_numbered_list(noted: Home) -> None:
    result = noted.run("wake", "report")
    assert result.returncode == 0, result.stderr
    shown = result.stdout.splitlines()
    assert "07:00     " + " " * 30 + "█▅" in shown
    assert "09:00     " + " " * 30 + "▅" in shown
    assert [line[:40].rstrip() for line in shown if "hey_jarvis" in line] == [
        "   1  07:30:00  hey_jarvis  0.95",
        "   2  07:31:10  hey_jarvis  0.60",
        "   3  09:30:00  hey_jarvis  0.59",
        "      07:31:40  hey_jarvis  0.30",
    ]
    assert "1 near miss:" in shown


def test_what_is_marked_leads_to_a_threshold_and_can_be_unmarked(noted: Home) -> None:
    marked = noted.run("wake", "report", "--mark", "2").stdout
    assert (
        "A threshold of 0.61 would have avoided the false alarm of hey_jarvis, and missed "
        in marked
    )
    assert "1 of the 2 others." in marked
    assert marked.endswith("In the configuration:\n\nwake:\n  threshold: 0.61\n")
    (found,) = lines(noted.run("wake", "report", "--unmark", "2", "--mark", "3", "--json").stdout)
    assert [one["marked"] for one in found["detections"]] == [False, False, True]
    assert [one["threshold"] for one in found["proposals"]] == [0.6]


def test_a_day_for_programs_and_as_a_picture(noted: Home, tmp_path: Path) -> None:
    plot = tmp_path / "day.png"
    today = clock.now().date().isoformat()
    result = noted.run("wake", "report", "--day", today, "--json", "--plot", str(plot))
    (found,) = lines(result.stdout)
    assert found["day"] == today
    assert [one["score"] for one in found["minutes"]] == [0.95, 0.6]
    assert datetime.fromisoformat(found["near_misses"][0]["time"]).second == 40
    assert len(found["detections"][0]["curve"]) == 25
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_another_day_is_empty(noted: Home) -> None:
    assert "Nothing was noted." in noted.run("wake", "report", "--day", "yesterday").stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--mark", "4"), "There is no detection 4: the day has 3 detections."),
        (("--day", "someday"), "'someday' is no day"),
        (("--plot", "day.pdf"), "Use a name that ends in .png or .svg."),
    ],
)
def test_error_reports(noted: Home, options: tuple[str, ...], message: str) -> None:
    result = noted.run("wake", "report", *options)
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_error_nothing_was_noted_yet(house: Home) -> None:
    result = house.run("wake", "report")
    assert result.returncode == 69
    assert "No wake scores have been noted yet" in result.stderr


# --- tune -----------------------------------------------------------------------------------------


def test_a_recording_is_shown_line_by_line_and_a_threshold_proposed(house: Home) -> None:
    recording = str(RECORDINGS / "what-time.flac")
    result = house.run("wake", "tune", "--times", "1", recording)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("Say “hey jarvis” once and end with Ctrl-C.\n")
    assert "1 detected" in result.stdout
    assert "gate closed" in result.stdout
    assert "is halfway.\nIn the configuration:\n\nwake:\n  threshold: 0." in result.stdout


def test_each_chunk_for_a_program(house: Home) -> None:
    recording = str(RECORDINGS / "what-time.flac")
    *chunks, proposal = lines(house.run("wake", "tune", "--json", recording).stdout)
    assert chunks[0]["time_seconds"] == 0.08
    assert [chunk["detections"]["hey_jarvis"] for chunk in (chunks[0], chunks[-1])] == [0, 1]
    assert max(chunk["scores"]["hey_jarvis"] for chunk in chunks) > 0.95
    assert {chunk["gate_open"] for chunk in chunks} == {True, False}
    assert proposal["word"] == "hey_jarvis"


def test_ctrl_c_ends_it_with_a_proposal(house: Home) -> None:
    tuning = subprocess.Popen(
        [*COMMAND, "wake", "tune", "--times", "1", "-"],
        env=house.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert tuning.stdin is not None
    assert tuning.stdout is not None
    tuning.stdin.write(samples_of("wake-only").tobytes())
    tuning.stdin.flush()
    while b"1 detected" not in tuning.stdout.readline():
        assert tuning.poll() is None
    tuning.send_signal(signal.SIGINT)
    told, _ = tuning.communicate(timeout=60)
    assert tuning.returncode == 0
    assert b"is halfway." in told


def test_the_running_assistant_is_watched(house: Home) -> None:
    with Running(house) as assistant:
        watching = subprocess.Popen(
            [*COMMAND, "wake", "tune", "--json", "--times", "1"],
            env=house.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert watching.stdout is not None
        while not select.select([watching.stdout], [], [], 0.1)[0]:
            assistant.hear(bytes(CHUNK_BYTES))  # until it sees them
        assistant.hear(samples_of("wake-only").tobytes())
        assistant.wait_for("wake-detected")
        assistant.hear(bytes(10 * CHUNK_BYTES))
        assistant.terminate()
        *chunks, proposal = lines(watching.communicate(timeout=60)[0])
    assert watching.returncode == 0
    assert max(chunk["scores"]["hey_jarvis"] for chunk in chunks) > 0.95
    assert 0.4 < proposal["threshold"] < 0.6

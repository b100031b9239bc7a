"""The status as Prometheus reads it, read back by Prometheus' own reader."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from assistant.frontends.prometheus import exposition

STATUS: dict[str, Any] = {
    "version": "1.2", "phase": "waiting", "microphones": {}, "recognizer": "vosk", "intents": 30,
    "intents_rejected": "", "timers": 2, "bridge": "running", "chunks_heard": 500, "overruns": 3,
    "last_wake_word": "alexa", "last_wake_at": "2026-05-01T12:00:00+00:00", "calls": {"alexa": 4},
    "turns": {"acted": 3, "failed": 1}, "restarts": 1, "uptime_seconds": 40.5, "cpu_seconds": 2.25,
    "memory_megabytes": 150, "failed_parts": {},
}  # fmt: skip


def read(status: dict[str, Any]) -> dict[str, dict[tuple[str, ...], float]]:
    """Numbers by name and labels' values."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(exposition(status)):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_the_numbers_of_an_assistant() -> None:
    found = read(STATUS)
    assert found["assistant_info"] == {("1.2", "vosk"): 1}
    assert found["assistant_phase"] == {("waiting",): 1}
    assert found["assistant_uptime_seconds"] == {(): 40.5}
    assert found["assistant_memory_peak_bytes"] == {(): 150 * 1024 * 1024}
    assert found["assistant_chunks_heard_total"] == {("",): 500}
    assert found["assistant_overruns_total"] == {("",): 3}
    assert found["assistant_calls_total"] == {("alexa",): 4}
    assert found["assistant_turns_total"] == {("acted",): 3, ("failed",): 1}
    assert found["assistant_last_wake_timestamp_seconds"] == {(): 1_777_636_800}
    assert found["assistant_bridge_up"] == {(): 1}
    assert "assistant_part_failed" not in found


def test_several_microphones_and_what_has_failed() -> None:
    one = {"state": "listening", "level_dbfs": -60.5, "chunks_heard": 7, "overruns": 0}
    found = read(
        STATUS
        | {
            "microphones": {"kitchen": one, "hall": one | {"overruns": 2}},
            "failed_parts": {"voice": "There is none."},
            "last_wake_at": "",
            "bridge": "not running",
            "intents_rejected": "a.yaml:1:1: no",
        }
    )
    assert found["assistant_overruns_total"] == {("kitchen",): 0, ("hall",): 2}
    assert found["assistant_level_dbfs"] == {("kitchen",): -60.5, ("hall",): -60.5}
    assert found["assistant_part_failed"] == {("voice",): 1}
    assert found["assistant_bridge_up"] == {(): 0}
    assert found["assistant_intents_rejected"] == {(): 1}
    assert "assistant_last_wake_timestamp_seconds" not in found


@given(st.text())
def test_any_name_is_read_back(name: str) -> None:
    text = exposition(STATUS | {"calls": {name: 1}})
    # A line ends with \n only; the reader would end it at others, too.
    (line,) = [line for line in text.split("\n") if line.startswith("assistant_calls_total")]
    written = line.removeprefix('assistant_calls_total{word="').removesuffix('"} 1')
    pieces = written.replace("\\\\", "\0").replace('\\"', '"').replace("\\n", "\n")
    assert pieces.replace("\0", "\\") == name.replace("\0", "\\")

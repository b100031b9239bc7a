"""Plots drawn into files, and what is told where they cannot be."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from assistant.errors import EngineError
from assistant.measuring import drawing
from assistant.measuring.drawing import check_plot, draw_day, draw_scores, save
from assistant.measuring.scores import Score
from assistant.wake.moments import Moment
from tests.measuring.test_scores import score


def line(figure: Figure) -> None:
    figure.subplots().plot([0, 1])


@pytest.mark.parametrize(("name", "beginning"), [("a.svg", b"<?xml"), ("a.png", b"\x89PNG")])
def test_the_name_tells_the_kind_of_file(name: str, beginning: bytes, tmp_path: Path) -> None:
    save(line, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(beginning)


def test_scores_are_drawn_with_the_names_of_the_recognizers(tmp_path: Path) -> None:
    scores = [score("PocketSphinx", 80), score("Vosk, large", 90), Score("c", error="broken")]
    save(lambda figure: draw_scores(figure, scores), tmp_path / "scores.svg")
    drawn = (tmp_path / "scores.svg").read_text()
    assert "PocketSphinx" in drawn
    assert "Vosk, large" in drawn
    assert len(drawn) < 100_000


def test_a_day_is_drawn_with_its_detections_and_near_misses(tmp_path: Path) -> None:
    detection = Moment(0.0, "alexa", 0.9, 0.5, True, (0.9,))
    moments = [
        (7.5, detection),
        (8.5, replace(detection, marked=True)),
        (9.5, replace(detection, detected=False, score=0.3)),
    ]
    plot = tmp_path / "day.svg"
    save(lambda figure: draw_day(figure, "2026-03-01", [(7.5, 0.9), (9.5, 0.3)], moments), plot)
    drawn = plot.read_text()
    for text in ("2026-03-01", "near miss", "detection", "false alarm", "threshold 0.5", "21:00"):
        assert text in drawn


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("plot.pdf", "plot.pdf is no name for a plot. Use a name that ends in .png or .svg."),
        ("/nowhere/a.svg", "There is no folder /nowhere. Make it, or name another file."),
    ],
)
def test_error_names(name: str, message: str) -> None:
    with pytest.raises(EngineError) as error:
        check_plot(Path(name))
    assert str(error.value) == message


def test_error_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(EngineError, match=r"a\.svg cannot be written: Is a directory\."):
        save(line, tmp_path / "a.svg")


def test_error_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "can_draw", lambda: False)
    with pytest.raises(EngineError) as error:
        save(line, tmp_path / "a.svg")
    assert str(error.value) == (
        "Plots need matplotlib, which is not installed. "
        "Install it with: pip install 'matplotlib>=3.9,<4'"
    )


@pytest.mark.engines
def test_nothing_else_needs_matplotlib() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import assistant.cli.bench, assistant.measuring.drawing, assistant.measuring.engines"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

"""``assistant wake report``: a day of scores, detections and near misses."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import clock
from assistant.cli.common import config_option, json_option, paths, settings
from assistant.errors import EngineError
from assistant.scorelog import ScoreLog

if TYPE_CHECKING:
    from rich.text import Text

    from assistant.measuring.proposals import Proposal
    from assistant.wake.moments import Minute, Moment

BLOCKS = " ▁▂▃▄▅▆▇█"
NEAR_MISSES_SHOWN = 10


@dataclass(frozen=True)
class Day:
    """What was noted of a day; detections are numbered from 1, as they came."""

    begin: datetime
    end: datetime
    minutes: Sequence[Minute]
    detections: Mapping[int, Moment]
    near_misses: Sequence[Moment]

    @property
    def moments(self) -> Sequence[Moment]:
        """Detections and near misses."""
        return (*self.near_misses, *self.detections.values())

    def moment(self, seconds: float) -> datetime:
        """A time of the log, here."""
        return datetime.fromtimestamp(seconds, self.begin.tzinfo)

    def hour(self, seconds: float) -> float:
        """The same in hours on the clock."""
        at = self.moment(seconds)
        return at.hour + at.minute / 60.0 + at.second / 3600.0


@click.command()
@config_option
@click.option(
    "--day", default="today", metavar="DAY", help="today, yesterday, or a date: 2026-03-01."
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw it as .png or .svg (needs matplotlib).",
)
@click.option("--mark", type=int, multiple=True, metavar="N", help="Detection N was a false alarm.")
@click.option("--unmark", type=int, multiple=True, metavar="N", help="Detection N was none.")
@json_option
def report(
    *,
    config: Path | None,
    day: str,
    plot: Path | None,
    mark: tuple[int, ...],
    unmark: tuple[int, ...],
    as_json: bool,
) -> None:
    """Show a day of the wake words: scores, detections, and what was nearly one.

    The running assistant notes them for a week (wake.log); numbers only. Detections marked as false
    alarms lead to a threshold that would have avoided them.

    \b
    assistant wake report
    assistant wake report --day yesterday --plot yesterday.png
    assistant wake report --mark 3 --mark 7
    """
    from assistant.measuring.proposals import from_marks

    if plot is not None:
        from assistant.measuring.drawing import check_plot

        check_plot(plot)
    chosen = _day_of(day)
    log = _find_log()
    try:
        shown, ids = _read(log, chosen)
        if mark or unmark:
            for numbers, marked in ((mark, True), (unmark, False)):
                log.mark([ids[_known(number, ids)] for number in numbers], marked=marked)
            shown, ids = _read(log, chosen)
        proposals = from_marks(log.moments(-math.inf, math.inf).values())
    finally:
        log.close()
    if as_json:
        click.echo(json.dumps(_plain(shown, proposals)))
    else:
        _print(shown, proposals, config)
    if plot is not None:
        from assistant.measuring.drawing import draw_day, save

        minutes = [(shown.hour(one.time), one.score) for one in shown.minutes]
        moments = [(shown.hour(one.time), one) for one in shown.moments]
        title = f"{shown.begin:%Y-%m-%d}"
        save(lambda figure: draw_day(figure, title, minutes, moments), plot)


def _find_log() -> ScoreLog:
    places = paths().score_logs
    for place in places:
        try:
            found = place.exists()
        except PermissionError:
            raise EngineError(
                f"{place} is another user's.", "Put sudo in front of the command."
            ) from None
        if found:
            return ScoreLog(place)
    raise EngineError(
        f"No wake scores have been noted yet: there is no {places[0]}.",
        "Start the assistant with wake.log: true, and look again after some minutes.",
    )


def _day_of(text: str) -> date:
    today = clock.now().date()
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"'{text}' is no day: today, yesterday, or a date like {today}.", param_hint="--day"
        ) from error


def _read(log: ScoreLog, day: date) -> tuple[Day, dict[int, int]]:
    """Read a day, and the log's id of each numbered detection."""
    begin, end = (
        datetime.combine(one, time(), clock.zone()) for one in (day, day + timedelta(days=1))
    )
    span = begin.timestamp(), end.timestamp()
    moments = log.moments(*span)
    found = [(number, one) for number, one in moments.items() if one.detected]
    numbered = dict(enumerate((one for _, one in found), start=1))
    near = [one for one in moments.values() if not one.detected]
    ids = dict(enumerate((number for number, _ in found), start=1))
    return Day(begin, end, log.minutes(*span), numbered, near), ids


def _known(number: int, ids: Mapping[int, int]) -> int:
    if number not in ids:
        count = f"{len(ids)} detection{'s' if len(ids) != 1 else ''}"
        raise click.UsageError(f"There is no detection {number}: the day has {count}.")
    return number


def _plain(day: Day, proposals: Sequence[Proposal]) -> dict[str, Any]:
    def moment(one: Moment) -> dict[str, Any]:
        return {
            "time": day.moment(one.time).isoformat(timespec="milliseconds"),
            "word": one.word,
            "score": round(one.score, 4),
            "threshold": one.threshold,
            "curve": one.curve,
        }

    return {
        "day": day.begin.date().isoformat(),
        "minutes": [
            {"time": day.moment(one.time).isoformat(), "score": round(one.score, 4)}
            for one in day.minutes
        ],
        "detections": [
            {"number": number, **moment(one), "marked": one.marked}
            for number, one in day.detections.items()
        ],
        "near_misses": [moment(one) for one in day.near_misses],
        "proposals": [
            {"word": one.word, "threshold": one.threshold, "sentence": one.sentence}
            for one in proposals
        ],
    }


def _print(day: Day, proposals: Sequence[Proposal], config: Path | None) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(f"[bold]{day.begin:%A, %Y-%m-%d}[/bold]")
    if not day.minutes and not day.detections and not day.near_misses:
        console.print("Nothing was noted.")
    else:
        console.print("          " + "".join(f":{ten}0       " for ten in range(6)), style="dim")
        for line in timeline(day):
            console.print(line)
        console.print(
            "A character is the highest score of a minute; green: a detection, red: one marked as "
            "a false alarm, yellow: nearly one.",
            style="dim",
        )
    for number, one in day.detections.items():
        marked = "  [red]false alarm[/red]" if one.marked else ""
        console.print(f"{number:>4}  {_told(day, one)}{marked}")
    near = sorted(day.near_misses, key=lambda one: -one.score / one.threshold)
    if near:
        misses = "1 near miss:" if len(near) == 1 else f"{len(near)} near misses; the nearest:"
        console.print(misses, style="bold")
    for one in near[:NEAR_MISSES_SHOWN]:
        console.print(f"      {_told(day, one)}")
    for proposal in proposals:
        console.print(proposal.sentence, style="bold", soft_wrap=True)
        if proposal.threshold is not None:
            several = proposal.word in settings(config).wake.words
            console.print(f"In the configuration:\n\n{proposal.configuration(several=several)}")


def _told(day: Day, one: Moment) -> str:
    curve = "".join(_block(score) for score in one.curve)
    return f"{day.moment(one.time):%H:%M:%S}  {one.word}  {one.score:.2f}  {curve}"


def timeline(day: Day) -> list[Text]:
    """A line for each hour with something in it, a character a minute."""
    from rich.text import Text

    scores: dict[datetime, float] = {}
    styles: dict[datetime, str] = {}
    for minute in day.minutes:
        scores[_minute_of(day, minute.time)] = minute.score
    for near in day.near_misses:
        styles[_minute_of(day, near.time)] = "yellow"
    for one in day.detections.values():
        styles[_minute_of(day, one.time)] = "bold red" if one.marked else "bold green"
    for moment in day.moments:  # the minute may not be over yet
        at = _minute_of(day, moment.time)
        scores[at] = max(scores.get(at, 0.0), moment.score)
    lines = []
    for hour in sorted({at.replace(minute=0) for at in scores}):
        line = Text(f"{hour:%H:%M}     ")
        for number in range(60):
            at = hour + timedelta(minutes=number)
            line.append(_block(scores.get(at, 0.0)), styles.get(at, ""))
        line.rstrip()
        lines.append(line)
    return lines


def _minute_of(day: Day, seconds: float) -> datetime:
    # Both passes of the hour that the clocks repeat in autumn are one line.
    return day.moment(seconds).replace(second=0, microsecond=0, fold=0)


def _block(score: float) -> str:
    """A score as a column of up to eight steps; what is below 0.005 is none."""
    return BLOCKS[min(8, math.ceil((score - 0.005) * 8.0))] if score >= 0.005 else BLOCKS[0]


COMMAND = report

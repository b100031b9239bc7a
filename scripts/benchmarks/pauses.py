"""``pauses``: whether somebody who stops to think within a command is cut off.

A pause after words that nothing can follow cannot be told from the end, so there is none of these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.engines import spoken_grammar
from assistant.ports import Grammar
from assistant.recognizers.grammar import PrefixStatus, prefix_status
from scripts.benchmarks import spoken, stock
from scripts.benchmarks.progress import track
from scripts.benchmarks.spoken import Half, Spoken
from scripts.benchmarks.tables import Report, Share, Table
from scripts.benchmarks.turn import RIGHT, Turn, figures, grouped, latencies, take_spoken

PLACES = {
    PrefixStatus.BEGINNING: "after a beginning",
    PrefixStatus.COMPLETE: "after a command that could go on",
}


@dataclass(frozen=True)
class Paused:
    """A command with a pause within, and what became of it."""

    said: Spoken
    place: PrefixStatus
    turn: Turn

    @property
    def cut_off(self) -> bool:
        """Whether the turn was ended before the last word was over."""
        return self.turn.waited_seconds < 0


def place_of(said: Spoken, grammar: Grammar) -> PrefixStatus:
    """What is before the pause. Raises ValueError where it could be the end."""
    place = prefix_status(grammar, said.before.split())
    if place not in PLACES:
        raise ValueError(f"a pause after '{said.before}' is no pause within a command")
    return place


def measure(half: Half = "test") -> Report:
    """Say every command with every pause."""
    pipeline, understanding = stock.load()
    grammar = spoken_grammar(understanding)
    saying = spoken.with_pauses(half)
    places = [place_of(said, grammar) for said in saying]
    heard = [
        Paused(said, place, take_spoken(pipeline, understanding, said))
        for said, place in track(
            zip(saying, places, strict=True), "commands with a pause", len(saying)
        )
    ]
    introduction = (
        f"{len(heard)} shipped commands, each with a pause within, said by synthetic voices "
        "(`scripts/benchmarks/spoken.py`, the half 'test': other commands and other voices than "
        "those on which the waiting times were decided), clean, in hum and in pink noise of 15 dB. "
        "A pause after words that nothing can follow cannot be told from the end, so there is none "
        "of these. After a whole command that could go on, the turn ends after "
        "`endpointing.end_silence_seconds`, and a longer pause is taken for the end."
    )
    groups = grouped([one.turn for one in heard if not one.cut_off], grammar)
    return Report(
        "pauses",
        "Pauses within a command",
        (introduction, _table(heard), "Latency of those that were not cut off:", latencies(groups)),
        {"places": _figures(heard), "not_cut_off": figures(groups)},
    )


def _by_pause(heard: Sequence[Paused]) -> dict[tuple[PrefixStatus, float], list[Paused]]:
    found: dict[tuple[PrefixStatus, float], list[Paused]] = {}
    for place in PLACES:
        for seconds in spoken.PAUSES_SECONDS:
            found[place, seconds] = [
                one for one in heard if (one.place, one.said.pause_seconds) == (place, seconds)
            ]
    return found


def _table(heard: Sequence[Paused]) -> Table:
    rows = [
        (f"{PLACES[place]}, {seconds} s", *_cells(group))
        for (place, seconds), group in _by_pause(heard).items()
    ]
    rows += [
        (f"{name}, all", *_cells([one for one in heard if one.place is place]))
        for place, name in PLACES.items()
    ]
    columns = ("pause", "commands", "cut off", "right", "wrong", "asked, rejected or no sentence")
    return Table(columns, tuple(rows))


def _cells(group: Sequence[Paused]) -> tuple[str, ...]:
    results = Counter(one.turn.result for one in group if not one.cut_off)
    unheard = results.total() - results[RIGHT] - results["wrong"]
    cut_off = sum(one.cut_off for one in group)
    counts = (len(group), cut_off, results[RIGHT], results["wrong"], unheard)
    return tuple(map(str, counts))


def _figures(heard: Sequence[Paused]) -> list[dict[str, Any]]:
    return [
        {
            "place": place.value,
            "pause_seconds": seconds,
            "cut_off": Share(sum(one.cut_off for one in group), len(group)).plain(),
            "right": sum(one.turn.result == RIGHT and not one.cut_off for one in group),
            "cut": [
                f"{one.said.before} | {one.said.after} ({one.said.voice}, {one.said.noise})"
                for one in group
                if one.cut_off
            ],
        }
        for (place, seconds), group in _by_pause(heard).items()
    ]

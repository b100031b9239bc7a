"""What ``recognizers`` heard, as tables, plots and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from assistant.config import Settings
from scripts.benchmarks import others
from scripts.benchmarks.calibration import (
    Bin,
    Level,
    Point,
    at,
    calibration_error,
    outcomes,
    reliability,
    roc,
    weights,
)
from scripts.benchmarks.coffee import COMMANDS, CUT_OFF, OWN_RECORDINGS, SINGLE_WORDS
from scripts.benchmarks.hearing import Heard
from scripts.benchmarks.plots import Plot, draw_reliability, draw_roc
from scripts.benchmarks.tables import Share, Table, percent, percentile

# From the highest down: what the assistant does from such a confidence on.
_RECOGNIZER = Settings().recognizer
LEVELS: tuple[Level, ...] = (
    Level("acted on", _RECOGNIZER.act_confidence),
    Level("asked for", _RECOGNIZER.ask_confidence),
)
ACT = LEVELS[0].minimum
RANKS = (1, 5, 25, 50, 75, 95, 99)
FALSE_ACCEPTANCES = (0.005, 0.01, 0.02, 0.05)
ROC_CONDITIONS = ("clean", "12 dB", "6 dB")
OTHER_SPEECH = {"other speech": (SINGLE_WORDS, others.EVERYDAY), "near commands": others.NEAR}
COMMANDS_PART = 0.75  # of what is said to the assistant; the rest is no command

ABOUT_OTHERS = (
    "What is no command of the coffee grammar, or of the shipped intents ('home'), and yet is a "
    "sentence of it to the recognizer. Synthesised sentences are spoken by espeak-ng and flite, "
    "all voices in turn; noise is the same kitchen:"
)
ABOUT_CUT_OFF = (
    "Orders that end too soon (a person stops, or the microphone does), after 50 to 70 % of their "
    "speech. Some are whole commands by then; of others the last word is completed. Those acted on "
    "are 'as the whole order' (every slot of it), 'a part of it' (nothing but slots of it), or "
    "'something else':"
)
ABOUT_ROC = (
    "ROC: commands that are right and accepted at so much false acceptance, over all thresholds "
    "(in brackets), both in the same noise. 'Other speech' is single words and everyday "
    "sentences, 'near commands' those with a word replaced or in another order; in brackets how "
    "many clips:"
)
ABOUT_RELIABILITY = (
    "Reliability: how often a sentence of such a confidence is right. Commands clean, at 12 and at "
    f"6 dB have {COMMANDS_PART:.0%} of the weight; each kind of other speech has an equal part of "
    "the rest. What gave no sentence is left out."
)

Groups: TypeAlias = Mapping[str, Sequence[Heard]]


def parts(coffee: Sequence[Heard], home: Sequence[Heard], name: str) -> list[str | Table | Plot]:
    """Everything about one recognizer."""
    commands, negatives = _commands(coffee), _negatives(coffee)
    bins = _reliability(coffee)
    curves = _curves(commands, negatives)
    plain = name.lower().replace(",", "").replace(" ", "-")
    return [
        _accepted(commands),
        ABOUT_OTHERS,
        _false_accepts({"coffee": negatives, "home": _negatives(home)}),
        ABOUT_CUT_OFF,
        _cut_off(_by_noise(coffee, CUT_OFF)),
        *_confidences(commands, negatives),
        ABOUT_ROC,
        _roc_table(curves),
        Plot(f"roc-{plain}", f"ROC, {name}", lambda figure: draw_roc(figure, curves)),
        f"{ABOUT_RELIABILITY} Expected calibration error: {calibration_error(bins):.3f}.",
        _reliability_table(bins),
        Plot(
            f"reliability-{plain}",
            f"Reliability, {name}",
            lambda figure: draw_reliability(figure, bins),
        ),
    ]


def figures(coffee: Sequence[Heard], home: Sequence[Heard]) -> dict[str, object]:
    """The same for JSON."""
    commands, negatives = _commands(coffee), _negatives(coffee)
    bins = _reliability(coffee)
    names = ("recognizer", "after_rejection", "wrong_not_rejected")
    return {
        "conditions": {
            name: {
                **{key: one.plain() for key, one in zip(names, _shares(group), strict=True)},
                **_plain_outcomes(group),
                "cpu_seconds_a_second": round(_cpu(group), 3),
            }
            for name, group in commands.items()
        },
        "no_command": {kind: _plain_negative(group) for kind, group in negatives.items()},
        "no_command_home": {
            kind: _plain_negative(group) for kind, group in _negatives(home).items()
        },
        "cut_off": {
            noise: _plain_negative(group)
            | {name: one.plain() for name, one in _cut_off_shares(group).items()}
            for noise, group in _by_noise(coffee, CUT_OFF).items()
        },
        "confidences": {
            name: {f"p{rank}": round(percentile(values, rank), 4) for rank in RANKS}
            for name, values in _groups(commands, negatives).items()
            if values
        },
        "roc": {
            name: {str(rate): vars(at(points, rate)) for rate in FALSE_ACCEPTANCES}
            for name, points in _curves(commands, negatives).items()
        },
        "reliability": [vars(one) for one in bins],
        "expected_calibration_error": calibration_error(bins),
    }


# --- groups ---------------------------------------------------------------------------------------


def _by_noise(heard: Sequence[Heard], kind: str) -> dict[str, list[Heard]]:
    found: dict[str, list[Heard]] = {}
    for one in heard:
        if one.clip.kind == kind:
            noise = one.clip.decibels
            found.setdefault("clean" if noise is None else f"{noise} dB", []).append(one)
    return found


def _commands(heard: Sequence[Heard]) -> dict[str, list[Heard]]:
    """The commands, by how much noise there is."""
    return _by_noise(heard, COMMANDS)


def _negatives(heard: Sequence[Heard]) -> dict[str, list[Heard]]:
    """What is no command of the grammar, by what it is and how much noise there is."""
    kinds = dict.fromkeys(one.clip.kind for one in heard if one.clip.label is None)
    return {
        _named(kind, noise): group
        for kind in kinds
        for noise, group in _by_noise(heard, kind).items()
    }


def _named(kind: str, noise: str) -> str:
    return kind if noise == "clean" else f"{kind}, {noise}"


def _curves(commands: Groups, negatives: Groups) -> dict[str, list[Point]]:
    """ROC by noise and by what the other speech is, where both are there."""
    found = {}
    for noise in ROC_CONDITIONS:
        for name, kinds in OTHER_SPEECH.items():
            speech = [one for kind in kinds for one in negatives.get(_named(kind, noise), ())]
            if speech and commands.get(noise):
                found[f"{noise}, {name} ({len(speech)})"] = roc(commands[noise], speech)
    return found


def weighed(
    heard: Sequence[Heard], at_home: Sequence[Heard] = ()
) -> tuple[list[Heard], list[float]]:
    """Commands and other speech, each with its weight in what is said to the assistant."""
    commands = list(chain.from_iterable(_commands(heard).get(one, ()) for one in ROC_CONDITIONS))
    others_of = {
        f"{number}, {kind}": group
        for number, of_grammar in enumerate((heard, at_home))
        for kind, group in _negatives(of_grammar).items()
        if not kind.startswith(OWN_RECORDINGS)
    }
    groups = {"commands": commands, **others_of}
    each = (1 - COMMANDS_PART) / max(1, len(others_of))
    weighted = weights(groups, {"commands": COMMANDS_PART} | dict.fromkeys(others_of, each))
    return list(chain.from_iterable(groups.values())), weighted


def _reliability(heard: Sequence[Heard]) -> list[Bin]:
    return reliability(*weighed(heard))


# --- tables ---------------------------------------------------------------------------------------


def _accepted(conditions: Groups) -> Table:
    rows = [
        (name, *(str(share) for share in _shares(group)), *_asked(group), f"{_cpu(group):.2f} s")
        for name, group in conditions.items()
    ]
    noisy = list(chain.from_iterable(list(conditions.values())[1:]))
    # No interval here: the same clips are in it seven times.
    shares = (percent(share.count / share.total) for share in _shares(noisy))
    rows.append(("all noise", *shares, *_asked(noisy), f"{_cpu(noisy):.2f} s"))
    columns = ("speech over noise", "recognizer alone", "after rejection", "wrong, not rejected")
    between = tuple(level.outcome for level in LEVELS[1:])
    return Table((*columns, *between, "CPU a second"), tuple(rows))


def _shares(group: Sequence[Heard]) -> tuple[Share, Share, Share]:
    return (
        Share(sum(one.right for one in group), len(group)),
        Share(sum(one.right and one.accepted(ACT) for one in group), len(group)),
        Share(sum(one.accepted(ACT) and not one.right for one in group), len(group)),
    )


def _asked(group: Sequence[Heard]) -> list[str]:
    """What is neither acted on nor rejected."""
    found = outcomes(group, LEVELS)
    return [percent(found[level.outcome].count / len(group)) for level in LEVELS[1:]]


def _cpu(group: Sequence[Heard]) -> float:
    return sum(one.cpu_seconds for one in group) / sum(one.audio_seconds for one in group)


def _false_accepts(grammars: Mapping[str, Groups]) -> Table:
    rows = [
        (kind, grammar, *_size(group), *_acceptances(group))
        for grammar, negatives in grammars.items()
        for kind, group in negatives.items()
    ]
    columns = ("no command of the grammar", "grammar", "clips", "minutes", "recognizer alone")
    return Table((*columns, *(level.outcome for level in LEVELS)), tuple(rows))


def _cut_off(conditions: Groups) -> Table:
    rows = []
    for noise, group in conditions.items():
        shares = _cut_off_shares(group).values()
        rows.append((noise, str(len(group)), *_acceptances(group), *(str(one) for one in shares)))
    columns = ("orders cut off", "clips", "recognizer alone", *(one.outcome for one in LEVELS))
    return Table((*columns, "as the whole order", "a part of it", "something else"), tuple(rows))


def _cut_off_shares(group: Sequence[Heard]) -> dict[str, Share]:
    """Of those that are acted on: as the whole order, a part of it, or something else."""
    acted = [one for one in group if one.accepted(ACT)]
    whole = [one for one in acted if one.right]
    part = [one for one in acted if not one.right and _is_part(one)]
    other = len(acted) - len(whole) - len(part)
    counts = {"whole": len(whole), "part": len(part), "other": other}
    return {name: Share(count, len(group)) for name, count in counts.items()}


def _is_part(heard: Heard) -> bool:
    label = heard.clip.label
    return (
        label is not None
        and heard.intent == label.intent
        and heard.slots.items() <= dict(label.slots).items()
    )


def _size(group: Sequence[Heard]) -> tuple[str, str]:
    return str(len(group)), f"{sum(one.audio_seconds for one in group) / 60:.1f}"


def _acceptances(group: Sequence[Heard]) -> list[str]:
    """Whatever gave a sentence, and what comes to each outcome but rejection."""
    found = outcomes(group, LEVELS)
    alone = Share(sum(one.said for one in group), len(group))
    return [str(alone), *(str(found[level.outcome]) for level in LEVELS)]


def _groups(commands: Groups, negatives: Groups) -> dict[str, list[float]]:
    """Confidences of what gave a sentence."""
    groups = {
        f"right, {name}": [one.confidence for one in commands.get(name, ()) if one.right]
        for name in ROC_CONDITIONS
    }
    every = chain.from_iterable(commands.values())
    groups["wrong, all"] = [one.confidence for one in every if one.said and not one.right]
    for kind, group in negatives.items():
        groups[kind] = [one.confidence for one in group if one.said]
    return groups


def _confidences(commands: Groups, negatives: Groups) -> tuple[str, Table]:
    rows = [
        (name, str(len(values)), *(f"{percentile(values, rank):.3f}" for rank in RANKS))
        for name, values in _groups(commands, negatives).items()
        if values
    ]
    columns = ("confidence", "sentences", *(f"p{rank}" for rank in RANKS))
    return "Confidence of what gave a sentence, by percentiles:", Table(columns, tuple(rows))


def _roc_table(curves: Mapping[str, Sequence[Point]]) -> Table:
    rows = []
    for name, points in curves.items():
        best = [at(points, rate) for rate in FALSE_ACCEPTANCES]
        rows.append((name, *(f"{percent(p.true_acceptance)} ({p.threshold:.4g})" for p in best)))
    columns = ("right and accepted (threshold) at", *(percent(rate) for rate in FALSE_ACCEPTANCES))
    return Table(columns, tuple(rows))


def _reliability_table(bins: Sequence[Bin]) -> Table:
    rows = [
        (
            f"{one.low:.2f} to {one.high:.2f}",
            str(one.count),
            percent(one.weight),
            f"{one.confidence:.3f}",
            f"{one.right:.3f}",
        )
        for one in bins
    ]
    return Table(("confidence", "sentences", "weight", "mean", "right"), tuple(rows))


def _plain_negative(group: Sequence[Heard]) -> dict[str, Any]:
    said = Share(sum(one.said for one in group), len(group))
    accepted = Share(sum(one.accepted(ACT) for one in group), len(group))
    plain = {"recognizer": said.plain(), "after_rejection": accepted.plain()}
    return plain | _plain_outcomes(group)


def _plain_outcomes(group: Sequence[Heard]) -> dict[str, Any]:
    return {"outcomes": {name: one.plain() for name, one in outcomes(group, LEVELS).items()}}

"""What networks can read of a text: a chart of all that was found, each thing once."""

from __future__ import annotations

from itertools import repeat
from typing import TypeAlias

from assistant.intents.gains import ANY_WORD, ANYTHING, LITERAL, Way, Words
from assistant.intents.network import Network, State, TooLargeError

MAXIMUM_SPOKEN = 200
"""Words of a text: nobody gives a longer command."""

MAXIMUM_EFFORT = 400_000
"""Of all readings of a text: half a second of a desktop computer, and 40 MB where all ways are as
good. The shipped sentences take up to 4,000, four of them, joined, up to 70,000."""

Via: TypeAlias = Network | bool | None
"""What reads words: a called network; a word of the template itself (True), or of a value (False);
or nothing (None), they are skipped."""

Step: TypeAlias = tuple[int, int, "Step | None", Via, "Step | None"]
"""The best way to a state: its gain and position, the step before (None at the start), and what
reads the words between. Last is another step to the state that is as good, if there is one."""

Reached: TypeAlias = dict[State, Step]


class Effort:
    """What understanding one text may cost, in places of networks looked at and ways from them.

    ``commands`` are words of the text that had to be a command, and whether they are.
    """

    def __init__(self, most: int = MAXIMUM_EFFORT) -> None:
        self.left = most
        self.commands: dict[Words, bool] = {}

    def spend(self, work: int) -> None:
        """Take some off. Raises TooLargeError when nothing is left."""
        self.left -= work
        if self.left < 0:
            raise TooLargeError


class Chart:
    """The readings of one text. ``skip`` are words that may be left out, wherever they are.

    All methods raise TooLargeError when the ``effort`` is not enough.
    """

    def __init__(
        self, words: Words, skip: tuple[Words, ...] = (), effort: Effort | None = None
    ) -> None:
        self.words = words
        self.skipping = bool(skip)
        self.effort = effort or Effort()
        self.skipped: list[list[int]] = []
        if skip:
            self.effort.spend(len(skip))
            phrases, lengths = set(skip), {len(one) for one in skip}
            self.skipped = [
                [index + n for n in lengths if words[index : index + n] in phrases]
                for index in range(len(words))
            ]
        self._ways: dict[tuple[Network, int], dict[int, Way]] = {}
        self._ends: dict[tuple[Network, int], dict[int, Reached]] = {}

    def whole(self, network: Network) -> list[Way]:
        """All entries of a network that can read the whole text, the best first."""
        reached = self.ends(network, 0).get(len(self.words), {})
        if len(reached) == 1:
            [(state, step)] = reached.items()
            return list(zip(repeat(-step[0]), state.owners, strict=False))
        best: dict[int, int] = {}
        for state, step in reached.items():
            for owner in state.owners:
                best[owner] = min(-step[0], best.get(owner, -step[0]))
        return sorted((lost, owner) for owner, lost in best.items())

    def ways(self, network: Network, begin: int) -> dict[int, Way]:
        """The best way to each position that a network can read up to from ``begin``."""
        known = self._ways.get((network, begin))
        if known is not None:
            return known
        ways: dict[int, Way] = {}
        words, phrases = self.words, network.phrases
        if phrases is not None and not self.skipping:
            for length in phrases.lengths.get(words[begin], ()):
                way = phrases.ways.get(words[begin : begin + length])
                if way is not None and begin + length <= len(words):
                    ways[begin + length] = way
        elif network.takes_anything:
            ways = {
                end: (ANYTHING + ANY_WORD * (end - begin), 0)
                for end in range(begin + 1, len(words) + 1)
            }
        else:
            value, bonus = network.lost, network.word_gain
            for end, found in self.ends(network, begin).items():
                lost = value - bonus * (end - begin)
                ways[end] = min(
                    (lost - step[0], state.owners[0])
                    for state, step in found.items()
                    if state.owners
                )
        self._ways[network, begin] = ways
        return ways

    def ends(self, network: Network, begin: int) -> dict[int, Reached]:  # noqa: PLR0912
        """The states reached where entries can end, by position; in some of them none does.

        Half of the time of matching is spent here, so what happens at each word is in line.
        """
        known = self._ends.get((network, begin))
        if known is not None:
            return known
        ends: dict[int, Reached] = {}
        skipping, effort = self.skipping, self.effort
        here: Reached = {network.start: (0, begin, None, None, None)}
        later: dict[int, Reached] = {}
        position = begin
        for word in self.words[begin:]:
            before = position
            position += 1
            onward = later.pop(position, {}) if later else {}
            if len(here) != 1:
                effort.spend(len(here) - 1)  # for one state it is spent below, for all words
            for state, step in here.items():
                if not state.known:
                    network.work_out(state)
                if state.owners:
                    ends[before] = here
                if (target := state.literal.get(word)) is not None:
                    after: Step = step[0] + LITERAL, position, step, True, None
                    if onward:
                        _reach(onward, target, after)
                    else:
                        onward[target] = after
                if state.read or skipping:
                    self._read_or_skip(state, step, onward, later)
                for called, target, begins in state.calls:
                    if word in begins or skipping or not begins:
                        ways = self.ways(called, before)
                        effort.spend(len(ways) + 1)
                        for end, (lost, _) in ways.items():
                            after = step[0] - lost, end, step, called, None
                            reached = onward if end == position else later.setdefault(end, {})
                            if reached:
                                _reach(reached, target, after)
                            else:
                                reached[target] = after
            here = onward
            if not here and not later:
                break
        if any(state.owners for state in here):
            ends[position] = here
        ends.pop(begin, None)  # nothing is read there
        effort.spend(2 * (position - begin))
        self._ends[network, begin] = ends
        return ends

    def _read_or_skip(
        self, state: State, step: Step, onward: Reached, later: dict[int, Reached]
    ) -> None:
        """Add the state after a word of a value, and the same state after words left out."""
        gain, begin, *_ = step
        if (target := state.read.get(self.words[begin])) is not None:
            _reach(onward, target, (gain, begin + 1, step, False, None))
        if self.skipping:
            for end in self.skipped[begin]:
                reached = onward if end == begin + 1 else later.setdefault(end, {})
                _reach(reached, state, (gain, end, step, None, None))


def _reach(reached: Reached, state: State, step: Step) -> None:
    known = reached.setdefault(state, step)
    if known is step:
        return
    if known[0] < step[0]:
        reached[state] = step
    elif known[0] == step[0]:
        reached[state] = (*step[:4], known)

"""What networks can read of a text: a chart of all that was found, each thing once.

A way to read something has a gain, one whole number that compares as (fewer slots that take any
words, more words of preferred lists, more words of the template itself, fewer words for slots that
take any, fewer values): each counts in units that the lesser ones together cannot reach.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from assistant.intents.network import Network, State, TooLargeError

MAXIMUM_SPOKEN = 200
"""Words of a text: nobody gives a longer command."""

MAXIMUM_EFFORT = 400_000
"""Of all readings of a text: half a second of a desktop computer, and 40 MB where all ways are as
good. Four of the shipped sentences, joined, take up to 3,000."""

_VALUE = 1
_ANY_WORD = 1 << 10
_LITERAL = 1 << 20
_PREFERRED = 1 << 30
_ANYTHING = 1 << 40
Words: TypeAlias = tuple[str, ...]


class Counts(NamedTuple):
    """What a gain counts, the weightiest first."""

    free_slots: int
    preferred_words: int
    own_words: int
    free_words: int
    values: int

    @classmethod
    def of(cls, minus_gain: int) -> Counts:
        """Take the gain of a way apart."""
        rest, values = divmod(minus_gain, _ANY_WORD)
        rest, free_words = divmod(rest, _LITERAL // _ANY_WORD)
        rest, own_words = divmod(-rest, _PREFERRED // _LITERAL)
        rest, preferred_words = divmod(rest, _ANYTHING // _PREFERRED)
        return cls(-rest, preferred_words, own_words, free_words, values)


Way: TypeAlias = tuple[int, int]
"""How a network can be read: minus the gain, and the entry. The least is the best."""

Via: TypeAlias = Network | bool | None
"""What reads words: a called network; a word of the template itself (True), or of a value (False);
or nothing (None), they are skipped."""

Step: TypeAlias = tuple[int, int, "Step | None", Via, "Step | None"]
"""The best way to a state: its gain and position, the step before (None at the start), and what
reads the words between. Last is another step to the state that is as good, if there is one."""

Reached: TypeAlias = dict[State, Step]


class Effort:
    """What understanding one text may cost, in places of networks looked at and ways from them."""

    def __init__(self, most: int = MAXIMUM_EFFORT) -> None:
        self.left = most

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
        ways = [(-step[0], owner) for state, step in reached.items() for owner in state.owners]
        if len(reached) == 1:
            return ways
        best: dict[int, int] = {}
        for lost, owner in ways:
            best[owner] = min(lost, best.get(owner, lost))
        return sorted((lost, owner) for owner, lost in best.items())

    def ways(self, network: Network, begin: int) -> dict[int, Way]:
        """The best way to each position that a network can read up to from ``begin``."""
        known = self._ways.get((network, begin))
        if known is not None:
            return known
        ways: dict[int, Way] = {}
        if network.takes_anything:
            ways = {
                end: (_ANYTHING + _ANY_WORD * (end - begin), 0)
                for end in range(begin + 1, len(self.words) + 1)
            }
        elif network.plain and not self.skipping:
            ways = self._plain_ways(network, begin)
        else:
            bonus = _PREFERRED if network.preferred else 0
            value = _VALUE if network.values else 0
            for end, found in self.ends(network, begin).items():
                lost = value - bonus * (end - begin)
                ways[end] = min(
                    (lost - step[0], state.owners[0])
                    for state, step in found.items()
                    if state.owners
                )
        self._ways[network, begin] = ways
        return ways

    def _plain_ways(self, network: Network, begin: int) -> dict[int, Way]:
        """The ways of a network of words only, which is in one state at a time."""
        ways: dict[int, Way] = {}
        minus_gain = _VALUE if network.values else 0
        preferred = _PREFERRED if network.preferred else 0
        state = network.start
        for position in range(begin, len(self.words)):
            if not state.known:
                network.work_out(state)
            word = self.words[position]
            own = state.literal.get(word)
            onward = own or state.read.get(word)
            if onward is None:
                break
            state = onward
            minus_gain -= preferred + _LITERAL if own else preferred
            if state.owners:
                ways[position + 1] = minus_gain, state.owners[0]
        return ways

    def ends(self, network: Network, begin: int) -> dict[int, Reached]:
        """The states reached where entries can end, by position; in some of them none does."""
        known = self._ends.get((network, begin))
        if known is not None:
            return known
        ends: dict[int, Reached] = {}
        words, skipping, effort = self.words, self.skipping, self.effort
        here: Reached = {network.start: (0, begin, None, None, None)}
        later: dict[int, Reached] = {}
        position = begin
        while position < len(words) and (here or later):
            word = words[position]
            position += 1
            onward = later.pop(position, {}) if later else {}
            effort.left -= len(here) + 1  # as ``spend`` does, which would be a tenth of the time
            if effort.left < 0:
                raise TooLargeError
            for state, step in here.items():
                if not state.known:
                    network.work_out(state)
                if (target := state.literal.get(word)) is not None:
                    _reach(onward, target, (step[0] + _LITERAL, position, step, True, None))
                if state.read and (target := state.read.get(word)) is not None:
                    _reach(onward, target, (step[0], position, step, False, None))
                for called, after in state.calls:
                    if word in called.begins or skipping or not called.begins:
                        self._call(called, after, step, onward, later)
                if skipping:
                    self._skip(state, step, onward, later)
            for state in onward:
                if state.owners:
                    ends[position] = onward
                    break
            here = onward
        self._ends[network, begin] = ends
        return ends

    def _call(
        self, called: Network, after: State, step: Step, onward: Reached, later: dict[int, Reached]
    ) -> None:
        """Add the state after a call, at each position that it can read up to."""
        gain, begin, *_ = step
        ways = self.ways(called, begin)
        self.effort.spend(len(ways) + 1)
        for end, (lost, _) in ways.items():
            reached = onward if end == begin + 1 else later.setdefault(end, {})
            _reach(reached, after, (gain - lost, end, step, called, None))

    def _skip(self, state: State, step: Step, onward: Reached, later: dict[int, Reached]) -> None:
        """Add the same state after words that may be left out."""
        gain, begin, *_ = step
        for end in self.skipped[begin]:
            reached = onward if end == begin + 1 else later.setdefault(end, {})
            _reach(reached, state, (gain, end, step, None, None))


def _reach(reached: Reached, state: State, step: Step) -> None:
    known = reached.get(state)
    if known is None or known[0] < step[0]:
        reached[state] = step
    elif known[0] == step[0]:
        reached[state] = (*step[:4], known)

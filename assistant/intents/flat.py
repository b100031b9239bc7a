"""The graph without calls, for those who need every sentence: recognizers' grammars and overlaps.

Sentences that take any words cannot be written out, and lead nowhere here, unless there is a word
to stand for any words.

A state is a state of a network with the way back to the callers, and is numbered when it is
reached. Nothing of this is kept with the graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.intents.network import Caller, Network, Node, Role, State, TooLargeError

# Nodes and arcs. A million written-out words (see ``matcher``) of sentences that somebody says have
# as many.
MAXIMUM_SIZE = 1_500_000


def written_out(entry: Node, known: dict[Network, int]) -> int:
    """The number of words of an entry with all that it calls in their place, without doing so.

    ``known`` holds the numbers of the networks met, and is added to.
    """
    words, seen, waiting = 0, {entry}, [entry]
    while waiting:
        for label, target, *_ in waiting.pop().arcs:
            if isinstance(label, Caller):
                network = label.network
                if network.role is Role.ANYTHING:
                    continue  # it cannot be written out: the sentence ends nowhere
                if network not in known:
                    known[network] = sum(written_out(one, known) for one in network.entries)
                words += known[network]
            else:
                words += 1
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return words


def takes_any_words(entry: Node, known: dict[Network, bool]) -> bool:
    """Whether an entry, or what it calls, takes any words. ``known`` is added to, as above."""
    seen, waiting = {entry}, [entry]
    while waiting:
        for label, target, *_ in waiting.pop().arcs:
            if isinstance(label, Caller):
                network = label.network
                if network not in known:
                    known[network] = _is_any_words(network) or any(
                        takes_any_words(one, known) for one in network.entries
                    )
                if known[network]:
                    return True
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False


def _is_any_words(network: Network) -> bool:
    """Whether it stands for any words that are heard: not for a command, which is known."""
    return network.role is Role.ANYTHING and not network.commands


class FlatGraph:
    """A non-deterministic acceptor of words. ``final`` holds the final ones of the known states.

    Any use of it raises TooLargeError when the states known stand for more than ``most`` nodes and
    arcs. With ``values_apart`` the ends of the values of a list stay states of their own.
    ``any_words`` is a word that stands for any words.
    """

    def __init__(
        self,
        network: Network,
        most: int = MAXIMUM_SIZE,
        *,
        values_apart: bool = False,
        any_words: str = "",
    ) -> None:
        self.network = network
        self.final: set[int] = set()
        self._most = most
        self._values_apart = values_apart
        self._any_words = any_words
        self._size = 0
        self._numbers: dict[tuple[Network, State, int], int] = {}
        self._states: list[tuple[Network, State, int]] = []
        self._targets: dict[int, dict[str, tuple[int, ...]]] = {}
        self.start = self._number(network, network.start, -1)

    def targets(self, number: int) -> Mapping[str, tuple[int, ...]]:
        """Where words lead from a state."""
        known = self._targets.get(number)
        _, state, back = self._states[number]
        if known is None and back >= 0 and _only_ends(state):
            return self.targets(back)
        if known is None:
            found: dict[str, set[int]] = {}
            self._collect(number, found)
            known = {word: tuple(sorted(to)) for word, to in found.items()}
            self._targets[number] = known
            self._size += len(known)
        return known

    def owners(self, number: int) -> tuple[int, ...]:
        """The sentences that may end in a state."""
        network, state, back = self._states[number]
        if back < 0 or not self._ends(network, state):
            return state.owners
        return self.owners(back)

    def _ends(self, network: Network, state: State) -> bool:
        """Whether what was called may end here. A call reads a word at least."""
        return bool(state.owners) and state is not network.start

    def _collect(self, number: int, targets: dict[str, set[int]]) -> None:
        """Add the words of a state, of the networks it calls, and of its callers if it may end."""
        network, state, back = self._states[number]
        if not state.known:
            network.work_out(state)
        for words in (state.literal, state.read):
            for word, target in words.items():
                targets.setdefault(word, set()).add(self._number(network, target, back))
        for called, after, _ in state.calls:
            if called.role is Role.ANYTHING:
                if self._any_words and _is_any_words(called):
                    onward = self._number(network, after, back)
                    targets.setdefault(self._any_words, set()).add(onward)
                continue
            inner = self._number(called, called.start, self._number(network, after, back))
            self._collect(inner, targets)
        if back >= 0 and self._ends(network, state):
            for word, to in self.targets(back).items():
                targets.setdefault(word, set()).update(to)

    def _number(self, network: Network, state: State, back: int) -> int:
        """The number of a state with the number of the state that follows its network's end."""
        if back >= 0 and not self._values_apart and _only_ends(state):
            return back
        key = network, state, back
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._states)
            self._states.append(key)
            self._size += len(state.nodes)
            if self._size > self._most:
                raise TooLargeError
            if self.owners(number):
                self.final.add(number)
        return number


def _only_ends(state: State) -> bool:
    """Whether what was called must end here, so that the caller goes on."""
    return bool(state.owners) and not any(node.arcs for node in state.nodes)

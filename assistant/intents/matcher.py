"""Match a text to an intent, in two steps.

First the merged networks tell which sentences it can be: all sentences together in one pass, a
called network once for each place where it is called (``chart``). Then the steps that led to the
best of those sentences tell how its words are read (``parts``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from assistant.errors import IntentError, Problem
from assistant.intents.acceptor import MAXIMUM_SIZE, Arcs, minimise
from assistant.intents.chart import MAXIMUM_SPOKEN, Chart, Effort
from assistant.intents.circumstances import ANYWHERE, Circumstances
from assistant.intents.filling import UnfitError, fill, outside_of_slots
from assistant.intents.flat import FlatGraph, takes_any_words, written_out
from assistant.intents.gains import Way
from assistant.intents.graph import Sentence, build_graph
from assistant.intents.model import IntentSet
from assistant.intents.network import Network, Node, TooLargeError
from assistant.intents.parts import Called, Part, parts_of
from assistant.intents.said import Said, said
from assistant.turn import Match

# Lists and rules written out where they are used. 2,000 templates with lists of 100 names are some
# 600,000 words, which take a desktop computer 7 s; matching needs none of it and has no such limit.
MAXIMUM_WORDS = 1_000_000
FILLING = 20
"""What it takes to fill the slots of a sentence, as effort: as long as so many steps of a chart."""

MAXIMUM_TOGETHER = 4
"""Commands in one sentence: nobody keeps more in mind."""


class Candidate(NamedTuple):
    """A sentence that fits the words: what it means, or why it cannot be meant.

    ``parts`` are how it reads the words, and ``minus_gain`` what that loses (see ``chart``).
    ``lent`` is how many of the words are those of the command before: turn on the fan and the lamp.
    With ``skipping``, the words that are in no part were left out.
    """

    sentence: Sentence
    words: Said
    parts: tuple[Part, ...]
    minus_gain: int
    matches: tuple[Match, ...] = ()
    unfit: str = ""
    lent: int = 0
    skipping: bool = False


@dataclass(frozen=True)
class IntentGraph:
    """Matches texts, and knows the grammar of what can be said."""

    language: str
    network: Network
    sentences: tuple[Sentence, ...]
    skip_words: tuple[tuple[str, ...], ...]
    joining: tuple[tuple[str, ...], ...] = ()

    def match(self, text: str, where: Circumstances | None = None) -> Match | None:
        """Find what a text means, the first command of it; None when it is no sentence."""
        commands = self.commands(text, where)
        return commands[0].matches[0] if commands else None

    def understand(
        self, text: str, where: Circumstances | None = None, effort: Effort | None = None
    ) -> tuple[Match, ...]:
        """Find all commands that a text gives, in order; none when it is no sentence.

        Of several readings that with the fewest slots for any words wins, then the one with the
        most words of preferred lists, then of the template itself, then the earlier template. Skip
        words are left out only when the text does not match with them. A text that takes more than
        the ``effort`` (see ``chart``) is no sentence.
        """
        commands = self.commands(text, where, effort)
        return tuple(match for one in commands for match in one.matches)

    def commands(
        self,
        text: str | Said,
        where: Circumstances | None = None,
        effort: Effort | None = None,
    ) -> tuple[Candidate, ...]:
        """Find the sentences that a text consists of, in order; none when it is no sentence."""
        words = said(text, self.language) if isinstance(text, str) else text
        if not words.words or len(words.words) > MAXIMUM_SPOKEN:
            return ()
        try:
            return self._commands(words, where or ANYWHERE, effort or Effort(), MAXIMUM_TOGETHER)
        except TooLargeError:
            return ()

    def candidates(
        self,
        text: str | Said,
        where: Circumstances | None = None,
        effort: Effort | None = None,
    ) -> list[Candidate]:
        """All sentences that fit the whole text, the best first, also those that are not meant.

        Those that fit without the skip words come last, and only where no other is meant. What
        takes more than the ``effort`` is left out.
        """
        words = said(text, self.language) if isinstance(text, str) else text
        found: list[Candidate] = []
        if not words.words or len(words.words) > MAXIMUM_SPOKEN:
            return found
        where, effort = where or ANYWHERE, effort or Effort()
        with suppress(TooLargeError):
            found.extend(self._candidates(words, (), where, effort))
            if any(one.matches for one in found) or not self.skip_words:
                return found
            known = {id(one.sentence) for one in found}
            skipped = self._candidates(words, self.skip_words, where, effort)
            found.extend(one for one in skipped if id(one.sentence) not in known)
        return found

    def acceptor(self, intents: Collection[str] | None = None) -> tuple[Arcs, frozenset[int]]:
        """Minimal deterministic acceptor of all sentences, or of those of some intents.

        Sentences that take any words are not in it, nor those that are not to be heard. Raises
        IntentError when it would be too large.
        """
        known: dict[Network, int] = {}
        chosen = self._of(intents)
        sizes = [written_out(entry, known) for entry, _ in chosen]
        if sum(sizes) > MAXIMUM_WORDS:
            raise IntentError([_too_large(sizes, [sentence for _, sentence in chosen])])
        whole = len(chosen) == len(self.sentences)
        return _minimised(self.network if whole else None, chosen)

    def open_acceptor(
        self, any_words: str, intents: Collection[str] | None = None
    ) -> tuple[Arcs, frozenset[int]]:
        """The same of the sentences that take any words, for which the word ``any_words`` stands.

        It has no arcs where there are no such sentences.
        """
        known: dict[Network, bool] = {}
        chosen = [one for one in self._of(intents) if takes_any_words(one[0], known)]
        return _minimised(None, chosen, any_words)

    def _of(self, intents: Collection[str] | None) -> list[tuple[Node, Sentence]]:
        """The sentences of some intents, or of all of them, that are to be heard."""
        return [
            (entry, sentence)
            for entry, sentence in zip(self.network.entries, self.sentences, strict=True)
            if sentence.block.heard and (intents is None or sentence.intent in intents)
        ]

    def _commands(
        self, words: Said, where: Circumstances, effort: Effort, most: int
    ) -> tuple[Candidate, ...]:
        """One sentence, or several joined; what one names, the next ones know."""
        if whole := self._sentence(words, where, effort):
            return (whole,)
        for begin, end in self.joints(words) if most > 1 else ():
            first = self._sentence(words.part(0, begin), where, effort)
            if first is None:
                continue
            after = where.after(first.matches)
            rest = self._commands(words.part(end), after, effort, most - 1)
            if not rest and (second := self._shortened(first, words.part(end), after, effort)):
                rest = (second,)
            if rest:
                return (first, *rest)
        return ()

    def _sentence(self, words: Said, where: Circumstances, effort: Effort) -> Candidate | None:
        for skip in ((), self.skip_words) if self.skip_words else ((),):
            chart = Chart(words.words, skip, effort)
            for way in chart.whole(self.network):
                one = self._candidate(chart, way, words, where)
                if one.matches:
                    return one
        return None

    def _shortened(
        self, first: Candidate, words: Said, where: Circumstances, effort: Effort
    ) -> Candidate | None:
        """The second of "turn on the fan and the lamp": it begins as the first, by its template."""
        for kept in range(len(first.words.words) - 1, 0, -1):
            said_before = first.words.words[:kept]
            for one in self._candidates(words.after(said_before), (), where, effort):
                if one.matches and one.sentence is first.sentence and _names_another(first, one):
                    return one._replace(lent=kept)
        return None

    def joints(self, words: Said) -> Iterator[tuple[int, int]]:
        """Where words that join commands begin and end; the longest of those at one place first."""
        for begin in range(1, len(words.words)):
            ends = {
                begin + len(one)
                for one in self.joining
                if words.words[begin : begin + len(one)] == one
            }
            for end in sorted(ends, reverse=True):
                if end < len(words.words):
                    yield begin, end

    def _candidates(
        self,
        words: Said,
        skip: tuple[tuple[str, ...], ...],
        where: Circumstances,
        effort: Effort,
    ) -> Iterator[Candidate]:
        """Raises TooLargeError when the effort is not enough."""
        chart = Chart(words.words, skip, effort)
        for way in chart.whole(self.network):
            yield self._candidate(chart, way, words, where)

    def _candidate(self, chart: Chart, way: Way, words: Said, where: Circumstances) -> Candidate:
        minus_gain, owner = way
        chart.effort.spend(FILLING)
        sentence = self.sentences[owner]
        parts = parts_of(chart, self.network, owner, 0, len(words.words))
        try:
            commands, metadata = fill(sentence, parts, words, where)
            self._check_commands(parts, words, where, chart.effort)
        except UnfitError as error:
            return Candidate(sentence, words, parts, minus_gain, unfit=str(error))
        intent, written, place = sentence.intent, sentence.written, sentence.place
        text = " ".join(words.words)
        matches = [
            Match(intent, slots, text, written, place, owner, metadata) for slots in commands
        ]
        return Candidate(sentence, words, parts, minus_gain, tuple(matches), "", 0, chart.skipping)

    def _check_commands(
        self, parts: Iterable[Part], words: Said, where: Circumstances, effort: Effort
    ) -> None:
        """See that the words of ``{command}`` are one. Raises UnfitError, TooLargeError.

        A time that stands first is that of two commands, one that comes last only of the last.
        """
        for part in outside_of_slots(parts):
            if not isinstance(part, Called) or not part.network.commands:
                continue
            command = words.part(part.begin, part.end)
            known = effort.commands.get(command.words)
            if known is None and not where.for_later:
                most = 2 if part.begin else 1
                known = bool(self._commands(command, where.later, effort, most))
                effort.commands[command.words] = known
            if where.for_later or not known:
                raise UnfitError(f"'{' '.join(command.words)}' is no command")


def _names_another(first: Candidate, second: Candidate) -> bool:
    """Whether something else is named, and not just another number: 101 is not 100 and then 1."""
    before, after = first.matches[-1].values(), second.matches[0].values()
    return any(
        isinstance(value, str) and before.get(name) != value for name, value in after.items()
    )


def compile_intents(intent_set: IntentSet) -> IntentGraph:
    """Compile intents for matching. Raises IntentError when the graph would be too large."""
    network, sentences = build_graph(intent_set)
    joining = intent_set.connectives.joining
    return IntentGraph(intent_set.language, network, sentences, intent_set.skip_words, joining)


def _minimised(
    network: Network | None, sentences: list[tuple[Node, Sentence]], any_words: str = ""
) -> tuple[Arcs, frozenset[int]]:
    """The acceptor of these sentences, which are those of the network where there is one."""
    if network is None:
        network = Network([entry for entry, _ in sentences])
    flat = FlatGraph(network, any_words=any_words)
    try:
        return minimise([flat.start], flat.targets, flat.final)
    except TooLargeError:
        raise IntentError([_too_intricate(sentences, any_words)]) from None


def _too_intricate(sentences: list[tuple[Node, Sentence]], any_words: str) -> Problem:
    """Name the first sentence that is too large by itself, be it a hundredth of the limit."""
    culprit = sentences[0][1]
    for entry, sentence in sentences:
        flat = FlatGraph(Network([entry]), MAXIMUM_SIZE // 100, any_words=any_words)
        try:
            minimise([flat.start], flat.targets, flat.final, MAXIMUM_SIZE // 100)
        except TooLargeError:
            culprit = sentence
            break
    return Problem(
        "the sentences to listen for can go on in too many ways, this one in most",
        culprit.template.source.place,
        "use fewer alternatives and fewer optional words beside each other",
    )


def _too_large(sizes: list[int], sentences: list[Sentence]) -> Problem:
    most = max(sizes)
    return Problem(
        f"all sentences together are {sum(sizes):,} words to listen for; at most "
        f"{MAXIMUM_WORDS:,} are possible, and this one needs the most: {most:,}",
        sentences[sizes.index(most)].template.source.place,
        "use fewer or shorter lists",
    )

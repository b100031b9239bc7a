"""What can be answered to a question for a slot, as intents of their own.

They are compiled only when the question is asked. What is heard then is little, so it is heard the
better: the answers, the command said over with the slot in it, and what ends a conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.intents.model import (
    Ask,
    Block,
    Intent,
    IntentSet,
    ListValue,
    SlotList,
    Template,
)
from assistant.intents.scope import Scope
from assistant.intents.template import (
    NOTHING,
    Choice,
    ListReference,
    Part,
    Sequence,
    Words,
    fillers,
)
from assistant.turn import Gap
from assistant.yamlsource import Text

CHOICES = "choices"
DIGITS = "pin_digit"


def ask_of(intent: Intent, slot: str) -> Ask | None:
    """Return what the intent says of a question for this slot."""
    return next((one for one in intent.ask if one.slot.text == slot), None)


def answers_to(intents: IntentSet, gap: Gap) -> IntentSet:
    """Return the intents that a gap's question can be answered with: one of the same name."""
    intent = intents.intents[gap.match.intent]
    ask = ask_of(intent, gap.slot)
    if gap.choices:
        blocks = [_choices(intents, gap, intent)]
    elif ask is not None and ask.answers:
        outer = intent.blocks[0]
        blocks = [Block(ask.answers, lists=outer.lists, rules=outer.rules)]
    else:
        blocks = list(_fillings(intents, intent, gap.slot))
    return replace(intents, intents={intent.name: replace(intent, blocks=tuple(blocks))})


def digits(intents: IntentSet, number_of_digits: int) -> IntentSet:
    """Return the intent of saying a number digit by digit, in the slots d1, d2 and so on."""
    place = next(iter(intents.intents.values())).place
    parts: list[Part] = []
    for number in range(1, number_of_digits + 1):
        parts += [Words(" "), ListReference(DIGITS, f"d{number}", 0)]
    template = Template(Text("", place), Sequence(tuple(parts[1:])))
    values = tuple(ListValue(Words(str(number)), number) for number in range(10))
    intent = Intent(DIGITS, (Block((template,)),), None, {}, "", (), place)
    lists = {**intents.lists, DIGITS: SlotList(DIGITS, values, place)}
    return replace(intents, intents={DIGITS: intent}, lists=lists)


def _fillings(intents: IntentSet, intent: Intent, slot: str) -> Iterator[Block]:
    """The ways in which sentences of the intent fill a slot, each once, after an article."""
    articles = [Words(f"{' '.join(words)} ") for words in intents.connectives.articles]
    article = Choice((*articles, NOTHING))
    known: set[Part] = set()
    for block in intent.blocks:
        scope = Scope(intents.lists, intents.rules, intents.types.types)
        scope = scope.within(block.lists, block.rules)
        templates = []
        for sentence in block.sentences:
            for one in fillers(sentence.tree, slot, scope.trees):
                key = replace(one, offset=0)
                if key not in known:
                    known.add(key)
                    templates.append(Template(sentence.source, Sequence((article, one))))
        if templates:
            yield replace(block, sentences=tuple(templates), heard=True)


def _choices(intents: IntentSet, gap: Gap, intent: Intent) -> Block:
    """The names of what there is to choose from, each also by the words that only it has."""
    articles = [Words(f"{' '.join(words)} ") for words in intents.connectives.articles]
    options: list[ListValue] = []
    names = [slot.text.split() for slot in gap.choices]
    for number, slot in enumerate(gap.choices):
        others = {word for other, name in enumerate(names) if other != number for word in name}
        own = [word for word in names[number] if word not in others]
        short = dict.fromkeys((" ".join(own), *own))
        ones = [f"{way} {' '.join(one)}" for way in short for one in intents.connectives.ones]
        ways = (" ".join(names[number]), *(way for way in (*short, *ones) if own))
        options.append(ListValue(Choice(tuple(map(Words, ways))), slot.value))
    place = intent.place
    listed = SlotList(CHOICES, tuple(options), place)
    reference = ListReference(CHOICES, gap.slot, 0)
    tree = Sequence((Choice((*articles, NOTHING)), reference))
    source = Text(f"{{{CHOICES}:{gap.slot}}}", place)
    return Block((Template(source, tree),), lists={CHOICES: listed})

"""Checks across all files: names that are nothing's, sentences that cannot be, holes in replies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from assistant.errors import Problem
from assistant.intents.builtins import RESPONSES, Delivered, Outcomes
from assistant.intents.kinds import KINDS
from assistant.intents.model import (
    Block,
    BuiltinCall,
    Intent,
    IntentSet,
    Types,
    placeholders,
)
from assistant.intents.reading import MAXIMUM_MISTAKES
from assistant.intents.scope import Facts, Scope, used_names
from assistant.intents.skillcalls import SkillCall
from assistant.intents.steps import Step, Steps
from assistant.intents.undoing import undo_problems
from assistant.speech import templates
from assistant.yamlsource import Text, did_you_mean

# Of lists and rules, counted again for each block that has some of its own: a household of two
# hundred such blocks and four hundred names is a tenth of it.
MAXIMUM_NAMES = 1_000_000
_PLACEHOLDER_OR_BRACE = re.compile(r"\{\w+\}|[{}]")


def check(intent_set: IntentSet, builtin_actions: Mapping[str, Outcomes]) -> Iterator[Problem]:
    """All problems of a set, in the order of the checks."""
    if problem := _too_many_names(intent_set):
        yield problem
        return
    scope = Scope(intent_set.lists, intent_set.rules, intent_set.types.types)
    yield from scope.circles()
    for rule in intent_set.rules.values():
        yield from scope.problems(rule.template)
    nothing = Scope({}, {})
    for one in (*intent_set.lists.values(), *intent_set.types.lists.values()):
        for tree in (*(value.tree for value in one.values), *one.all_of):
            if nothing.facts(tree).empty:
                yield Problem(f"a value of list '{one.name}' can be empty", one.place)
    yield from _types(intent_set.types)
    for intent in intent_set.intents.values():
        yield from _Checked(intent, scope).problems(builtin_actions)
    yield from undo_problems(
        intent_set.intents, lambda intent: _Checked(intent, scope).possible_slots()
    )
    for key, texts in intent_set.responses.items():
        yield from _response(key, texts)


def _too_many_names(intent_set: IntentSet) -> Problem | None:
    """Blocks with names of their own beside very many shared ones: each sees all in its own way."""
    shared, seen = len(intent_set.lists) + len(intent_set.rules), 0
    for intent in intent_set.intents.values():
        for block in intent.blocks:
            if block.lists or block.rules:
                seen += shared + len(block.lists) + len(block.rules)
            if seen > MAXIMUM_NAMES:
                message = (
                    f"too many blocks have lists or rules of their own beside {shared:,} others"
                )
                return Problem(message, intent.place, "write them at the top of the file")
    return None


def _types(types: Types) -> Iterator[Problem]:
    """Slot types name what there is, fill fields that their kind knows, and are never empty."""
    scope = Scope(types.lists, types.rules)
    yield from scope.circles()
    for rule in types.rules.values():
        yield from scope.problems(rule.template)
    for one in types.types.values():
        fields = KINDS[one.kind].fields
        for template in one.sentences:
            if wrong := scope.problems(template):
                yield from wrong
                continue
            facts = scope.facts(template.tree)
            for name in sorted(facts.possible - fields):
                hint = did_you_mean(name, fields) or f"known: {', '.join(sorted(fields))}"
                message = f"a {one.kind} has no field '{name}'"
                yield Problem(message, template.source.place, hint)
            if facts.empty:
                yield Problem("this sentence can be empty", template.source.place)


def warnings(intent_set: IntentSet) -> list[Problem]:
    """What is allowed and yet looks like a mistake."""
    blocks = [block for intent in intent_set.intents.values() for block in intent.blocks]
    templates = [template for block in blocks for template in block.sentences]
    templates += [rule.template for rule in intent_set.rules.values()]
    templates += [rule.template for block in blocks for rule in block.rules.values()]
    lists, rules = used_names(templates)
    found = []
    for kind, named, used in (("list", intent_set.lists, lists), ("rule", intent_set.rules, rules)):
        for name, one in named.items():
            if name not in used and name != "group_name":
                message = f"no sentence uses the {kind} '{name}'"
                found.append(Problem(message, one.place, warning=True))
    for intent in intent_set.intents.values():
        if intent.action is None and not intent.replies:
            message, hint = (
                f"intent '{intent.name}' does nothing",
                "give it an 'action' or a 'reply'",
            )
            found.append(Problem(message, intent.place, hint, warning=True))
    return found


@dataclass(frozen=True)
class _Checked:
    intent: Intent
    outer: Scope

    def problems(self, builtin_actions: Mapping[str, Outcomes]) -> list[Problem]:
        problems = list(islice(self.sentences(), MAXIMUM_MISTAKES + 1))
        if problems or (slots := self.slots()) is None:
            return problems  # what the slots are is not known, so neither is what replies lack
        action = self.intent.action
        for steps in (action, self.intent.undo):
            if isinstance(steps, Steps):
                for step in steps.steps:
                    problems += _unknown_slots(step, slots.possible)
        problems += self.asks(slots)
        slots = replace(slots, certain=slots.certain | {one.slot.text for one in self.intent.ask})
        if self.intent.confirm:
            problems += _fillable(self.intent.confirm, slots.certain, slots.possible, "slot")
        outcomes: Outcomes = {"done": Delivered(frozenset())}
        if isinstance(action, BuiltinCall):
            outcomes = builtin_actions.get(action.name, {})
        elif isinstance(action, SkillCall):
            outcomes = action.outcomes
        elif isinstance(action, Steps):
            outcomes = outcomes_of(action, builtin_actions)
        if outcomes and self.intent.replies:
            problems += self.replies(self.intent.replies, slots, outcomes)
        for block in self.intent.blocks:
            if outcomes and block.replies:
                slots_of_block = self.slots_of(block)
                asked = {one.slot.text for one in self.intent.ask}
                known = replace(slots_of_block, certain=slots_of_block.certain | asked)
                problems += self.replies(block.replies, known, outcomes)
        return problems

    def asks(self, slots: Facts) -> Iterator[Problem]:
        """What is asked for are slots that can be filled, and that a sentence leaves out."""
        certain = slots.certain
        for ask in self.intent.ask:
            name = ask.slot.text
            if name not in slots.possible:
                hint = did_you_mean(name, slots.possible) or (
                    f"its slots: {', '.join(sorted(slots.possible)) or 'none'}"
                )
                yield Problem(f"no sentence has a slot '{name}'", ask.slot.place, hint)
            elif name in slots.certain:
                hint = f"add a sentence without {{{name}}}, or leave out the question"
                yield Problem(
                    f"every sentence has '{name}': it is never asked for", ask.slot.place, hint
                )
            yield from _fillable(ask.questions, certain, slots.possible - {name}, "slot")
            certain |= {name}
            block = self.intent.blocks[0]
            scope = self.outer.within(block.lists, block.rules)
            for template in ask.answers:
                if wrong := scope.problems(template):
                    yield from wrong
                elif name not in scope.facts(template.tree).certain:
                    message = f"this answer does not fill the slot '{name}'"
                    place = template.source.place
                    yield Problem(message, place, f"write {{{name}}}, or {{its list:{name}}}")

    def sentences(self) -> Iterator[Problem]:
        """Names in sentences and rules are known, and no sentence is empty."""
        for block in self.intent.blocks:
            scope = self.outer.within(block.lists, block.rules)
            if scope is not self.outer:
                yield from (p for p in scope.circles() if p not in self.outer.circles())
                for rule in block.rules.values():
                    yield from scope.problems(rule.template)
            for template in block.sentences:
                yield from scope.problems(template)
                facts = scope.facts(template.tree)
                hint = "put at least one word outside of the square brackets"
                if facts.empty:
                    message = "this sentence can be empty, so it matches nothing that is said"
                    yield Problem(message, template.source.place, hint)
                elif facts.free:
                    message = "this sentence matches everything that is said"
                    yield Problem(message, template.source.place, hint)

    def slots(self) -> Facts | None:
        """Slots that every sentence fills, and those that some do; None if one cannot be read."""
        blocks = self.intent.blocks
        if not blocks or not all(block.readable for block in blocks):
            return None
        return Facts.one_of(self.slots_of(block) for block in blocks)

    def possible_slots(self) -> frozenset[str] | None:
        """Slots that some sentence fills; None where that is not known."""
        if any(self.sentences()) or (slots := self.slots()) is None:
            return None
        return slots.possible

    def slots_of(self, block: Block) -> Facts:
        """The same for one block."""
        scope = self.outer.within(block.lists, block.rules)
        fixed = Facts(certain=frozenset(block.slots), possible=frozenset(block.slots))
        from_context_slots = frozenset(one.slot for one in block.requires if one.slot)
        from_context = Facts(certain=from_context_slots, possible=from_context_slots)
        said = Facts.one_of(scope.facts(template.tree) for template in block.sentences)
        return Facts.all_of([said, fixed, from_context])

    def replies(
        self, replies: Mapping[str, tuple[Text, ...]], slots: Facts, outcomes: Outcomes
    ) -> Iterator[Problem]:
        """Every outcome has a reply, and every reply can be filled."""
        intent = self.intent
        texts = [text for texts in replies.values() for text in texts]
        place = texts[0].place if texts else intent.place
        if missing := [name for name in outcomes if name not in replies]:
            names = ", ".join(f"'{name}'" for name in missing)
            hint = "write 'reply:' as a mapping with a text for each outcome"
            yield Problem(f"intent '{intent.name}' has no reply for {names}", place, hint)
            if replies.keys() == {"done"}:
                return
        for outcome, texts_of_outcome in replies.items():
            delivered = outcomes.get(outcome)
            if delivered is None and outcome == "failed" and intent.action is not None:
                delivered = RESPONSES["failed"]  # any action can fail, and need not say so itself
            if delivered is None:
                message = f"the action has no outcome '{outcome}'"
                hint = did_you_mean(outcome, outcomes) or f"its outcomes: {', '.join(outcomes)}"
                where = texts_of_outcome[0].place if texts_of_outcome else intent.place
                yield Problem(message, where, hint)
                continue
            always = slots.certain | delivered.always
            known = always | slots.possible | delivered.sometimes
            yield from _fillable(texts_of_outcome, always, known, "slot or value")


def outcomes_of(steps: Steps, builtin_actions: Mapping[str, Outcomes]) -> Outcomes:
    """Outcomes of steps: those of a built-in action among them, or 'done'; all values together.

    What a step with a condition gives is there sometimes.
    """
    always, sometimes = set[str](), set[str]()
    for step in steps.steps:
        (sometimes if step.conditions else always).update(step.values)
    outcomes: Outcomes = {"done": Delivered(frozenset())}
    builtin = steps.builtin
    if builtin is not None and isinstance(builtin.deed, BuiltinCall):
        own = builtin_actions.get(builtin.deed.name, {})
        if builtin.conditions:
            done = own.get("done", Delivered(frozenset()))
            own = {**own, "done": Delivered(frozenset(), done.always | done.sometimes)}
        outcomes = own
    return {
        name: Delivered(delivered.always | always, delivered.sometimes | sometimes)
        for name, delivered in outcomes.items()
    }


def _unknown_slots(step: Step, possible: frozenset[str]) -> Iterator[Problem]:
    for source in step.sources:
        yield from _unknown_placeholders(source, possible, "slot")
    for condition in step.conditions:
        name = condition.slot
        if name.text not in possible:
            hint = did_you_mean(name.text, possible)
            if not hint and possible:
                hint = f"known here: {', '.join(sorted(possible))}"
            yield Problem(f"there is no slot '{name.text}'", name.place, hint)


def _response(key: str, texts: tuple[Text, ...]) -> Iterator[Problem]:
    delivered = RESPONSES.get(key)
    if delivered is not None:
        known = delivered.always | delivered.sometimes
        yield from _fillable(texts, delivered.always, known, "value")


def _fillable(
    texts: tuple[Text, ...], always: frozenset[str], known: frozenset[str], what: str
) -> Iterator[Problem]:
    wrong: list[Problem] = []
    for text in texts:
        if templates.is_template(text.text):
            wrong += templates.check(text, known, what)
            continue
        wrong += _unknown_placeholders(text, known, what)
        for found in _PLACEHOLDER_OR_BRACE.finditer(text.text):
            if len(found[0]) == 1:
                hint = "write {name}, with the name of a slot or a value"
                place = text.at(found.start())
                wrong.append(Problem(f"this '{found[0]}' holds no name", place, hint))
    yield from wrong
    needs = [templates.needs(text.text).always - always for text in texts]
    if needs and not wrong and all(needs):
        name = min(needs[0])
        written, hint = f"{{{name}}}", f"add a text without '{{{name}}}' to this reply"
        if templates.is_template(texts[0].text):
            written, hint = name, f"ask for it: '{{% if {name} %}} … {{% endif %}}'"
        place = templates.place(texts[0], name)
        yield Problem(f"'{written}' is not always there", place, hint)


def _unknown_placeholders(text: Text, known: frozenset[str], what: str) -> Iterator[Problem]:
    for name, offset in placeholders(text.text):
        if name not in known:
            hint = did_you_mean(name, known)
            if not hint and known:
                hint = f"known here: {', '.join(sorted(known))}"
            yield Problem(f"there is no {what} '{name}'", text.at(offset, len(name) + 2), hint)

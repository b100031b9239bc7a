"""Reads one intent file: from the positioned tree to intents, lists, rules and responses.

Only what a single file can tell is checked here; ``checks`` looks at all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from assistant.errors import Place
from assistant.intents.builtins import RESPONSES
from assistant.intents.conditions import read_domains, read_requirements
from assistant.intents.expectations import read_tests
from assistant.intents.kinds import KINDS
from assistant.intents.lists import read_list
from assistant.intents.model import (
    Ask,
    Block,
    BuiltinCall,
    Intent,
    Rule,
    SlotList,
    SlotType,
    Template,
    placeholders,
)
from assistant.intents.reading import BOOLEANS, Reader
from assistant.intents.sequences import read_action, read_undo
from assistant.intents.skillcalls import SkillCall, read_skill_call
from assistant.intents.steps import Steps
from assistant.intents.template import parse_template
from assistant.intents.words import normalise
from assistant.yamlsource import Mapping as MappingNode
from assistant.yamlsource import Node, Text, did_you_mean

FILE_KEYS = (
    "language", "group", "intents", "lists", "expansion_rules", "skip_words", "responses",
    "slot_types", "connectives", "pronunciations", "data", "settings",
)  # fmt: skip
# The last ones are notes of Home Assistant's that change nothing here.
BLOCK_KEYS = (
    "sentences", "slots", "lists", "expansion_rules", "requires_context", "excludes_context",
    "metadata", "heard", "response", "reply", "name_domains", "inferred_domain",
    "required_keywords", "example", "speech_to_phrase", "settings",
)  # fmt: skip
INTENT_KEYS = (
    "sentences", "slots", "lists", "expansion_rules", "requires_context", "excludes_context",
    "metadata", "data", "action", "undo", "routine", "ask", "confirm", "later", "reply", "help",
    "tests", "enabled",
)  # fmt: skip
TYPE_KEYS = ("types", "lists", "expansion_rules")
MAXIMUM_ROUTINE = 10
CONNECTIVES = ("joining", "excepting", "articles", "pronouns", "correcting", "ones")
CONFIRM_KEYS = ("question", "pin")
ASK_KEYS = ("question", "answers")
_NAME = re.compile(r"[A-Za-z][\w.-]*")
_Words: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one file says; each name with the place of its key. An intent switched off is None.

    ``added`` are blocks of intents as Home Assistant writes them, which several files add to.
    """

    added: list[tuple[Text, Intent]] = field(default_factory=list)
    intents: list[tuple[Text, Intent | None]] = field(default_factory=list)
    lists: list[tuple[Text, SlotList]] = field(default_factory=list)
    rules: list[tuple[Text, Rule]] = field(default_factory=list)
    skip_words: list[Text] = field(default_factory=list)
    group: list[Text] = field(default_factory=list)
    responses: list[tuple[Text, tuple[Text, ...]]] = field(default_factory=list)
    block_replies: list[tuple[Text, Mapping[str, tuple[Text, ...]]]] = field(default_factory=list)
    types: list[tuple[Text, SlotType]] = field(default_factory=list)
    type_lists: list[tuple[Text, SlotList]] = field(default_factory=list)
    type_rules: list[tuple[Text, Rule]] = field(default_factory=list)
    connectives: list[tuple[Text, tuple[_Words, ...]]] = field(default_factory=list)
    pronunciations: list[tuple[Text, tuple[Text, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files of one language."""

    reader: Reader
    language: str
    builtin_actions: Collection[str]

    def content(self, top: MappingNode, folder: str = "") -> FileContent:
        """Read a whole file. One with ``data`` at its top is about the intent its folder names."""
        content = FileContent()
        self.reader.mapping(top, "an intent file", FILE_KEYS)
        if (data := top.get("data")) is not None:
            key = Text(folder, data.place)
            content.added.append((key, self.data_only(key, top)))
        for key, node in self.reader.pairs(top.get("intents"), "'intents'"):
            if not _NAME.fullmatch(key.text):
                hint = "use letters, digits, '_', '-' and '.', a letter first"
                self.reader.report(f"'{key.text}' cannot name an intent", key.place, hint)
            if isinstance(node, MappingNode) and node.entries.keys() == {"data"}:
                content.added.append((key, self.data_only(key, node)))
            else:
                content.intents.append((key, self.intent(key, node)))
        content.lists.extend(self.lists(top.get("lists")))
        content.rules.extend(self.rules(top.get("expansion_rules")))
        if (group := top.get("group")) is not None:
            content.group.extend(self.reader.texts(group, "the name of a group", "'group'")[:1])
        if (skip_words := top.get("skip_words")) is not None:
            content.skip_words.extend(self.reader.texts(skip_words, "a skip word", "'skip_words'"))
        self.responses(top.get("responses"), content)
        self.types(top.get("slot_types"), content)
        for key, node in self.reader.pairs(top.get("connectives"), "'connectives'"):
            if key.text not in CONNECTIVES:
                hint = did_you_mean(key.text, CONNECTIVES) or f"known: {', '.join(CONNECTIVES)}"
                self.reader.report(f"unknown connective '{key.text}'", key.place, hint)
                continue
            texts = self.reader.texts(node, f"connective '{key.text}'")
            words = tuple(normalise(text.text, self.language) for text in texts)
            content.connectives.append((key, tuple(one for one in words if one)))
        self.pronunciations(top.get("pronunciations"), content)
        return content

    def pronunciations(self, node: Node | None, content: FileContent) -> None:
        """Read words with what they sound like."""
        for key, one in self.reader.pairs(node, "'pronunciations'"):
            texts = self.reader.texts(one, f"the sound of '{key.text}'")
            if len(normalise(key.text, self.language)) != 1:
                hint = "tell the sound of each word by itself"
                self.reader.report(f"'{key.text}' is not one word", key.place, hint)
            for text in texts:
                if not normalise(text.text, self.language):
                    self.reader.report(f"'{text.text}' is no sound", text.place)
            content.pronunciations.append((key, tuple(texts)))

    def data_only(self, key: Text, node: MappingNode) -> Intent:
        """Read blocks of an intent that other files may add to."""
        return Intent(key.text, tuple(self.blocks(node, key)), None, {}, "", (), key.place)

    def responses(self, node: Node | None, content: FileContent) -> None:
        """Read what the assistant says itself; and Home Assistant's replies of intents by key."""
        for key, one in self.reader.pairs(node, "'responses'"):
            if key.text == "intents":
                for intent, replies in self.reader.pairs(one, "'responses: intents'"):
                    content.block_replies.append((intent, self.replies(replies)))
            elif key.text == "errors":
                continue  # Home Assistant's own errors, which are not ours
            else:
                if key.text not in RESPONSES:
                    hint = did_you_mean(key.text, RESPONSES) or f"known: {', '.join(RESPONSES)}"
                    self.reader.report(f"unknown response '{key.text}'", key.place, hint)
                texts = tuple(self.response(one, f"response '{key.text}'"))
                content.responses.append((key, texts))

    def types(self, node: Node | None, content: FileContent) -> None:
        """Read slot types with their own lists and rules."""
        if node is None:
            return
        mapping = self.reader.mapping(node, "'slot_types'", TYPE_KEYS)
        if mapping is None:
            return
        content.type_lists.extend(self.lists(mapping.get("lists")))
        content.type_rules.extend(self.rules(mapping.get("expansion_rules")))
        for key, one in self.reader.pairs(mapping.get("types"), "'types'"):
            what = f"slot type '{key.text}'"
            fields = self.reader.mapping(one, what, ("kind", "sentences"))
            kind = fields.get("kind") if fields else None
            sentences = fields.get("sentences") if fields else None
            if kind is None or sentences is None:
                if fields:
                    self.reader.report(f"{what} needs 'kind' and 'sentences'", key.place)
                continue
            name = self.reader.text(kind, "'kind'")
            if name is None:
                continue
            if name.text not in KINDS:
                hint = did_you_mean(name.text, KINDS) or f"known: {', '.join(KINDS)}"
                self.reader.report(f"there is no kind '{name.text}'", name.place, hint)
                continue
            texts = self.reader.texts(sentences, "a sentence", "'sentences'")
            templates = tuple(each for text in texts if (each := self.template(text)))
            content.types.append((key, SlotType(key.text, name.text, templates, key.place)))

    def response(self, node: Node, what: str) -> list[Text]:
        """Texts to say; an empty one in quotes is silence."""
        if isinstance(node, Text) and not node.plain and not node.text:
            return [node]
        return self.reader.texts(node, what)

    def lists(self, node: Node | None) -> list[tuple[Text, SlotList]]:
        """Lists by name."""
        return [
            (key, read_list(self.reader, key, one, self.language))
            for key, one in self.reader.pairs(node, "'lists'")
        ]

    def rules(self, node: Node | None) -> list[tuple[Text, Rule]]:
        """Expansion rules by name."""
        rules = []
        for key, one in self.reader.pairs(node, "'expansion_rules'"):
            text = self.reader.text(one, f"rule '{key.text}'")
            template = self.template(text) if text else None
            if template:
                rules.append((key, Rule(key.text, template, key.place)))
        return rules

    def template(self, text: Text) -> Template | None:
        """Parse a template."""
        tree = parse_template(text, self.reader.problems)
        return Template(text, tree) if tree is not None else None

    def intent(self, key: Text, node: Node) -> Intent | None:
        """Read an intent, also one with mistakes, so that its name is known; None if off."""
        what = f"intent '{key.text}'"
        mapping = self.reader.mapping(node, what, INTENT_KEYS)
        if mapping is None:
            return Intent(key.text, (), None, {}, "", (), key.place)
        enabled = mapping.get("enabled")
        if enabled is not None and self.reader.boolean(enabled, "'enabled'") is False:
            return None
        tests = tuple(read_tests(self.reader, mapping.get("tests")))
        spoken = [test.say for test in tests if not test.negative]
        help_node = mapping.get("help")
        help_text = self.reader.text(help_node, "'help'") if help_node else None
        action, routine = mapping.get("action"), mapping.get("routine")
        later = mapping.get("later")
        return Intent(
            key.text,
            tuple(self.blocks(mapping, key)),
            self.action(action) if action else None,
            self.replies(mapping.get("reply")),
            help_text.text if help_text else next(iter(spoken), ""),
            tests,
            key.place,
            self.confirm(mapping.get("confirm")),
            self.by_pin(mapping.get("confirm")),
            tuple(self.asks(mapping.get("ask"))),
            later is not None and self.reader.boolean(later, "'later'") is True,
            read_undo(self.reader, mapping.get("undo"), self.builtin_actions),
            self.routine(routine) if routine is not None else (),
        )

    def routine(self, node: Node) -> tuple[Text, ...]:
        """Read sentences that are done in order."""
        texts = self.reader.texts(node, "a sentence of 'routine'", "'routine'")
        for text in texts[MAXIMUM_ROUTINE:][:1]:
            self.reader.report(f"a routine has at most {MAXIMUM_ROUTINE} sentences", text.place)
        for text in texts:
            for name, offset in placeholders(text.text)[:1]:
                place = text.at(offset, len(name) + 2)
                self.reader.report("a sentence of 'routine' has no slots", place)
        return tuple(texts)

    def asks(self, node: Node | None) -> Iterator[Ask]:
        """Read the questions for slots: texts, or texts with the ways to answer."""
        for slot, one in self.reader.pairs(node, "'ask'"):
            question, answers = one, None
            if isinstance(one, MappingNode):
                self.reader.mapping(one, f"the question for '{slot.text}'", ASK_KEYS)
                question, answers = one.get("question") or Text("", one.place), one.get("answers")
            texts = self.reader.texts(question, f"the question for '{slot.text}'")
            told = self.reader.texts(answers, "an answer", "'answers'") if answers else []
            templates = tuple(each for text in told if (each := self.template(text)))
            yield Ask(slot, tuple(texts), templates)

    def by_pin(self, node: Node | None) -> Place | None:
        """Read whether the owner's number is wanted: the place that says so."""
        pin = node.get("pin") if isinstance(node, MappingNode) else None
        wanted = pin is not None and self.reader.boolean(pin, "'pin'")
        return pin.place if wanted and pin is not None else None

    def confirm(self, node: Node | None) -> tuple[Text, ...] | None:
        """Read what is asked before it is done: texts, () for true, None for nothing."""
        if node is None:
            return None
        if isinstance(node, MappingNode):
            self.reader.mapping(node, "'confirm'", CONFIRM_KEYS)
            question = node.get("question")
            return () if question is None else self.confirm(question)
        if isinstance(node, Text) and node.plain and node.text.lower() in BOOLEANS:
            return () if BOOLEANS[node.text.lower()] else None
        return tuple(self.reader.texts(node, "'confirm'"))

    def blocks(self, intent: MappingNode, key: Text) -> list[Block]:
        """Sentences: of the intent itself, and of each block under Home Assistant's ``data``.

        Slots, lists and rules of the intent hold in each of its blocks.
        """
        what = f"intent '{key.text}'"
        outer = self.block(intent)
        blocks = [outer] if intent.get("sentences") else []
        data = intent.get("data")
        for node in self.reader.items(data, "'data'") if data is not None else ():
            block = self.reader.mapping(node, f"a block of {what}", BLOCK_KEYS)
            if block is not None and block.get("sentences") is None:
                self.reader.report(f"a block of {what} has no sentences", block.place)
            elif block is not None:
                blocks.append(self.block(block, outer))
        if not blocks and data is None:
            self.reader.report(f"{what} has no sentences", key.place, "write them at 'sentences:'")
        return blocks

    def block(self, node: MappingNode, outer: Block | None = None) -> Block:
        """Sentences with all that is theirs, on top of what ``outer`` gives to each block."""
        own = outer is not None  # the intent's own reply is not a block's
        outer = outer or Block(())
        sentences = node.get("sentences")
        texts = self.reader.texts(sentences, "a sentence", "'sentences'") if sentences else []
        templates = [self.template(text) for text in texts]
        slots = {**outer.slots, **self.reader.slots(node.get("slots"))}
        if (domain := node.get("inferred_domain")) is not None:
            text = self.reader.text(domain, "'inferred_domain'")
            slots = {"domain": text.text, **slots} if text else slots
        response, reply = node.get("response"), node.get("reply")
        heard = node.get("heard") if own else None
        response_text = self.reader.text(response, "'response'") if response is not None else None
        return Block(
            tuple(template for template in templates if template),
            slots,
            {**outer.lists, **{key.text: one for key, one in self.lists(node.get("lists"))}},
            {**outer.rules, **{key.text: r for key, r in self.rules(node.get("expansion_rules"))}},
            (*outer.requires, *read_requirements(self.reader, node, "requires_context")),
            (*outer.excludes, *read_requirements(self.reader, node, "excludes_context")),
            read_domains(self.reader, node.get("name_domains")),
            {**outer.metadata, **self.reader.data_mapping(node.get("metadata"), "'metadata'")},
            response_text.text if response_text else "",
            self.replies(reply) if reply is not None and own else None,
            readable=bool(templates) and None not in templates,
            heard=heard is None or self.reader.boolean(heard, "'heard'") is not False,
        )

    def replies(self, node: Node | None) -> Mapping[str, tuple[Text, ...]]:
        """Replies by outcome; a text or a list of texts is the one for 'done'."""
        if node is None:
            return {}
        if isinstance(node, MappingNode):
            return {
                key.text: tuple(self.response(one, f"reply '{key.text}'"))
                for key, one in self.reader.pairs(node, "'reply'")
            }
        return {"done": tuple(self.response(node, "'reply'"))}

    def action(self, node: Node) -> BuiltinCall | Steps | SkillCall | None:
        """Read the name of a built-in action, steps, or a call of a skill."""
        if isinstance(node, MappingNode) and "skill" in node.entries:
            return read_skill_call(self.reader, node)
        return read_action(self.reader, node, self.builtin_actions)

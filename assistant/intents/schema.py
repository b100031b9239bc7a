"""Reads one intent file: from the positioned tree to intents, lists, rules and responses.

Only what a single file can tell is checked here; ``checks`` looks at all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from assistant.intents.builtins import RESPONSES
from assistant.intents.lists import read_list
from assistant.intents.model import (
    Block,
    BuiltinCall,
    Command,
    Intent,
    IntentTest,
    Rule,
    SlotList,
    Template,
)
from assistant.intents.reading import Reader, slot_value
from assistant.intents.template import parse_template
from assistant.turn import SlotValue
from assistant.yamlsource import Items, Node, Text, did_you_mean
from assistant.yamlsource import Mapping as MappingNode

FILE_KEYS = ("language", "intents", "lists", "expansion_rules", "skip_words", "responses")
BLOCK_KEYS = ("sentences", "slots", "lists", "expansion_rules")
INTENT_KEYS = (*BLOCK_KEYS, "data", "action", "reply", "help", "tests", "enabled")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_INTERPRETER = re.compile(r"(.*/)?((ba|da|z|k|fi)?sh|python[0-9.]*|perl|ruby|node)")
_RUN = re.compile(r"-[a-z]*[ce]")
_NAME = re.compile(r"[A-Za-z][\w.-]*")


@dataclass(frozen=True, slots=True)
class FileContent:
    """What one file says; each name with the place of its key. An intent switched off is None."""

    intents: list[tuple[Text, Intent | None]] = field(default_factory=list)
    lists: list[tuple[Text, SlotList]] = field(default_factory=list)
    rules: list[tuple[Text, Rule]] = field(default_factory=list)
    skip_words: list[Text] = field(default_factory=list)
    responses: list[tuple[Text, tuple[Text, ...]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files of one language."""

    reader: Reader
    language: str
    builtin_actions: Collection[str]

    def content(self, top: MappingNode) -> FileContent:
        """Read a whole file."""
        content = FileContent()
        self.reader.mapping(top, "an intent file", FILE_KEYS)
        for key, node in self.reader.pairs(top.get("intents"), "'intents'"):
            if not _NAME.fullmatch(key.text):
                hint = "use letters, digits, '_', '-' and '.', a letter first"
                self.reader.report(f"'{key.text}' cannot name an intent", key.place, hint)
            content.intents.append((key, self.intent(key, node)))
        content.lists.extend(self.lists(top.get("lists")))
        content.rules.extend(self.rules(top.get("expansion_rules")))
        if (skip_words := top.get("skip_words")) is not None:
            content.skip_words.extend(self.reader.texts(skip_words, "a skip word", "'skip_words'"))
        for key, node in self.reader.pairs(top.get("responses"), "'responses'"):
            if key.text not in RESPONSES:
                hint = did_you_mean(key.text, RESPONSES) or f"known: {', '.join(RESPONSES)}"
                self.reader.report(f"unknown response '{key.text}'", key.place, hint)
            content.responses.append((key, tuple(self.response(node, f"response '{key.text}'"))))
        return content

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
        tests = tuple(self.tests(mapping.get("tests")))
        spoken = [test.say for test in tests if not test.negative]
        help_node = mapping.get("help")
        help_text = self.reader.text(help_node, "'help'") if help_node else None
        action, reply = mapping.get("action"), mapping.get("reply")
        return Intent(
            key.text,
            tuple(self.blocks(mapping, key)),
            self.action(action) if action else None,
            self.replies(reply),
            help_text.text if help_text else next(iter(spoken), ""),
            tests,
            key.place,
        )

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
        """Sentences with their fixed slots, lists and rules, on top of those of ``outer``."""
        outer = outer or Block(())
        sentences = node.get("sentences")
        texts = self.reader.texts(sentences, "a sentence", "'sentences'") if sentences else []
        templates = [self.template(text) for text in texts]
        return Block(
            tuple(template for template in templates if template),
            {**outer.slots, **self.slots(node.get("slots"))},
            {**outer.lists, **{key.text: one for key, one in self.lists(node.get("lists"))}},
            {**outer.rules, **{key.text: r for key, r in self.rules(node.get("expansion_rules"))}},
            readable=bool(templates) and None not in templates,
        )

    def slots(self, node: Node | None) -> dict[str, SlotValue]:
        """Slot values by name."""
        return {
            key.text: slot_value(value)
            for key, one in self.reader.pairs(node, "'slots'")
            if (value := self.reader.text(one, f"slot '{key.text}'"))
        }

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

    def action(self, node: Node) -> BuiltinCall | Command | None:
        """Read the name of a built-in action, or a command."""
        if isinstance(node, MappingNode):
            return self.command(node)
        if isinstance(node, Items):
            hint = "write 'action: {command: [program, argument]}'"
            self.reader.report("'action' cannot be a list", node.place, hint)
            return None
        name = self.reader.text(node, "'action'")
        if name is None:
            return None
        if name.text not in self.builtin_actions:
            hint = did_you_mean(name.text, self.builtin_actions)
            hint = hint or "run a program of yours with 'action: {command: [program, argument]}'"
            self.reader.report(f"unknown action '{name.text}'", name.place, hint)
        return BuiltinCall(name.text, name.place)

    def command(self, node: MappingNode) -> Command | None:
        """Read a program with its arguments."""
        keys = ("command", "timeout_seconds", "speak_output")
        self.reader.mapping(node, "'action'", keys)
        command = node.get("command")
        if command is None:
            hint = "write 'command: [program, argument]'"
            self.reader.report("the action has no command", node.place, hint)
            return None
        arguments: list[Text] = []
        if isinstance(command, Items):
            for argument in self.reader.items(command, "'command'"):
                if isinstance(argument, Text):
                    arguments.append(argument)  # an empty argument is an argument
                else:
                    self.reader.text(argument, "an argument of 'command'")
        else:
            hint = "write each argument by itself: [program, argument]"
            self.reader.report("'command' must be a list", command.place, hint)
        _refuse_program_text(self.reader, arguments)
        timeout, speak = node.get("timeout_seconds"), node.get("speak_output")
        return Command(
            tuple(argument.text for argument in arguments),
            tuple(argument for argument in arguments),
            node.place,
            self.reader.seconds(timeout, "'timeout_seconds'") if timeout else None,
            bool(speak and self.reader.boolean(speak, "'speak_output'")),
        )

    def tests(self, node: Node | None) -> list[IntentTest]:
        """Read tests: ``say`` with ``slots``, or ``not``."""
        tests: list[IntentTest] = []
        for one in self.reader.items(node, "'tests'") if node is not None else ():
            test = self.reader.mapping(one, "a test", ("say", "not", "slots"))
            if test is None:
                continue
            say, never = test.get("say"), test.get("not")
            said = say or never
            if said is None or (say and never):
                hint = "write '- say: a sentence' or '- not: a sentence'"
                self.reader.report("a test has either 'say' or 'not'", test.place, hint)
                continue
            slots_node = test.get("slots")
            if never is not None and slots_node is not None:
                self.reader.report("a test with 'not' has no slots", slots_node.place)
            slots = self.slots(slots_node) if slots_node is not None else None
            if "slots" in test.entries and slots is None:
                slots = {}
            tests += [
                IntentTest(text.text, text.place, slots, never is not None)
                for text in self.reader.texts(said, "a sentence to say")
            ]
        return tests


def _refuse_program_text(reader: Reader, arguments: list[Text]) -> None:
    """Refuse a spoken value inside a command line or program text, where it would be run."""
    if arguments and (found := _PLACEHOLDER.search(arguments[0].text)):
        place = arguments[0].at(found.start(), len(found[0]))
        reader.report("the program itself cannot be a spoken value", place)
    for program, option, text in zip(arguments, arguments[1:], arguments[2:], strict=False):
        found = _PLACEHOLDER.search(text.text)
        if found and _INTERPRETER.fullmatch(program.text) and _RUN.fullmatch(option.text):
            place = text.at(found.start(), len(found[0]))
            hint = f"""give it as an argument: [sh, -c, 'echo "$1"', sh, "{found[0]}"]"""
            reader.report("a spoken value is never put into a program's text", place, hint)

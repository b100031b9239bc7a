"""Reads a program of the owner's, with its arguments."""

from __future__ import annotations

import re

from assistant.intents.model import Command
from assistant.intents.reading import Reader
from assistant.yamlsource import Items, Node, Text
from assistant.yamlsource import Mapping as MappingNode

_PLACEHOLDER = re.compile(r"\{\w+\}")
_INTERPRETER = re.compile(r"(.*/)?((ba|da|z|k|fi)?sh|python[0-9.]*|perl|ruby|node)")
_RUN = re.compile(r"-[a-z]*[ce]")


def read_command(reader: Reader, node: MappingNode, command: Node) -> Command:
    """Read a program with its arguments, which stand at ``command`` of a step."""
    arguments: list[Text] = []
    if isinstance(command, Items):
        for argument in reader.items(command, "'command'"):
            if isinstance(argument, Text):
                arguments.append(argument)  # an empty argument is an argument
            else:
                reader.text(argument, "an argument of 'command'")
    else:
        hint = "write each argument by itself: [program, argument]"
        reader.report("'command' must be a list", command.place, hint)
    _refuse_program_text(reader, arguments)
    speak = node.get("speak_output")
    return Command(
        tuple(argument.text for argument in arguments),
        tuple(argument for argument in arguments),
        node.place,
        bool(speak and reader.boolean(speak, "'speak_output'")),
    )


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

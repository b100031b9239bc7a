"""Reply texts that are Jinja templates: what is wrong with them, what they need, what they say.

A text with ``{{`` or ``{%`` is a template; any other has ``{name}`` placeholders. Jinja itself is
8 MB of memory, so it is imported when there is a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from assistant.errors import Place, Problem
from assistant.intents.model import placeholders
from assistant.yamlsource import Text, did_you_mean

if TYPE_CHECKING:
    from jinja2 import Template, nodes

    from assistant.speech.sandbox.environment import Sandbox
    from assistant.speech.sandbox.facts import Mistake

# The longest of Home Assistant's response templates has 6,831 characters.
MAXIMUM_TEMPLATE = 8_000
# Two minutes of speech.
MAXIMUM_CHARACTERS = 2_000
# A household's replies that are templates; one that was not used for long is compiled again.
KEPT = 64

_TEMPLATE = re.compile(r"\{[{%]")
_TAG = re.compile(r"\{([{%]).*?(?:[}%]\}|\Z)", re.DOTALL)
_QUOTED = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Needs:
    """Names of a text: without those of ``always`` it cannot be spoken, whatever the others are."""

    always: frozenset[str] = frozenset()
    sometimes: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return self.always | self.sometimes


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a template could not be rendered. ``hole``: a value that it speaks is not there."""

    reason: str
    hole: bool = False


def is_template(text: str) -> bool:
    """Tell a Jinja template from a text with placeholders."""
    return _TEMPLATE.search(text) is not None


def needs(text: str) -> Needs:
    """Names that a text needs, template or not; none for a template that cannot be read."""
    if not is_template(text):
        return Needs(frozenset(name for name, _ in placeholders(text)))
    ready = _compiled(text)
    return Needs() if isinstance(ready, Failure) else ready.needs


def check(
    text: Text, known: Collection[str] | None = None, what: str = "slot or value"
) -> list[Problem]:
    """Find the mistakes in a template; with ``known``, also names that are no ``what``."""
    read = _read(text.text)
    if isinstance(read, list):
        return [Problem(one.message, _place(text, one.line, one.word), one.hint) for one in read]
    return [] if known is None else list(_unknown_names(text, known, what, read.names))


def place(text: Text, name: str) -> Place:
    """Find where a text first mentions a slot or value, template or not."""
    if not is_template(text.text):
        offset = dict(reversed(placeholders(text.text))).get(name)
        return text.place if offset is None else text.at(offset, len(name) + 2)
    return _place(text, None, name)


def render(text: str, values: Mapping[str, Any], speak: Callable[[Any], str]) -> str | Failure:
    """Render a template with the values that are there; ``speak`` puts those that it says in words.

    The white space of the result is collapsed, since nobody hears it.
    """
    ready = _compiled(text)
    return ready if isinstance(ready, Failure) else ready.rendered(values, speak)


@dataclass(frozen=True, slots=True)
class _Ready:
    template: Template
    needs: Needs

    def rendered(self, values: Mapping[str, Any], speak: Callable[[Any], str]) -> str | Failure:
        from jinja2 import TemplateError, UndefinedError  # noqa: PLC0415 - see the module's text

        context: Any = self.template.new_context({**values, "slots": dict(values)})
        context.speak = speak
        said, length = [], 0
        try:
            for piece in self.template.root_render_func(context):
                said.append(piece)
                length += len(piece)
                if length > MAXIMUM_CHARACTERS:
                    return Failure(f"it says more than {MAXIMUM_CHARACTERS:,} characters")
        except UndefinedError as error:
            return Failure(str(error), hole=True)
        # What Python itself raises for values that an operator, filter or method does not take.
        except (
            TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError,
            RecursionError,
        ) as error:  # fmt: skip
            return Failure(str(error) or type(error).__name__)
        return " ".join("".join(said).split())


@cache
def _sandbox() -> Sandbox:
    from assistant.speech.sandbox.environment import Sandbox  # noqa: PLC0415 - see the module's text

    return Sandbox()


@lru_cache(KEPT)
def _compiled(text: str) -> _Ready | Failure:
    from assistant.speech.sandbox.facts import needed  # noqa: PLC0415 - see the module's text

    read = _read(text)
    if isinstance(read, list):
        return Failure(read[0].message)
    always = needed(read.tree, read.names)
    mentioned = Needs(always, frozenset(read.names) - always)
    return _Ready(_sandbox().from_string(read.bounded), mentioned)


@dataclass(frozen=True, slots=True)
class _Read:
    """A template parsed, as it is written and with bounds, and its names with their lines."""

    tree: nodes.Template
    bounded: nodes.Template
    names: Mapping[str, int]


def _read(text: str) -> _Read | list[Mistake]:
    """Parse a template; the mistakes in it if it has any."""
    from jinja2 import TemplateSyntaxError  # noqa: PLC0415 - see the module's text

    from assistant.speech.sandbox.facts import Mistake, mistakes, names  # noqa: PLC0415

    if len(text) > MAXIMUM_TEMPLATE:
        most = f"at most {MAXIMUM_TEMPLATE:,} are read"
        return [Mistake(f"the template has {len(text):,} characters; {most}", 1)]
    try:
        tree = _sandbox().parse(text)
        if found := mistakes(tree):
            return found
        bounded = _sandbox().bounded(text)
        return _Read(tree, bounded, names(tree, bounded))
    except TemplateSyntaxError as error:
        message = (error.message or "it cannot be read").rstrip(".")
        words = _QUOTED.findall(message)
        message = f"the template is wrong: {message[:1].lower()}{message[1:]}"
        return [Mistake(message, error.lineno, words[-1] if words else "")]
    except ValueError:  # Python's limit on the digits of a number
        return [Mistake("a number in the template has too many digits", 1)]
    except RecursionError:
        return [Mistake("the template is nested too deeply", 1)]


def _unknown_names(
    text: Text, known: Collection[str], what: str, names: Mapping[str, int]
) -> Iterator[Problem]:
    for name, line in names.items():
        if name not in known:
            hint = did_you_mean(name, known)
            if not hint and known:
                hint = f"known here: {', '.join(sorted(known))}"
            yield Problem(f"there is no {what} '{name}'", _place(text, line, name), hint)


def _place(text: Text, line: int | None, word: str) -> Place:
    """Place of a word within the template's tags, on a line of it (from 1) where that is known.

    Jinja knows lines only. Without the word it is the first tag of the line, or else the line.
    """
    written = text.text
    starts = [0, *(found.end() for found in re.finditer("\n", written)), len(written) + 1]
    first, end = (0, len(written)) if line is None else (starts[line - 1], starts[line] - 1)
    whole = rf"(?<!\w){re.escape(word)}(?!\w)" if word else ""
    tags = [tag for tag in _TAG.finditer(written) if tag.end() > first and tag.start() < end]
    for tag in tags if word else ():
        found = re.compile(whole).search(written, max(first, tag.start()), min(end, tag.end()))
        if found:
            return text.at(found.start(), len(word))
    if word and (found := re.compile(whole).search(written, first, end)):
        return text.at(found.start(), len(word))
    for tag in tags:
        if tag.start() >= first:
            return text.at(tag.start(), min(end, tag.end()) - tag.start())
    offset = len(written[first:end]) - len(written[first:end].lstrip())
    return text.at(first + offset, max(end - first - offset, 1))

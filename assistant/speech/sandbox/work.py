"""What a render may cost, and its account.

Jinja's own sandbox keeps a template from Python's insides; it does not keep it from using up the
machine: ``'x' * 10**10`` is a line. Here every operation that makes a value or goes through one
pays for it, so a render ends after ``WORK`` characters and items at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from jinja2.exceptions import TemplateRuntimeError, UndefinedError
from jinja2.runtime import Context, Undefined
from jinja2.utils import Namespace

# Of Home Assistant's 1,700 response templates, none pays 6,000.
WORK = 100_000
# Turns of all loops of a render together.
TURNS = 1_000
# Larger whole numbers are not for speaking, and squaring them takes ever longer.
INTEGER_BITS = 64


class RefusedError(TemplateRuntimeError):
    """The template wants more than a reply may, or something that cannot be spoken."""


class Missing(Undefined):
    """A value that is not there: false, empty and equal to nothing, as in Jinja; never spoken."""

    __slots__ = ()

    def __str__(self) -> str:
        raise self._undefined_exception(self._undefined_message)


class BoundedContext(Context):
    """The values of one render, how they are spoken, and the work that is left."""

    speak: Callable[[Any], str] = str
    work = WORK
    turns = TURNS

    def pay(self, work: int) -> None:
        """Take work off what is left."""
        self.work -= work
        if self.work < 0:
            raise RefusedError(f"it takes more than {WORK:,} characters and items of work")

    def bounded(self, value: Any) -> Any:
        """Pay for a value; an iterator becomes the list of its items."""
        if isinstance(value, Iterator):
            taken = []
            for item in value:
                self.pay(1)
                taken.append(item)
            value = taken
        self.pay(weight(value, self.work))
        return value

    def spoken(self, value: Any) -> str:
        """Put a value into words; what is not there cannot be."""
        if value is None:
            raise UndefinedError("a value is none")
        if isinstance(value, Undefined):
            return str(value)
        text = self.speak(self.bounded(value))
        self.pay(len(text))
        return text


def weight(value: Any, most: int) -> int:
    """Characters and items of a value, counted no further than ``most`` allows."""
    total, waiting = 0, [value]
    while waiting and total <= most:
        one = waiting.pop()
        total += 1
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, int) and one.bit_length() > INTEGER_BITS:
            raise RefusedError("a number is larger than 2 to the 64th")
        elif isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, Collection) and not isinstance(one, Undefined):
            waiting += one
        elif isinstance(one, Namespace) or (callable(one) and not isinstance(one, Undefined)):
            raise RefusedError("a namespace or a function is used as a value")
    return total

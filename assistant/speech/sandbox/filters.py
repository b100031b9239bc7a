"""Filters and tests of replies: those of Jinja's that are harmless, within bounds; no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from jinja2 import Environment, pass_context
from jinja2.filters import do_round
from jinja2.runtime import Undefined

from assistant.speech.sandbox.work import TURNS, BoundedContext, RefusedError

MAXIMUM_DIGITS = 10
MAXIMUM_FORMAT = 200

# Filters of Jinja's whose work is no more than what goes in and comes out. Left out on purpose:
# center, indent, truncate, wordwrap, batch, slice and format make any number of characters or
# items of a short text; random is not the template's to decide; the rest is for web pages.
STOCK_FILTERS = (
    "abs", "count", "first", "float", "int", "items", "last", "length", "list", "map", "max",
    "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "sum", "unique",
)  # fmt: skip
STOCK_TESTS = (
    "boolean", "defined", "eq", "equalto", "==", "even", "false", "float", "ge", ">=", "gt", ">",
    "greaterthan", "divisibleby", "in", "integer", "iterable", "le", "<=", "lessthan", "lower",
    "lt", "<", "mapping", "ne", "!=", "none", "number", "odd", "sequence", "string", "true",
    "undefined", "upper",
)  # fmt: skip
# "%9999999999d" % 2 is a text of ten gigabytes, and these tests are written with '%'.
_ARITHMETIC_TESTS = ("divisibleby", "even", "odd")
METHODS = (
    "capitalize", "endswith", "format", "get", "is_integer", "isdigit", "isoweekday", "items",
    "keys", "lower", "lstrip", "replace", "rstrip", "split", "startswith", "strip", "title",
    "total_seconds", "upper", "values", "weekday",
)  # fmt: skip
# Methods that are the same as a filter; the others are called by the filter '_call'.
METHOD_FILTERS = {
    "format": "_format", "replace": "replace", "strip": "trim",
    "capitalize": "capitalize", "lower": "lower", "title": "title", "upper": "upper",
}  # fmt: skip
# Texts for str.format whose fields have a width and a precision of at most two digits.
_FORMAT = re.compile(
    r"([^{}]|\{\{|\}\}|\{\w*(:[<>=^]?[-+ ]?0?\d{0,2},?(\.\d{1,2})?[bdeEfFgGosxX%]?)?\})*"
)

_Function = Callable[..., Any]


def filters(stock: Environment) -> dict[str, Any]:
    """All filters; those of Jinja's are called in ``stock``, a sandbox that has its own."""
    own = {name: _stock_filter(stock, name) for name in STOCK_FILTERS} | _OWN_FILTERS
    own["_call"] = _call(stock)
    bounded = {name: _filter(function) for name, function in own.items()}
    return bounded | {"default": _default, "d": _default, "_each": _each, "_weigh": _weigh}


def tests(stock: Environment) -> dict[str, Any]:
    """All tests, as ``x is odd``."""
    return {name: _test(stock, name) for name in STOCK_TESTS}


@pass_context
def _default(context: BoundedContext, value: Any, instead: Any = "", boolean: bool = False) -> Any:
    there = bool(value) if boolean else not isinstance(value, Undefined)
    return context.bounded(value if there else instead)


@pass_context
def _each(context: BoundedContext, value: Any) -> tuple[Any, ...]:
    items = tuple(context.bounded(value))
    context.turns -= len(items)
    if context.turns < 0:
        raise RefusedError(f"its loops take more than {TURNS:,} turns")
    return items


@pass_context
def _weigh(context: BoundedContext, value: Any) -> Any:
    return context.bounded(value)


def _filter(function: _Function) -> _Function:
    """Pay for what goes into a filter and comes out of it; a missing value does not go in."""

    @pass_context
    def filtered(context: BoundedContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, Undefined):
            value = str(value)  # raises for a missing one; 'a if b' without 'else' is empty
        context.bounded([value, *args, *kwargs.values()])
        return context.bounded(function(context, value, *args, **kwargs))

    return filtered


def _stock_filter(stock: Environment, name: str) -> _Function:
    def filtered(context: BoundedContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        return stock.call_filter(name, value, args, kwargs, context=context)

    return filtered


def _test(stock: Environment, name: str) -> _Function:
    @pass_context
    def tested(context: BoundedContext, value: Any, *args: Any) -> bool:
        context.bounded([value, *args])
        if name in _ARITHMETIC_TESTS and not isinstance(value, int | float):
            raise RefusedError(f"'is {name}' is for numbers")
        return bool(stock.call_test(name, value, args, context=context))

    return tested


def _text(method: _Function) -> _Function:
    """Make a filter of a method of texts; other values are put into words first."""

    def filtered(context: BoundedContext, value: Any, *args: Any) -> Any:
        return method(context.spoken(value), *args)

    return filtered


def _replace(context: BoundedContext, value: Any, old: Any, new: Any, count: int = -1) -> str:
    text, old, new = (context.spoken(one) for one in (value, old, new))
    context.pay(text.count(old) * len(new))
    return text.replace(old, new, count)


def _join(context: BoundedContext, value: Any, between: Any = "", attribute: Any = None) -> str:
    if attribute is not None:
        value = context.environment.call_filter(
            "map", value, (), {"attribute": attribute}, context=context
        )
    parts, between = [context.spoken(item) for item in value], context.spoken(between)
    context.pay(len(parts) * len(between))
    return str(between).join(parts)


def _concat(context: BoundedContext, values: list[Any]) -> str:
    return "".join(context.spoken(value) for value in values)


def _round(
    _context: BoundedContext,
    value: Any,
    precision: int = 0,
    method: Literal["common", "ceil", "floor"] = "common",
) -> Any:
    if not 0 <= precision <= MAXIMUM_DIGITS:  # a power of ten is worked out for it
        raise RefusedError(f"'round' is to 0 to {MAXIMUM_DIGITS} digits")
    return do_round(value, precision, method)


def _format(context: BoundedContext, value: Any, *args: Any, **kwargs: Any) -> str:
    text = context.spoken(value)
    if len(text) > MAXIMUM_FORMAT or not _FORMAT.fullmatch(text):
        raise RefusedError("'format' takes fields such as {}, {0:02d} and {name:.1f} only")

    def ready(one: Any) -> Any:
        return one if isinstance(one, int | float) else context.spoken(one)

    return text.format(*map(ready, args), **{key: ready(one) for key, one in kwargs.items()})


def _call(stock: Environment) -> _Function:
    def filtered(_context: BoundedContext, value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        if name not in METHODS:
            raise RefusedError(f"'{name}' cannot be called")
        return stock.getattr(value, name)(*args, **kwargs)

    return filtered


_OWN_FILTERS: dict[str, _Function] = {
    "capitalize": _text(str.capitalize),
    "lower": _text(str.lower),
    "string": _text(str),
    "title": _text(str.title),
    "trim": _text(str.strip),
    "upper": _text(str.upper),
    "join": _join,
    "replace": _replace,
    "round": _round,
    "_concat": _concat,
    "_format": _format,
}
FILTERS = tuple(sorted({"default", "d", *STOCK_FILTERS, *(n for n in _OWN_FILTERS if n[0] != "_")}))

"""The environment of replies: Jinja's sandbox, in which everything that costs is paid for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from jinja2 import nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from assistant.speech.sandbox.filters import METHOD_FILTERS, filters, tests
from assistant.speech.sandbox.work import TURNS, WORK, BoundedContext, Missing, RefusedError, weight

MAXIMUM_EXPONENT = 64
FUNCTIONS = ("namespace", "range")


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of all replies. It holds nothing of any of them."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "**", "%"])
    context_class = BoundedContext

    def __init__(self) -> None:
        super().__init__(undefined=Missing, finalize=_finalize, optimized=False, cache_size=0)
        stock = ImmutableSandboxedEnvironment(undefined=Missing, cache_size=0)
        self.filters = filters(stock)
        self.tests = tests(stock)
        self.globals: dict[str, Any] = {"range": _range, "namespace": Namespace}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look in a mapping for the item first: a slot may be called 'items'."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, within bounds."""
        assert isinstance(context, BoundedContext)  # noqa: S101 - context_class says so
        context.bounded([left, right])
        if operator == "%" and isinstance(left, str):
            raise RefusedError("'%' is for numbers; write '{:02d}'.format(number) for a text")
        if operator == "**" and not abs(right) <= MAXIMUM_EXPONENT:
            raise RefusedError(f"an exponent is larger than {MAXIMUM_EXPONENT}")
        if operator == "*":
            for one, times in ((left, right), (right, left)):
                if isinstance(one, Collection) and isinstance(times, int):
                    context.pay(weight(one, WORK) * max(times, 0))
        return context.bounded(super().call_binop(context, operator, left, right))

    def bounded(self, text: str) -> nodes.Template:
        """Parse a template, rewritten so that everything that costs is one of the filters here."""
        tree: nodes.Template = _Bounds().visit(self.parse(text))
        tree.set_environment(self)
        return tree


class _Bounds(NodeTransformer):
    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's names
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "_concat")

    def visit_literal(self, node: nodes.Expr) -> nodes.Node:
        self.generic_visit(node)
        return node if getattr(node, "ctx", "load") == "store" else _filtered(node, "_weigh")

    visit_List = visit_Dict = visit_Tuple = visit_Getitem = visit_literal  # noqa: N815

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _filtered(node.expr, "_weigh")
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, "_weigh")
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        assert isinstance(node.iter, nodes.Expr)  # noqa: S101 - narrows what Jinja types as Node
        node.iter = _filtered(node.iter, "_each")
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Getattr):
            return node
        name = node.node.attr
        if name in METHOD_FILTERS:
            return _filtered(node.node.node, METHOD_FILTERS[name], node.args, node.kwargs)
        return _filtered(node.node.node, "_call", [nodes.Const(name), *node.args], node.kwargs)


def _filtered(
    node: nodes.Expr,
    name: str,
    args: list[nodes.Expr] | None = None,
    kwargs: list[Any] | None = None,
) -> nodes.Filter:
    return nodes.Filter(node, name, args or [], kwargs or [], None, None, lineno=node.lineno)


@pass_context
def _finalize(context: BoundedContext, value: Any) -> str:
    return context.spoken(value)


def _range(*args: int) -> range:
    numbers = range(*args)
    if len(numbers) > TURNS:
        raise RefusedError(f"a range has more than {TURNS:,} numbers")
    return numbers

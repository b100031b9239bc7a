"""What a Jinja template says about itself: what is wrong with it, and which names it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jinja2 import meta, nodes

from assistant.speech.sandbox.environment import FUNCTIONS
from assistant.speech.sandbox.filters import FILTERS, METHODS, STOCK_TESTS
from assistant.yamlsource import did_you_mean

# Home Assistant's deepest response template has 15 levels. Python refuses 20 blocks in each other.
MAXIMUM_DEPTH = 18

SLOTS = "slots"
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign,
    nodes.AssignBlock, nodes.Name, nodes.NSRef, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Slice, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Keyword,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow,
    nodes.Concat, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair,
)  # fmt: skip
_TAGS = {
    "CallBlock": "call", "FilterBlock": "filter", "FromImport": "from", "Scope": "with",
    "ScopedEvalContextModifier": "autoescape",
}  # fmt: skip
_SINGLE_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong on a line of a template (from 1); ``word`` is what to point at there."""

    message: str
    line: int
    word: str = ""
    hint: str = ""


def mistakes(tree: nodes.Template) -> list[Mistake]:
    """Find what a reply may not do, and names of filters, tests and functions that are none."""
    if deep := _too_deep(tree):
        return [Mistake(f"nested deeper than {MAXIMUM_DEPTH} levels", deep.lineno)]
    return [mistake for node in _in_order(tree) for mistake in _mistakes_of(node)]


def names(tree: nodes.Template, bounded: nodes.Template) -> dict[str, int]:
    """Names of slots and values that a template mentions, each with its first line.

    ``slots.name`` and ``name`` are the same one. Names that the template sets are not among them.
    ``bounded`` is the template as it will be compiled: Jinja works out what is constant in it.
    """
    found: dict[str, int] = {}
    free = meta.find_undeclared_variables(bounded) - {SLOTS}
    stored: set[str] = set()
    called = {id(node.node) for node in tree.find_all(nodes.Call)}
    for node in _in_order(tree):
        name = _slot(node)
        if isinstance(node, nodes.Name) and id(node) not in called:
            if node.ctx == "store":
                stored.add(node.name)
            elif node.name in free - stored:
                name = node.name
        if name is not None:
            found.setdefault(name, node.lineno)
    return found


def needed(tree: nodes.Template, mentioned: Iterable[str]) -> frozenset[str]:
    """Those names without which a template can certainly not be rendered."""
    stored = frozenset(node.name for node in tree.find_all(nodes.Name) if node.ctx == "store")
    return frozenset(name for name in mentioned if _Without(name, name in stored).fails(tree.body))


def _in_order(tree: nodes.Node) -> Iterator[nodes.Node]:
    """All nodes in the order of their work: a value comes before the name that it is given."""
    yield tree
    children = list(tree.iter_child_nodes())
    if isinstance(tree, nodes.Assign | nodes.AssignBlock):
        children.sort(key=lambda child: child is tree.target)
    elif isinstance(tree, nodes.For):
        children.sort(key=lambda child: child is not tree.iter)
    for child in children:
        yield from _in_order(child)


def _too_deep(tree: nodes.Node) -> nodes.Node | None:
    level: list[nodes.Node] = [tree]
    for _ in range(MAXIMUM_DEPTH):
        level = [child for node in level for child in node.iter_child_nodes()]
    return level[0] if level else None


def _mistakes_of(node: nodes.Node) -> Iterator[Mistake]:
    line = node.lineno
    match node:
        case nodes.For() if node.recursive:
            yield Mistake("a loop of a reply cannot be recursive", line, "recursive")
        case nodes.Name(name="self" | "super" as name) | nodes.Getattr(attr=name) if (
            name.startswith("_") or isinstance(node, nodes.Name)
        ):
            yield Mistake(f"a reply cannot use '{name}'", line, name)
        case nodes.Filter():
            yield from _unknown("filter", node.name, FILTERS, line)
        case nodes.Test():
            yield from _unknown("test", node.name, STOCK_TESTS, line)
        case nodes.Call(node=nodes.Getattr(attr=name)):
            yield from _unknown("method", name, METHODS, line)
        case nodes.Call(node=nodes.Name(name=name)):
            yield from _unknown("function", name, FUNCTIONS, line)
        case nodes.Call():
            yield Mistake("only functions and methods can be called", line)
        case nodes.TemplateData():
            yield from _single_braces(node)
    if not isinstance(node, _ALLOWED):
        kind = type(node).__name__
        tag = _TAGS.get(kind, kind.lower())
        yield Mistake(f"a reply cannot use '{{% {tag} %}}'", line, tag)
    if isinstance(node, nodes.Filter | nodes.Test | nodes.Call) and (
        node.dyn_args is not None or node.dyn_kwargs is not None
    ):
        yield Mistake("a reply cannot use '*' or '**' before an argument", line, "*")


def _single_braces(node: nodes.TemplateData) -> Iterator[Mistake]:
    for braces in _SINGLE_BRACES.finditer(node.data):
        line = node.lineno + node.data.count("\n", 0, braces.start())
        hint = f"this text is a template, so write '{{{{ {braces[1]} }}}}'"
        yield Mistake(f"'{braces[0]}' is not filled here", line, braces[0], hint)


def _unknown(kind: str, name: str, known: Sequence[str], line: int) -> Iterator[Mistake]:
    if name not in known:
        hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
        yield Mistake(f"there is no {kind} '{name}' for replies", line, name, hint)


def _slot(node: nodes.Node | None) -> str | None:
    """Name in ``slots.name``, ``slots['name']`` or ``slots.get('name')``."""
    match node:
        case nodes.Getattr(node=nodes.Name(name="slots"), attr=attr) if attr not in METHODS:
            return attr
        case nodes.Getitem(node=nodes.Name(name="slots"), arg=nodes.Const(value=str(key))):
            return key
        case nodes.Call(
            node=nodes.Getattr(node=nodes.Name(name="slots"), attr="get"),
            args=[nodes.Const(value=str(key)), *_],
        ):
            return key
    return None


@dataclass(frozen=True, slots=True)
class _Without:
    """What is certain of a template while one name is missing.

    ``stored``: the template sets the plain name itself, so that only ``slots.name`` is missing.
    """

    name: str
    stored: bool

    def fails(self, body: Iterable[nodes.Node]) -> bool:
        """Tell if statements certainly come to speak, or calculate with, what is not there."""
        return any(self._statement_fails(node) for node in body)

    def _statement_fails(self, node: nodes.Node) -> bool:
        match node:
            case nodes.Output():
                return any(self.breaks(one) for one in node.nodes)
            case nodes.If():
                branches = [(node.test, node.body), *((e.test, e.body) for e in node.elif_)]
                return self._branches_fail(branches, node.else_)
            case nodes.For():
                return self.raises(node.iter)
            case nodes.Assign():
                return self.raises(node.node)
            case nodes.AssignBlock():
                return self.fails(node.body)
        return False

    def _branches_fail(
        self, branches: list[tuple[nodes.Node, list[nodes.Node]]], otherwise: list[nodes.Node]
    ) -> bool:
        for at, (test, body) in enumerate(branches):
            if self.raises(test):
                return True
            truth = self.truth(test)
            if truth is None:
                rest = self._branches_fail(branches[at + 1 :], otherwise)
                return rest and self.fails(body)
            if truth:
                return self.fails(body)
        return self.fails(otherwise)

    def missing(self, node: nodes.Node | None) -> bool:
        """Tell if an expression is certainly a missing value."""
        match node:
            case nodes.Name(name=name):
                return name == self.name and not self.stored
            case nodes.Or():
                return self.missing(node.left) and self.missing(node.right)
            case nodes.And():
                return self.missing(node.left)
            case nodes.CondExpr() if node.expr2 is not None:
                return all(self.missing(one) for one in self._chosen(node))
        return _slot(node) == self.name

    def breaks(self, node: nodes.Node | None) -> bool:
        """Tell if an expression certainly cannot be spoken or calculated with."""
        return node is not None and (self.missing(node) or self.raises(node))

    def raises(self, node: nodes.Node | None) -> bool:
        """Tell if working out an expression certainly fails."""
        if node is None or _slot(node) is not None:
            return False
        match node:
            case nodes.Filter(name="default" | "d"):
                return self.raises(node.node)
            case nodes.Filter() | nodes.Getattr() | nodes.Getitem() | nodes.Neg() | nodes.Pos():
                return self.breaks(node.node)
            case nodes.Call(node=nodes.Getattr(attr="format", node=text)):
                return any(self.breaks(one) for one in (text, *node.args))
            case nodes.Or():
                return self.raises(node.left) or (
                    self.truth(node.left) is False and self.raises(node.right)
                )
            case nodes.And():
                return self.raises(node.left) or (
                    self.truth(node.left) is True and self.raises(node.right)
                )
            case nodes.CondExpr():
                return self.raises(node.test) or all(self.raises(one) for one in self._chosen(node))
            case nodes.Concat():
                return any(self.breaks(one) for one in node.nodes)
            case nodes.BinExpr():
                return self.breaks(node.left) or self.breaks(node.right)
            case nodes.Compare():
                sides = [node.expr, *(operand.expr for operand in node.ops)]
                if any(operand.op in ("lt", "lteq", "gt", "gteq") for operand in node.ops[:1]):
                    return any(self.breaks(one) for one in sides[:2])
                return any(self.raises(one) for one in sides[:2])
        return any(self.raises(child) for child in node.iter_child_nodes())

    def truth(self, node: nodes.Node) -> bool | None:
        """Tell whether a test holds; None where it depends on what is there."""
        match node:
            case nodes.Not():
                truth = self.truth(node.node)
                return None if truth is None else not truth
            case nodes.Test(name="defined") if self.missing(node.node):
                return False
            case nodes.Test(name="undefined") if self.missing(node.node):
                return True
            case nodes.Test(name="none" | "number" | "string") if self.missing(node.node):
                return False
            case nodes.And() | nodes.Or():
                both = self.truth(node.left), self.truth(node.right)
                decisive = isinstance(node, nodes.Or)
                if decisive in both:
                    return decisive
                return None if None in both else not decisive
            case nodes.Compare(ops=[nodes.Operand(op="eq" | "ne" as op, expr=nodes.Const())]):
                return op == "ne" if self.missing(node.expr) else None
        return False if self.missing(node) else None

    def _chosen(self, node: nodes.CondExpr) -> list[nodes.Expr | None]:
        """Branches that 'a if b else c' may take."""
        truth = self.truth(node.test)
        both = ((node.expr1, truth is not False), (node.expr2, truth is not True))
        return [branch for branch, taken in both if taken]

"""Replies that are Jinja templates: what they say, what they may not, and what is wrong in them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import Problem
from assistant.speech.spoken import spoken
from assistant.speech.templates import (
    MAXIMUM_CHARACTERS,
    MAXIMUM_TEMPLATE,
    Failure,
    Needs,
    check,
    is_template,
    needs,
    place,
    render,
)
from assistant.yamlsource import Mapping, Text, parse

VALUES: dict[str, Any] = {
    "minutes": 5,
    "name": "pasta",
    "area": "living room",
    "left": dt.timedelta(minutes=5),
    "time": dt.time(19, 30),
    "names": ["tea", "pasta", "rice"],
    "none": [],
    "state": {"state": "on", "name": "lamp", "attributes": {"brightness": 40}},
    "items": 3,
    "long": "x" * 1000,
    "bomb": "%9999999999d",
}
speak = partial(spoken, locale="en")


def said(text: str, **values: Any) -> str | Failure:
    return render(text, {**VALUES, **values}, speak)


def read(yaml: str) -> Text:
    problems: list[Problem] = []
    top = parse(yaml, "a.yaml", problems)
    assert isinstance(top, Mapping)
    assert problems == []
    text = top.get("a")
    assert isinstance(text, Text)
    return text


def errors(yaml: str, *known: str) -> str:
    return "\n".join(map(str, check(read(yaml), known or VALUES.keys())))


def test_braces_tell_a_template() -> None:
    assert is_template("{{ name }}")
    assert is_template("a {% if b %}{% endif %}")
    assert not is_template("{name} {# no #}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ slots.name }} and {{ name }}", "pasta and pasta"),
        ("{{ slots['name'] }}, {{ slots.get('name') }}", "pasta, pasta"),
        ("{{ slots.items }} things", "3 things"),
        ("{{ left }} left", "5 minutes left"),
        ("{{ 'In ' ~ left ~ '.' }}", "In 5 minutes."),
        ("{{ left | upper }}", "5 MINUTES"),
        ("At {{ time }}.", "At 7:30 PM."),
        ("{{ '{0:02d}'.format(time.minute) }}", "30"),
        ("{{ '{:>5} {x}'.format(minutes, x=left) }}", "5 5 minutes"),
        ("{{ left.total_seconds() | int }}", "300"),
        ("{{ names }}", "tea, pasta, and rice"),
        ("{{ names | sort | join(', ') }}", "pasta, rice, tea"),
        ("{{ [left, time] | join(' to ') }}", "5 minutes to 7:30 PM"),
        ("{{ minutes }} minute{{ 's' if minutes != 1 }}", "5 minutes"),
        ("{% if minutes == 5 %}five{% else %}other{% endif %}", "five"),
        ("{% if left > time_limit %}a{% endif %}b", Failure("'time_limit' is undefined", True)),
        ("{{ minutes * 60 + 1 }} {{ 7 // 2 }} {{ 7 % 2 }} {{ 2 ** 10 }}", "301 3 1 1024"),
        ("{{ 'ab' * 3 }} {{ [1, 2] * 2 }}", "ababab 1, 2, 1, and 2"),
        ("{{ (7 / 2) | round(0, 'floor') | int }}", "3"),
        ("{{ state.state }} {{ state.attributes.brightness }}", "on 40"),
        ("{{ {'on': 'burning'}.get(state.state, 'out') }}", "burning"),
        ("{{ names[0] }} {{ names[1:] | length }} {{ names | last | capitalize }}", "tea 2 Rice"),
        (
            "{% for n in names %}{{ n }}{{ ', ' if not loop.last }}{% endfor %}",
            "tea, pasta, rice",
        ),
        (
            "{% set n = namespace(a=0) %}{% for i in [3] %}{% set n.a = i %}{% endfor %}{{ n.a }}",
            "3",
        ),
        ("{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12"),
        ("{% set x %}{{ name }}!{% endset %}{{ x }}", "pasta!"),
        ("{{ names | select('in', ['tea']) | first }}", "tea"),
        ("{{ [state] | map(attribute='state') | join }}", "on"),
        ("{{ name.replace('a', 'o') }} {{ area.split()[1] }}", "posto room"),
        ("  a \n\n {% if name %}\n b\n{% endif %}  ", "a b"),
        ("{% if not name %}a{% endif %}", ""),
        ("{% raw %}{{ }}{% endraw %}", "{{ }}"),
        ("{{ '{{ name }}' }}", "{{ name }}"),
    ],
)
def test_a_template_is_rendered(text: str, expected: str | Failure) -> None:
    assert said(text) == expected


def test_a_value_is_not_rendered_again() -> None:
    assert said("{{ name }}", name="{{ 1 + 1 }}") == "{{ 1 + 1 }}"


def test_words_are_those_of_the_speaker() -> None:
    assert render("{{ left }}", VALUES, partial(spoken, locale="de")) == "5 Minuten"


@pytest.mark.parametrize(
    "text",
    [
        "{{ area }}",
        "{{ slots.area }}",
        "{{ area | upper }}",
        "{{ 'in ' ~ area }}",
        "{{ area.name }}",
        "{{ area + 1 }}",
        "{{ [1, area] }}",
        "{{ none }}",
        "{{ {}.get('a') }}",
        "{{ [] | first }}",
        "{{ 'a' ~ 99[0] }}",
        "{{ 'x' if area else area }}",
    ],
)
def test_what_is_not_there_is_a_hole(text: str) -> None:
    result = render(text, {}, speak)
    assert isinstance(result, Failure)
    assert result.hole


@pytest.mark.parametrize(
    "text",
    [
        "{% if area %}in {{ area }} {% endif %}done",
        "{% if slots.area is defined %}{{ slots.area }}{% endif %}done",
        "{% if area == 'hall' %}hall {% endif %}done",
        "{% for one in area %}{{ one }}{% endfor %}done",
        "{{ area | default('done') }}",
        "{{ area or 'done' }}",
        "{{ 'in ' ~ area if area }}done",
    ],
)
def test_what_is_not_there_can_be_asked_for(text: str) -> None:
    assert render(text, {}, speak) == "done"


HOSTILE = {
    "a text many times": "{{ 'x' * 10000000000 }}",
    "many times a text": "{{ 10000000000 * long }}",
    "a list many times": "{{ ([1] * 10000000000) | length }}",
    "a power": "{{ 10 ** 10 ** 10 }}",
    "a power of an exponent": "{{ 9 ** 9999999999 }}",
    "squares of squares": "{% set x = 99 %}" + "{% set x = x * x %}" * 60 + "{{ x }}",
    "a negative shift": "{{ 1 | round(-9999999999) }}",
    "a rounding up": "{{ 1 | round(9999999999, 'ceil') }}",
    "a width": "{{ '{:9999999999d}'.format(1) }}",
    "a precision": "{{ '{:.999999999f}'.format(1) }}",
    "a width from a value": "{{ '{:{}d}'.format(1, 9999999999) }}",
    "a width in escaped braces": "{{ '{0:{{1}}}'.format(1, 9999999999) }}",
    "an attribute in a format": "{{ '{0.__class__}'.format(name) }}",
    "a percent sign": "{{ bomb % 1 }}",
    "a percent sign written out": "{{ '%9999999999d' % 1 }}",
    "a percent sign in a test": "{{ 'a' if bomb is odd }}",
    "a percent sign in another test": "{{ 'a' if bomb is divisibleby(1) }}",
    "a percent sign in a select": "{{ [bomb] | select('even') | list }}",
    "doubling": "{% set x = long %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "doubling with plus": "{% set x = long %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    "doubling with set": "{% set x = long %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
    "doubling with join": "{% set x = long %}" + "{% set x = [x, x] | join %}" * 60,
    "doubling in a loop": "{% set n = namespace(x=long) %}{% for i in range(999) %}"
    "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "lists of lists": "{% set x = ['a'] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}",
    "mappings of mappings": "{% set x = {} %}" + "{% set x = {1: x, 2: x} %}" * 60,
    "namespaces of namespaces": "{% set x = namespace(a=1) %}"
    + "{% set y = namespace() %}{% set y.a = x %}{% set y.b = x %}{% set x = y %}" * 60
    + "{{ x }}",
    "namespaces in namespaces": "{% set x = namespace(a=1) %}"
    + "{% set x = namespace(a=x, b=x) %}" * 60
    + "{{ x ~ '' }}",
    "a namespace that holds itself": "{% set x = namespace() %}{% set x.a = [x] %}{{ x.a }}",
    "replacing nothing": "{{ long.replace('', long).replace('', long) }}",
    "replacing by a filter": "{{ long | replace('x', long) | replace('x', long) }}",
    "joining with much": "{{ range(1000) | join(long) }}",
    "a sum of texts": "{{ [long, long] | sum(start='') }}",
    "a long range": "{{ range(10000000000) | list }}",
    "a long loop": "{% for i in range(10000000000) %}{% endfor %}",
    "loops in loops": "{% for i in range(999) %}{% for j in range(999) %}"
    "{% for k in range(999) %}a{% endfor %}{% endfor %}{% endfor %}",
    "a filter in loops": "{% for i in range(999) %}{{ '' if names | sort == names * 100 }}"
    "{% endfor %}",
    "comparing in loops": "{% set x = range(999) | list %}{% for i in x %}"
    "{{ '' if x == x[::1] }}{% endfor %}",
    "a large number": "{{ '1e300' | float | int }}",
    "a number of many digits": "{{ " + "9" * 5000 + " }}",
    "centring": "{{ 'x' | center(9999999999) }}",
    "indenting": "{{ 'x' | indent(9999999999) }}",
    "slicing": "{{ 'x' | slice(9999999999) | list }}",
    "batching": "{{ 'x' | batch(9999999999, 'y') | list }}",
    "formatting": "{{ '%9999999999d' | format(1) }}",
    "formatting by map": "{{ ['%9999999999d'] | map('format', 1) | list }}",
    "wrapping": "{{ 'x y' | wordwrap(1, wrapstring=long * 99) }}",
    "blind text": "{{ lipsum(999999) }}",
    "a macro of itself": "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    "a loop of itself": "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "a call of a loop": "{% for a in [1] %}{{ loop([1]) }}{% endfor %}",
    "a cycle": "{% for a in [1] %}{{ loop.cycle(1) }}{% endfor %}",
    "including": "{% include '/etc/passwd' %}",
    "importing": "{% import 'os' as os %}",
    "extending": "{% extends 'x' %}",
    "the class": "{{ ''.__class__.__mro__ }}",
    "the class by item": "{{ ''['__class__']['__mro__'] }}",
    "the class by map": "{{ [''] | map(attribute='__class__') | list }}",
    "the class by sort": "{{ ['', 'a'] | sort(attribute='__class__.__mro__') }}",
    "the class by attr": "{{ '' | attr('__class__') }}",
    "globals": "{{ self._TemplateReference__context }}",
    "globals of a function": "{{ range.__globals__ }}",
    "a function": "{{ range }}",
    "a method": "{{ name.upper }}",
    "a method in a list": "{{ [name.upper] }}",
    "a called value": "{{ (name.upper)()() }}",
    "a method by map": "{{ (['%d'] | map(attribute='format') | first)(1) }}",
    "an internal filter": "{{ [name] | map('_call', '__class__') | list }}",
    "an argument list": "{{ '{}'.format(*range(9)) }}",
    "changing a value": "{{ names.append(1) }}",
    "changing the slots": "{% set slots.name = 1 %}",
    "nested brackets": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "nested lists": "{{ " + "[" * 90 + "]" * 90 + " }}",
    "a long sum": "{{ 1" + " + 1" * 1500 + " }}",
    "many dots": "{{ name" + ".a" * 3000 + " }}",
    "nested tests": "{% if name %}" * 200 + "{% endif %}" * 200,
    "nested loops": "{% for a in [1] %}" * 19 + "{% endfor %}" * 19,
    "a loop named loop": "{% for loop in [1] %}{% endfor %}",
    "a long template": "{{ name }}" + "x" * MAXIMUM_TEMPLATE,
    "a long reply": "{{ long }} {{ long }}",
    "a long reply by loop": "{% for i in range(900) %}" + "x" * 99 + "{% endfor %}",
    "a division by nothing": "{{ 1 / 0 }}",
    "apples and pears": "{{ name + 1 }}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_template_hangs_or_eats_the_memory(text: str) -> None:
    result = said(text)
    assert isinstance(result, Failure)
    assert result.reason


def test_a_text_that_is_long_to_work_out_may_be_short() -> None:
    assert said("{{ long | length }}{{ (long ~ long) | length }}") == "10002000"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ 'x' * 1000000 }}", "it takes more than 100,000 characters and items of work"),
        ("{% for a in range(600) %}{% endfor %}" * 2, "its loops take more than 1,000 turns"),
        ("{{ range(1001) }}", "a range has more than 1,000 numbers"),
        ("{{ 2 ** 65 }}", "an exponent is larger than 64"),
        ("{{ 2 ** 64 }}", "a number is larger than 2 to the 64th"),
        ("{{ long }}{{ long }}{{ 1 }}", "it says more than 2,000 characters"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ name | uper }}", "there is no filter 'uper' for replies"),
    ],
)
def test_a_failure_says_why(text: str, reason: str) -> None:
    assert said(text) == Failure(reason)


def needed(always: str = "", sometimes: str = "") -> Needs:
    return Needs(frozenset(always.split()), frozenset(sometimes.split()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a} and {b}", needed("a b")),
        ("no names", needed()),
        ("{{ a }} {{ slots.b }} {{ slots['c'] }} {{ slots.get('d') }}", needed("a b c d")),
        ("{{ a | upper }} {{ b ~ 'x' }} {{ c + 1 }} {{ d.e }} {{ -f }}", needed("a b c d f")),
        ("{% if a %}{{ a }}{% endif %}", needed("", "a")),
        ("{% if a is defined %}{{ a }}{% endif %}", needed("", "a")),
        ("{% if a is not defined %}x{% else %}{{ a }}{% endif %}", needed("", "a")),
        ("{% if not a %}x{% else %}{{ a }}{% endif %}", needed("", "a")),
        ("{% if a is undefined %}{{ a }}{% endif %}", needed("a")),
        ("{% if a == 1 %}one{% else %}{{ a }}{% endif %}", needed("a")),
        ("{% if a != 1 %}{{ a }}{% endif %}", needed("a")),
        ("{% if a < 1 %}x{% endif %}", needed("a")),
        ("{% if a in [1] %}x{% endif %}", needed("", "a")),
        ("{% if a and b %}{{ a }}{{ b }}{% endif %}", needed("", "a b")),
        ("{% if a or b %}{{ a }}{% endif %}", needed("", "a b")),
        ("{% if b %}x{% elif a %}{{ a }}{% else %}y{% endif %}", needed("", "a b")),
        ("{% if b %}{{ a }}{% else %}{{ a }}s{% endif %}", needed("a", "b")),
        ("{{ a | default('x') }}{{ b or 'x' }}{{ c | d }}", needed("", "a b c")),
        ("{{ a if a else 'x' }}{{ 'x' if b }}", needed("", "a b")),
        ("{{ 'x' ~ a if a is defined }}", needed("", "a")),
        ("{{ 'x' if b else a }}", needed("", "a b")),
        ("{{ '{}'.format(a) }}{{ 'x'.replace('x', b) }}", needed("a", "b")),
        ("{% for x in a %}{{ x }}{{ loop.index }}{% endfor %}", needed("", "a")),
        ("{% for x in a | sort %}{{ x }}{% endfor %}", needed("a")),
        ("{% set a = a | int %}{{ a }}", needed("", "a")),
        ("{% set a = b %}{% if a %}{{ a }}{% endif %}", needed("", "b")),
        ("{% set a = slots.a or 1 %}{{ a }}", needed("", "a")),
        ("{% if b %}{% set m = 1 %}{{ m }}{% endif %}", needed("", "b")),
        ("{{ range(3) | join }}{{ slots | length }}{{ namespace(x=1).x }}", needed()),
        ("{{ a", needed()),
    ],
)
def test_a_template_tells_what_it_needs(text: str, expected: Needs) -> None:
    assert needs(text) == expected


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        (
            'a: "{{ slots.nmae }} is here"',
            """\
a.yaml:1:14: there is no slot or value 'nmae'
    a: "{{ slots.nmae }} is here"
                 ^^^^
    did you mean 'name'?""",
        ),
        (
            "a: |\n  nmae is\n  {% if name %}\n    {{ nmae }}\n  {% endif %}\n",
            """\
a.yaml:4:8: there is no slot or value 'nmae'
        {{ nmae }}
           ^^^^
    did you mean 'name'?""",
        ),
        (
            "a: >\n  in {{ name }}\n  and {{ state.stat | uper }}\n",
            """\
a.yaml:3:23: there is no filter 'uper' for replies
      and {{ state.stat | uper }}
                          ^^^^
    did you mean 'upper'?""",
        ),
        (
            'a: "{{ name is defind }}"',
            """\
a.yaml:1:16: there is no test 'defind' for replies
    a: "{{ name is defind }}"
                   ^^^^^^
    did you mean 'defined'?""",
        ),
        (
            'a: "{{ nam.uppr() }}{{ now() }}"',
            """\
a.yaml:1:12: there is no method 'uppr' for replies
    a: "{{ nam.uppr() }}{{ now() }}"
               ^^^^
    did you mean 'upper'?
a.yaml:1:24: there is no function 'now' for replies
    a: "{{ nam.uppr() }}{{ now() }}"
                           ^^^
    known: namespace, range""",
        ),
        (
            'a: "{name} has {{ minutes }}"',
            """\
a.yaml:1:5: '{name}' is not filled here
    a: "{name} has {{ minutes }}"
        ^^^^^^
    this text is a template, so write '{{ name }}'""",
        ),
        (
            "a: |\n  {% if name %}\n    x\n",
            """\
a.yaml:2:6: the template is wrong: unexpected end of template. Jinja was looking for the \
following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'
      {% if name %}
         ^^""",
        ),
        (
            'a: "{{ name name }}"',
            """\
a.yaml:1:8: the template is wrong: expected token 'end of print statement', got 'name'
    a: "{{ name name }}"
           ^^^^""",
        ),
        (
            "a: |\n  x\n  {% fi name %}\n",
            """\
a.yaml:3:6: the template is wrong: encountered unknown tag 'fi'
      {% fi name %}
         ^^""",
        ),
        (
            'a: "{% include name %}{{ name.__class__ }}"',
            """\
a.yaml:1:8: a reply cannot use '{% include %}'
    a: "{% include name %}{{ name.__class__ }}"
           ^^^^^^^
a.yaml:1:31: a reply cannot use '__class__'
    a: "{% include name %}{{ name.__class__ }}"
                                  ^^^^^^^^^""",
        ),
        ('a: "{{ name }} {{ slots.minutes }} {% if area is defined %}{{ area }}{% endif %}"', ""),
    ],
)
def test_mistakes_have_their_place(yaml: str, expected: str) -> None:
    assert errors(yaml, "name", "minutes", "area", "state") == expected


def test_names_are_checked_when_they_are_known() -> None:
    assert check(read('a: "{{ nothing }}"')) == []
    assert str(check(read('a: "{{ nothing }}"'), ["reason"], "value")[0]) == (
        "a.yaml:1:8: there is no value 'nothing'\n"
        '    a: "{{ nothing }}"\n'
        "           ^^^^^^^\n"
        "    known here: reason"
    )


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("a: 'the {area}, {area}'", "a.yaml:1:9"),
        ("a: 'area {{ slots.area }}'", "a.yaml:1:19"),
        ("a: |\n  area\n  {% if area %}x{% endif %}", "a.yaml:3:9"),
        ("a: 'no'", "a.yaml:1:4"),
    ],
)
def test_a_name_has_its_place(yaml: str, expected: str) -> None:
    assert str(place(read(yaml), "area")) == expected


def test_jinja_is_imported_when_there_is_a_template() -> None:
    program = (
        "import sys; from assistant.speech.templates import needs, render\n"
        "needs('{name}'); print('jinja2' in sys.modules)\n"
        "render('{{ name }}', {}, str); print('jinja2' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\nTrue\n"


ATOMS = """
    {{ }} {% %} if else elif endif for in endfor set endset is not and or name slots . slots.name
    minutes names long left state [ ] ( ) , : 'a' '{}' 1 99 1e9 * ** + - / % ~ | == < upper join
    length map select sort round int replace format default defined odd range namespace ns ns.x =
    loop loop.last raw endraw macro include {name} # {# x
"""
FILTERS = """
    upper join length list sort round int default('a') first replace('',long) map('upper')
    select('odd') sum unique string
"""
EXPRESSIONS = st.recursive(
    st.sampled_from(
        ["name", "slots.area", "minutes", "left", "names", "long", "'a'", "99", "range(9)", "none"]
    ),
    lambda inner: st.one_of(
        st.tuples(
            inner, st.sampled_from(["*", "**", "+", "-", "~", "//", "%", "and", "or", "=="]), inner
        ).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(
            inner,
            st.sampled_from(FILTERS.split()),
        ).map(lambda t: f"({t[0]} | {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}, {t[1]}]"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        inner.map(lambda e: f"{e}[0]"),
        inner.map(lambda e: f"'{{:>3}}'.format({e})"),
    ),
    max_leaves=8,
)
STATEMENTS = st.recursive(
    EXPRESSIONS.map(lambda e: f"{{{{ {e} }}}} "),
    lambda inner: st.one_of(
        st.tuples(EXPRESSIONS, inner, inner).map(
            lambda t: f"{{% if {t[0]} %}}{t[1]}{{% else %}}{t[2]}{{% endif %}}"
        ),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"{{% for x in {t[0]} %}}{t[1]}{{% endfor %}}"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f"{{% set name = {t[0]} %}}{t[1]}"),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=6,
)
TEXTS = st.one_of(
    st.text(st.sampled_from("{}%#'\"|.~*-[]() ax1\n"), max_size=60),
    st.lists(st.sampled_from(ATOMS.split()), max_size=25).map(" ".join),
    STATEMENTS,
).map(lambda text: "{{ name }}" + text)


@given(TEXTS)
def test_any_template_gives_a_text_or_a_failure(text: str) -> None:
    result = said(text)
    wrong = check(Text(text, place(read("a: b"), "")))
    if isinstance(result, Failure):
        assert result.reason
    else:
        assert wrong == []
        assert len(result) <= MAXIMUM_CHARACTERS
        assert result == " ".join(result.split())


@given(STATEMENTS)
def test_a_template_cannot_be_rendered_without_what_it_always_needs(text: str) -> None:
    found = needs(text)
    for name in found.always:
        values = {key: value for key, value in VALUES.items() if key != name}
        assert isinstance(render(text, values, speak), Failure)
    assert found.names <= {*VALUES, "area"}

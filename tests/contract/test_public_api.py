"""The public names and signatures, as `public_api.txt` has them.

When a change is meant, run this file (`python3 tests/contract/test_public_api.py`), which writes the list anew; look at
the difference, and note the change in CHANGELOG.md.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import wardian

MADE = ("Plugin", "Use", "Source")  # by `load` or by a plugin, and by nobody else
LIST = Path(__file__).with_name("public_api.txt")


class Written:
    """An annotation as its author wrote it, without quotes."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def signature(function):
    """The parameters and the result of a function, as they stand in its source."""
    found = inspect.signature(function)
    parameters = [
        each if each.annotation is each.empty else each.replace(annotation=Written(each.annotation))
        for each in found.parameters.values()
    ]
    return str(found.replace(parameters=parameters, return_annotation=Written(found.return_annotation)))


def field_line(field):
    """A field of a dataclass; those of `Limits` are descriptors, which take and give what they are written for."""
    kind = re.sub(r"^_Limit\[(.*)\]$", r"\1", field.type)
    default = "" if field.default is dataclasses.MISSING else f" = {field.default!r}"
    return f"    {field.name}: {kind}{default}"


def members(kind):
    """The public members that a class defines itself, or has from what is not public, each with its signature."""
    for name, member in own(kind):
        if isinstance(member, property):
            yield f"{name}: property -> {inspect.signature(member.fget).return_annotation}"
        elif isinstance(member, (staticmethod, classmethod)):
            yield f"{type(member).__name__} {name}{signature(member.__func__)}"
        elif inspect.iscoroutinefunction(member):
            yield f"async {name}{signature(member)}"
        elif inspect.isfunction(member):
            yield f"{name}{signature(member)}"


def own(kind):
    """The names and members of a class that are its own, and those that it has from classes that are not public."""
    public = {getattr(wardian, name) for name in wardian.__all__}
    for each in kind.__mro__:
        if each is kind or (each not in public and each.__module__.startswith("wardian.")):
            yield from ((name, held) for name, held in vars(each).items() if name == "__call__" or name[0] != "_")


def described(name):
    """The lines of the list for one public name."""
    thing = getattr(wardian, name)
    if not inspect.isclass(thing):
        return [f"{name}{signature(thing)}"]
    bases = ", ".join(base.__name__ for base in thing.__bases__ if base is not object)
    lines = [f"class {name}({bases})" if bases else f"class {name}"]
    if dataclasses.is_dataclass(thing):
        lines += [field_line(field) for field in dataclasses.fields(thing)]
    elif "__init__" in vars(thing) and name not in MADE:
        lines.append(f"    __init__{signature(thing.__init__)}")
    if issubclass(thing, wardian.WardianError):
        lines.append(f"    code = {thing.code!r}")
    return [*lines, *(f"    {member}" for member in members(thing))]


def whole_list():
    """The text that `public_api.txt` has to hold."""
    return "\n\n".join("\n".join(described(name)) for name in sorted(wardian.__all__)) + "\n"


def test_names_and_signatures_are_as_listed():
    assert whole_list() == LIST.read_text("utf-8"), "if the change is meant: python3 tests/contract/test_public_api.py"


def test_the_public_names_are_listed_once_and_in_order():
    assert wardian.__all__ == sorted(set(wardian.__all__))


def test_nothing_else_of_ours_looks_public():
    ours = {name for name, value in vars(wardian).items() if getattr(value, "__module__", "").startswith("wardian")}
    assert {name for name in ours if not name.startswith("_")} <= set(wardian.__all__)


def test_what_is_not_public_is_no_attribute():
    with pytest.raises(AttributeError, match="nothing_of_ours"):
        wardian.nothing_of_ours  # noqa: B018 - looked up, which is what is tested


def docstrings():
    for name in wardian.__all__:
        thing = getattr(wardian, name)
        yield pytest.param(thing, id=name)
        if inspect.isclass(thing):
            for member, value in own(thing):
                if inspect.isfunction(value) or isinstance(value, property):
                    yield pytest.param(value, id=f"{name}.{member}")


@pytest.mark.parametrize("thing", list(docstrings()))
def test_each_public_thing_promises_something_in_one_line(thing):
    first = (thing.__doc__ or "").partition("\n")[0]
    assert re.search(r"\S{2,} \S+", first)
    assert re.search(r"[.;:]$", first)


@pytest.mark.parametrize(
    "thing",
    [
        wardian.Runtime, wardian.Runtime.load, wardian.Runtime.compile, wardian.Plugin.call, wardian.Limits,
        wardian.Grants,
    ],
)  # fmt: skip
def test_what_can_fail_says_what_it_raises(thing):
    assert "Raises:" in thing.__doc__


@pytest.mark.parametrize("kind", [wardian.Limits, wardian.Grants, wardian.Receipt, wardian.LogLine])
def test_each_field_of_a_public_value_is_explained(kind):
    explained = re.findall(r"^ +(\w+): ", kind.__doc__, re.MULTILINE)
    assert [field.name for field in dataclasses.fields(kind)] == [name for name in explained if name in fields(kind)]


def fields(kind):
    return {field.name for field in dataclasses.fields(kind)}


def test_units_are_said_where_a_number_has_one():
    assert "Sizes are bytes" in wardian.Limits.__doc__
    assert "durations are seconds" in wardian.Limits.__doc__
    assert "in its own unit (bytes, seconds or a count)" in wardian.LimitExceeded.__doc__


if __name__ == "__main__":
    LIST.write_text(whole_list(), "utf-8")

"""The SDK for Lua: the plugin of its page, errors that leave many functions, values that Lua has none for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import wardian
from wardian import GuestError, Limits, LogLine
from wardian.toolchain.build import build
from wardian.toolchain.project import find

PAGE = Path(__file__).parents[2] / "sdk" / "lua" / "README.md"
BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
DESCRIPTION = """
name: acme/tried
version: 0.1.0
symbols: [{kind: extension, name: tried}]
build: {language: lua, sources: [tried.lua]}
"""
TRIED = """
local wardian = require "wardian"
local text, duration = require "wardian.text", require "wardian.duration"
local plugin = {}

-- A piece of Lua, run at each call: what a test wants to know.
function plugin.run(piece)
  local chunk = assert(load(piece, "=piece", "t", setmetatable({
    wardian = wardian, text = text, duration = duration,
  }, { __index = _G })))
  return chunk()
end

function plugin.echo(value) return value end

plugin.extension = plugin.run
return plugin
"""


@pytest.fixture(scope="module")
def tried_wasm(tmp_path_factory, _own_home):
    folder = tmp_path_factory.mktemp("tried")
    (folder / "plugin.yaml").write_text(DESCRIPTION)
    (folder / "tried.lua").write_text(TRIED)
    return build(find(folder)).module


@pytest.fixture
def lines():
    return []


@pytest.fixture
def run(tried_wasm, cache, lines):
    """Runs a piece of Lua on one instance, and gives what it returns."""
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
        plugin = runtime.load(tried_wasm, name="tried", limits=Limits(deadline=20, start_deadline=20))

        def of(piece):
            return plugin.call("run", piece)

        of.plugin = plugin
        yield of


def test_the_plugin_of_the_page_builds_and_answers(tmp_path, runtime):
    blocks = {match["info"]: match["body"] for match in BLOCK.finditer(PAGE.read_text("utf-8"))}
    (tmp_path / "plugin.yaml").write_text(blocks["yaml plugin"])
    (tmp_path / "shout.lua").write_text(blocks["lua"])
    with runtime.load(build(find(tmp_path)).module, config={"mark": "?"}) as plugin:
        assert plugin.call("action_call", {"params": {"text": "what"}, "vars": {}}) == {"text": "WHAT?"}


def test_the_page_is_short_and_names_each_module_of_the_sdk():
    page = PAGE.read_text("utf-8")
    assert len(page.splitlines()) <= 120
    inner = {"start", "kinds", "init"}
    for module in (PAGE.parent / "wardian").glob("*.lua"):
        assert module.stem in inner or f"`{module.stem}`" in page or f"wardian.{module.stem}" in page, module.stem


# ---- Errors ----


def test_an_error_is_caught_where_it_is_to_be_caught(run):
    assert run("""
        local function deep(n) if n == 0 then error({ 7 }) end return (deep(n - 1)) end
        local done, what = pcall(deep, 50)
        local again, why = pcall(function() return #nil end)
        return { done, what[1], again, why }
    """) == [False, 7, False, "piece:4: attempt to get length of a nil value"]


def test_errors_pass_through_functions_of_c_and_coroutines_and_close_what_is_to_be_closed(run):
    assert run("""
        local seen = wardian.list {}
        local function note(what) seen[#seen + 1] = what end
        local thread = coroutine.wrap(function()
          local held <close> = setmetatable({}, { __close = function() note "closed" end })
          table.sort({ 3, 2, 1 }, function(a, b) coroutine.isyieldable() error("in sort") end)
        end)
        note(select(2, pcall(thread)))
        local co = coroutine.create(function(a) for i = 1, 3 do a = a + coroutine.yield(a) end error("done", 0) end)
        for i = 1, 5 do note(tostring(select(2, coroutine.resume(co, i)))) end
        note(select(2, pcall(string.gsub, "abc", ".", function(c) if c == "b" then error("gsub", 0) end end)))
        return seen
    """) == [
        "closed", "piece:6: in sort", "1", "3", "6", "done", "cannot resume dead coroutine", "gsub",
    ]  # fmt: skip


def test_recursion_without_end_is_an_error_and_the_instance_lives_on(run):
    for piece in (
        "local function f() return 1 + f() end return f()",
        "return string.rep('(', 1000) .. load(string.rep('(', 1000))",
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "return string.find(string.rep('a', 300000), string.rep('a?', 300000) .. 'b')",
    ):
        with pytest.raises(GuestError) as caught:
            run(piece)
        assert caught.value.kind == "internal"
        assert run("return 1") == 1


def test_a_fault_is_internal_and_its_trace_is_logged(run, lines):
    with pytest.raises(GuestError, match=r"\[internal\] piece:1: attempt to call a nil value"):
        run("local x = nil; x()")
    assert [line.level for line in lines] == ["error"]
    assert "traceback" in lines[0].message
    assert isinstance(lines[0], LogLine)


def test_memory_that_is_used_up_is_an_error_and_the_instance_lives_on(run):
    with pytest.raises(GuestError) as caught:
        run("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(100000) .. i end")
    assert caught.value.kind == "exhausted"
    assert run("return 1") == 1


def test_an_error_that_cannot_be_sent_is_an_error_still(run):
    for piece in (
        "error(wardian.invalid('no', { details = print }))", "error(print)", "error()", "error(nil)", "error('\\xff')",
        "error(wardian.failure(5, 6))", "error(wardian.failure('odd', 'x'))",
    ):  # fmt: skip
        with pytest.raises(wardian.WardianError):
            run(piece)


# ---- Values ----


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("return", None),
        ("return wardian.null", None),
        ("return { wardian.null }", [None]),
        ("return 3", 3),
        ("return 3.0", 3.0),
        ("return math.mininteger", -(2**63)),
        ("return wardian.uint(-1)", 2**64 - 1),
        ("return 'ü'", "ü"),
        ("return wardian.bytes '\\xff\\0'", b"\xff\0"),
        ("return {}", {}),
        ("return wardian.list()", []),
        ("return { 1, { 2 } }", [1, [2]]),
        ("return { b = 1, a = { c = wardian.list {} } }", {"a": {"c": []}, "b": 1}),
        ("return { [wardian.bytes 'k'] = 1, k = 2 }", {"k": 2, b"k": 1}),
        ("local t = {} t[wardian.bytes 'k'] = 1 return t[wardian.bytes 'k']", 1),
        ("return wardian.bytes(('x'):rep(100)) == wardian.bytes(('x'):rep(100))", True),
        ("return tostring(wardian.uint(-1))", str(2**64 - 1)),
        ("return tostring(wardian.time(951832845, 123456789))", "2000-02-29T14:00:45.123456789Z"),
        ("return tostring(wardian.time(-62135596800))", "0001-01-01T00:00:00Z"),
        ("return tostring(wardian.time(253402300799))", "9999-12-31T23:59:59Z"),
        ("return tostring(wardian.decode(wardian.encode { 1 })[1])", "1"),
        ("return duration.nanoseconds '1m30.5s'", 90_500_000_000),
        ("return duration.nanoseconds 'soon'", None),
        ("return text.of { a = { 1, 'x', wardian.null } }", '{"a": [1, "x", null]}'),
        ("return text.of 'plain'", "plain"),
    ],
)
def test_values_arrive_as_what_they_are(run, piece, expected):
    found = run(piece)
    assert (repr(found), type(found)) == (repr(expected), type(expected))


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("return print", "a function is no value that can be sent"),
        ("return { 1, nil, 3, x = 1 }", "neither a list nor a map"),
        ("return { [1.5] = 1 }", "a key of a map is a number"),
        ("return { [true] = 1 }", "a key of a map is a boolean"),
        ("return '\\xff'", "a string is no text"),
        ("local t = {} t.t = t return t", "nested deeper than 64"),
        ("return coroutine.create(print)", "a thread is no value"),
    ],
)
def test_what_no_item_can_hold_is_said(run, piece, said):
    with pytest.raises(GuestError, match=said) as caught:
        run(piece)
    assert caught.value.kind == "internal"


def test_a_map_keeps_the_order_of_its_keys_and_what_is_added_stands_behind(run):
    value = {"z": 1, "a": 2, "m": 3}
    assert list(run.plugin.call("echo", value)) == ["z", "a", "m"]
    piece = "local t = wardian.decode '\\xa3\\x61z\\x01\\x61a\\x02\\x61m\\x03' t.a = nil t.y = 1 t.b = 1 return t"
    assert list(run(piece)) == ["z", "m", "b", "y"]


# ---- What there is, and is not ----


def test_nothing_reaches_outside(run):
    for name in ("io", "os", "package", "dofile", "loadfile", "debug.sethook", "debug.getregistry"):
        assert run(f"return {name} == nil"), name


def test_random_numbers_want_a_seed(run):
    with pytest.raises(GuestError, match=r"`math.random` needs a seed"):
        run("return math.random()")
    assert run("math.randomseed(7) return math.random(100)") == run("math.randomseed(7) return math.random(100)")


def test_print_writes_lines_of_the_log(run, lines):
    run("print('one', 2, nil, {} ~= nil)")
    assert [(line.level, line.message) for line in lines] == [("info", "one\\t2\\tnil\\ttrue")]


def test_memory_stays_flat(run):
    piece = "local t = {} for i = 1, 50 do t[i] = { text = ('x'):rep(i) } end return t"
    for _ in range(300):
        run(piece)
    before = run.plugin.call("run", "return collectgarbage 'count'")
    for _ in range(3000):
        run(piece)
    assert run.plugin.call("run", "return collectgarbage 'count'") < 2 * before + 1000

"""The kinds of plugin, each row of section 5.2 of the ABI: what is right, what is wrong, what is left out."""

import pytest

from support.canned import ECHOES, Does, Each, Fails, canned
from wardian import AbiViolation, GuestError, Limits, PackageError, Record

ERROR = {
    "kind": "transient", "message": "later", "code": "e_busy", "retry_after_ms": 250, "details": {"queue": 3},
}  # fmt: skip
TWO = [Record(1), Record(2)]
DATA = {"data": {"n": 1}, "tags": {"a": "b"}}


@pytest.fixture
def load_canned(runtime):
    """Loads a guest that answers so, described with one symbol for each of some kinds."""

    def loaded(replies, *kinds, **more):
        described = [f"{kind} the_{kind}" for kind in kinds]
        tells = more.pop("tells", ())
        return runtime.load(canned(replies, *described, tells=tells), **{"name": "canned", **more})

    return loaded


@pytest.fixture
def use(load_canned):
    """Uses a guest that answers so as a kind; the use is closed at the end."""
    opened = []

    def used(kind, replies, **more):
        opened.append(getattr(load_canned(replies, kind, **more), kind)())
        return opened[-1]

    yield used
    for each in opened:
        each.close()


def is_whole_error(error):
    assert isinstance(error, GuestError)
    return (error.kind, error.message, error.guest_code, error.retry_after_ms, error.details) == tuple(ERROR.values())


# Each entry point of 5.2: a call of it by its kind, whose reply the guest has from the test.
CALLS = {
    "source_poll": ("source", lambda use: use.poll(2)),
    "source_request": ("source", lambda use: use.request({"a": 1}, {"x": "y"})),
    "action_call": ("action", lambda use: use({"a": 1}, {"x": "y"})),
    "processor_process": ("processor", lambda use: use(TWO)),
    "function_call": ("function", lambda use: use.rows([[1], [2]])),
    "function_validate": ("function", lambda use: use.validate([{"literal": 1}])),
    "aggregator_add": ("aggregator", lambda use: use.add(TWO)),
    "aggregator_flush": ("aggregator", lambda use: use.flush()),
    "aggregator_reset": ("aggregator", lambda use: use.reset()),
    "sink_write": ("sink", lambda use: use.write(TWO)),
    "sink_flush": ("sink", lambda use: use.flush(urgent=True)),
    "lookup_rows": ("lookup", lambda use: use.rows(["a"], b=1)),
    "extension_call": ("extension", lambda use: use("method", 1)),
}
# What each kind must have, for those that are called without it.
NEEDED = {
    "function_validate": "function_call",
    "aggregator_flush": "aggregator_add",
    "aggregator_reset": "aggregator_add",
    "sink_flush": "sink_write",
}


def called(use, entry, reply, **more):
    kind, call = CALLS[entry]
    needed = {NEEDED[entry]: None} if entry in NEEDED else {}
    return call(use(kind, {entry: reply} | needed, **more))


@pytest.mark.parametrize(
    ("entry", "reply", "expected"),
    [
        ("source_request", DATA, Record({"n": 1}, tags={"a": "b"})),
        ("source_request", None, None),
        ("action_call", {"any": [1, None]}, {"any": [1, None]}),
        ("action_call", None, None),
        ("processor_process", [[DATA], [DATA, {"data": None}]],
         [[Record({"n": 1}, tags={"a": "b"})], [Record({"n": 1}, tags={"a": "b"}), Record(None)]]),
        ("processor_process", [[], []], [[], []]),
        ("function_call", [{"value": 1}, {"value": {"kind": "x"}}], [1, {"kind": "x"}]),
        ("function_call", [{"value": None}, {"value": []}], [None, []]),
        ("function_validate", None, None),
        ("aggregator_add", None, None),
        ("aggregator_flush", {"records": []}, []),
        ("aggregator_flush", {"records": [{"data": 1}]}, [Record(1)]),
        ("aggregator_reset", None, None),
        ("sink_write", None, [None, None]),
        ("sink_write", [None, None], [None, None]),
        ("sink_flush", None, None),
        ("lookup_rows", [], []),
        ("lookup_rows", [{"a": 1}, {}], [{"a": 1}, {}]),
        ("extension_call", b"any", b"any"),
        ("extension_call", None, None),
    ],
)  # fmt: skip
def test_a_reply_that_is_right_is_given_typed(use, entry, reply, expected):
    assert called(use, entry, reply) == expected


@pytest.mark.parametrize(
    ("entry", "reply", "path"),
    [
        ("source_poll", None, "$"),
        ("source_poll", [], "$"),
        ("source_poll", {}, "records"),
        ("source_poll", {"records": None}, "records"),
        ("source_poll", {"records": [1]}, "records[0]"),
        ("source_poll", {"records": [{"data": 1}, {"key": "x"}]}, "records[1]"),
        ("source_poll", {"records": [{"data": 1}] * 3}, "records"),
        ("source_poll", {"records": [], "wait_ms": -1}, "wait_ms"),
        ("source_poll", {"records": [], "wait_ms": 1.5}, "wait_ms"),
        ("source_poll", {"records": [], "wait_ms": True}, "wait_ms"),
        ("source_poll", {"records": [], "done": 1}, "done"),
        ("source_poll", {"records": [], "more": 1}, "$"),
        ("source_request", [], "$"),
        ("source_request", {"key": "x"}, "$"),
        ("processor_process", None, "$"),
        ("processor_process", [], "$"),
        ("processor_process", [[]], "$"),
        ("processor_process", [[], [], []], "$"),
        ("processor_process", [[], None], "[1]"),
        ("processor_process", [[], [5]], "[1][0]"),
        ("processor_process", [{"data": 1}, []], "[0]"),
        ("processor_process", [[], {"kind": "nobody", "message": ""}], "[1]"),
        ("processor_process", [[], {"kind": "invalid"}], "[1]"),
        ("function_call", None, "$"),
        ("function_call", [{"value": 1}], "$"),
        ("function_call", [{"value": 1}, 2], "[1]"),
        ("function_call", [{"value": 1}, {}], "[1]"),
        ("function_call", [{"value": 1}, {"value": 1, "more": 2}], "[1]"),
        ("function_call", [{"value": 1}, {"kind": "invalid", "message": 5}], "[1]"),
        ("function_validate", False, "$"),
        ("aggregator_add", [], "$"),
        ("aggregator_flush", None, "$"),
        ("aggregator_flush", [], "$"),
        ("aggregator_flush", {"records": [[]]}, "records[0]"),
        ("aggregator_reset", 0, "$"),
        ("sink_write", True, "$"),
        ("sink_write", [None], "$"),
        ("sink_write", [None, True], "[1]"),
        ("sink_write", [None, {"kind": "invalid", "message": "x", "more": 1}], "[1]"),
        ("sink_flush", "fine", "$"),
        ("lookup_rows", None, "$"),
        ("lookup_rows", {"a": 1}, "$"),
        ("lookup_rows", [[1]], "[0]"),
        ("lookup_rows", [{}, {b"a": 1}], "[1]"),
    ],
)  # fmt: skip
def test_a_reply_of_another_shape_breaks_the_instance_and_says_where_it_is_wrong(use, entry, reply, path):
    # An instance that answers rightly after that would be the one that broke: it must not be asked again.
    with pytest.raises(AbiViolation) as raised:
        called(use, entry, reply)
    assert raised.value.code == "bad_reply"
    assert raised.value.message.startswith(f"the reply is wrong at `{path}`: ")
    assert raised.value.where == f"canned: {entry}"


def test_an_instance_whose_reply_broke_the_rules_is_replaced(use):
    extension = use("lookup", {"lookup_rows": Each((5, []))})
    for _ in range(3):  # the first answer of an instance is wrong, the second would be right
        with pytest.raises(AbiViolation):
            extension.rows([])


@pytest.mark.parametrize("entry", CALLS)
def test_an_error_of_a_whole_call_is_raised_as_the_plugin_said_it(use, entry):
    error = Fails(ERROR["kind"], ERROR["message"], tuple(ERROR.items())[2:])
    with pytest.raises(GuestError) as raised:
        called(use, entry, error)
    assert is_whole_error(raised.value)
    assert raised.value.where == f"canned: {entry}"


@pytest.mark.parametrize("entry", ["processor_process", "function_call", "sink_write"])
def test_an_error_of_one_record_stands_in_its_place_as_the_plugin_said_it(use, entry):
    good = {"processor_process": [], "function_call": {"value": []}, "sink_write": None}[entry]
    first, second = called(use, entry, [good, ERROR])
    assert first == ([] if good is not None else None)
    assert is_whole_error(second)
    assert second.where == f"canned: {entry}"


def test_a_function_of_one_row_gives_its_value_or_raises_its_error(use):
    function = use("function", {"function_call": Each(([{"value": 3}], [ERROR]))})
    assert function("to be or", "not") == 3
    with pytest.raises(GuestError) as raised:
        function("to be")
    assert is_whole_error(raised.value)


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("source_request", {"payload": {"a": 1}, "headers": {"x": "y"}}),
        ("action_call", {"params": {"a": 1}, "vars": {"x": "y"}}),
        ("processor_process", {"records": [{"data": 1}, {"data": 2}]}),
        ("function_call", {"rows": [[1], [2]]}),
        ("function_validate", {"args": [{"literal": 1}]}),
        ("aggregator_add", {"records": [{"data": 1}, {"data": 2}]}),
        ("aggregator_flush", None),
        ("aggregator_reset", None),
        ("sink_write", {"records": [{"data": 1}, {"data": 2}]}),
        ("sink_flush", {"urgent": True}),
        ("lookup_rows", {"fields": ["a"], "keys": ["b"], "values": [1]}),
        ("extension_call", {"method": "method", "argument": 1}),
    ],
)
def test_a_request_is_what_the_abi_says(use, entry, asked):
    told, good = [], {"processor_process": [[], []], "function_call": [{"value": 1}] * 2, "lookup_rows": []}
    good["aggregator_flush"] = {"records": []}
    called(use, entry, good.get(entry), tells=(entry,), functions={f"told_{entry}": told.append})
    assert told == [asked]


def test_a_poll_is_asked_with_the_time_and_the_demand(use):
    told = []
    source = use(
        "source", {"source_poll": {"records": []}}, tells=("source_poll",), functions={"told_source_poll": told.append}
    )
    source.poll(7)
    ((now, demand),) = [(each["now"], each["demand"]) for each in told]
    assert demand == 7
    assert now > 10**18  # nanoseconds


@pytest.mark.parametrize(
    ("entry", "there"),
    [("source_request", "source_poll"), ("source_poll", "source_request"), ("aggregator_flush", "aggregator_add"),
     ("aggregator_reset", "aggregator_add")],
)  # fmt: skip
def test_what_a_plugin_does_not_do_is_answered_by_the_host(use, entry, there):
    kind, call = CALLS[entry]
    with pytest.raises(GuestError) as raised:
        call(use(kind, {there: None}))
    assert (raised.value.kind, raised.value.where) == ("unimplemented", f"canned: {entry}")


def test_what_a_plugin_need_not_do_is_left_out(use):
    use("sink", {"sink_write": None}).flush()
    use("function", {"function_call": []}).validate([{"column": "a", "type": "string"}])
    assert use("extension", {"extension_call": None}).check() == []


@pytest.mark.parametrize(
    ("kind", "entry", "method"),
    [
        ("processor", "processor_process", "__call__"), ("function", "function_call", "rows"),
        ("sink", "sink_write", "write"), ("aggregator", "aggregator_add", "add"),
    ],
)  # fmt: skip
def test_nothing_is_asked_for_no_records(use, kind, entry, method):
    assert not getattr(use(kind, {entry: Fails("internal")}), method)([])


class TestDescriptions:
    @pytest.mark.parametrize(
        "kind", ["source", "action", "processor", "function", "aggregator", "sink", "lookup", "extension"]
    )
    def test_a_symbol_that_the_module_cannot_serve_is_refused_by_name(self, load_canned, kind):
        optional = {"function": "function_validate", "sink": "sink_flush", "action": "action_cancel"}.get(kind, "other")
        with pytest.raises(PackageError) as raised:
            load_canned({optional: None}, kind)
        assert (raised.value.code, raised.value.where) == ("abi_error", "the given bytes")
        (problem,) = raised.value.problems
        assert problem.startswith(f"the {kind} `the_{kind}` needs the export `{kind}_")

    def test_loading_opens_nothing_and_a_use_opens_its_symbol(self, load_canned):
        told = []
        replies = {"plugin_open": None, "processor_process": [[]], "extension_call": None}
        plugin = load_canned(
            replies, "processor", "extension", tells=("plugin_open",), functions={"told_plugin_open": told.append}
        )
        assert told == []
        with plugin.processor() as processor:
            context = told[0]["context"]
            assert (context["plugin"], context["version"]) == ("acme/tested", "1.2.3")
            assert (context["symbol"], context["instance"]) == ("the_processor", "default")
            assert processor([Record(1)]) == [[]]
        assert len(told) == 1

    def test_one_symbol_is_opened_by_the_first_call_and_several_by_none(self, load_canned):
        plugin = load_canned({"plugin_open": None, "extension_call": Does(ECHOES)}, "extension", config={"a": 1})
        assert "0 of 1 instances" in repr(plugin)
        assert plugin.call("extension_call", 5) == 5
        assert "1 of 1 instances" in repr(plugin)
        two = load_canned({"extension_call": None, "lookup_rows": []}, "extension", "lookup")
        for _ in range(3):
            with pytest.raises(PackageError) as raised:
                two.call("extension_call")
            assert raised.value.code == "which_symbol"
            assert "extension `the_extension`, lookup `the_lookup`" in raised.value.message

    def test_several_symbols_of_a_kind_share_entry_points_and_are_told_apart_by_their_names(self, runtime):
        told = []
        wasm = canned(
            {"plugin_open": None, "extension_call": Does(ECHOES)},
            "extension one",
            "extension two",
            tells=("plugin_open",),
        )
        plugin = runtime.load(wasm, functions={"told_plugin_open": told.append})
        with pytest.raises(PackageError, match="2 symbols that fit") as raised:
            plugin.extension()
        assert (raised.value.code, "one, two" in raised.value.hint) == ("which_symbol", True)
        with plugin.extension(symbol="one") as one, plugin.extension(symbol="two") as two:
            assert (one.symbol, two.symbol) == ("one", "two")
        assert [each["context"]["symbol"] for each in told] == ["one", "two"]
        with pytest.raises(PackageError) as raised:
            plugin.extension(symbol="ones")
        assert (raised.value.code, raised.value.hint[:24]) == ("no_such_symbol", "did you mean `one`? it h")

    def test_a_module_without_a_description_is_used_by_its_entry_points(self, runtime):
        plugin = runtime.load(canned({"extension_call": Does(ECHOES)}))
        with plugin.extension() as extension:
            assert extension("m", 1) == {"method": "m", "argument": 1}
        with pytest.raises(PackageError, match="is no sink: it has no `sink_write`"):
            plugin.sink()
        with pytest.raises(PackageError, match="the module does not say what it holds"):
            plugin.extension(symbol="one")

    def test_what_the_package_wishes_for_is_not_granted(self, runtime):
        wasm = canned({"extension_call": None}, "extension one", capabilities={"state": "totals"}, limits={"memory": 1})
        with runtime.load(wasm) as plugin, plugin.extension() as extension:
            assert plugin.manifest.capabilities == {"state": "totals"}
            assert plugin.limits == Limits()
            assert extension("m") is None

    def test_the_flag_of_an_aggregate_is_the_symbols(self, runtime):
        symbols = ({"kind": "function", "name": "sum", "aggregate": True}, "function one")
        plugin = runtime.load(canned({"function_call": []}, *symbols))
        with plugin.function(symbol="sum") as total, plugin.function(symbol="one") as one:
            assert (total.aggregate, one.aggregate) == (True, False)

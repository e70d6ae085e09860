"""The examples that are asked or that keep something: lookup, aggregator, sink, extension and its user, actions."""

import pytest

from support.raw_guest import GuestFailed, Refused


def fails(guest, entry, request):
    with pytest.raises(GuestFailed) as failed:
        guest.call(entry, request)
    return failed.value.error["kind"], failed.value.error["message"]


class TestCountryCodes:
    @pytest.mark.parametrize(
        ("fields", "keys", "values", "rows"),
        [
            (["name"], ["code"], ["JP"], [{"name": "Japan"}]),
            (["code", "code"], ["continent"], ["Oceania"], [{"code": "NZ"}]),
            ([], ["name"], ["Kenya"], [{"code": "KE", "name": "Kenya", "continent": "Africa"}]),
            (["code"], ["continent", "name"], ["Europe", "Poland"], [{"code": "PL"}]),
            (["code"], ["code", "code"], ["PL", "DE"], []),
            (["code"], ["code"], ["jp"], []),
            (["code"], ["code"], [7], []),
            (["code"], ["code"], [None], []),
        ],
    )
    def test_rows_are_found_by_what_their_columns_hold(self, example, fields, keys, values, rows):
        request = {"fields": fields, "keys": keys, "values": values}
        assert example("country_codes").call("lookup_rows", request) == rows

    def test_without_a_key_every_row_is_found(self, example):
        rows = example("country_codes").call("lookup_rows", {"fields": ["code"], "keys": [], "values": []})
        assert len(rows) == 16

    @pytest.mark.parametrize(
        ("fields", "keys", "values"), [(["capital"], [], []), ([], ["x"], ["y"]), ([], ["code"], []), ([], [], ["DE"])]
    )
    def test_an_unknown_column_or_a_key_without_a_value_is_refused(self, example, fields, keys, values):
        request = {"fields": fields, "keys": keys, "values": values}
        assert fails(example("country_codes"), "lookup_rows", request)[0] == "invalid"


class TestAverage:
    RECORDS = (
        {"data": 20.5, "key": "oslo"}, {"data": 31, "key": "cairo"}, {"data": 22.5, "key": "oslo"}, {"data": -1},
    )  # fmt: skip

    def test_each_key_has_its_own_result_and_the_next_window_begins_empty(self, example):
        guest = example("average")
        assert guest.call("aggregator_add", {"records": list(self.RECORDS[:1])}) is None
        again = example("average", state=guest.state)
        again.call("aggregator_add", {"records": list(self.RECORDS[1:])})
        assert again.call("aggregator_flush")["records"] == [
            {"type": "metric", "data": {"count": 1, "sum": -1.0, "average": -1.0}},
            {"type": "metric", "key": "cairo", "data": {"count": 1, "sum": 31.0, "average": 31.0}},
            {"type": "metric", "key": "oslo", "data": {"count": 2, "sum": 43.0, "average": 21.5}},
        ]
        assert again.call("aggregator_flush") == {"records": []}
        assert again.state == {}

    def test_more_keys_than_are_asked_for_at_once_come_all(self, example):
        guest = example("average")
        guest.call("aggregator_add", {"records": [{"data": n, "key": f"k{n:03}"} for n in range(250)]})
        records = guest.call("aggregator_flush")["records"]
        assert [record["key"] for record in records] == [f"k{n:03}" for n in range(250)]

    def test_a_reset_forgets_what_was_gathered(self, example):
        guest = example("average")
        guest.call("aggregator_add", {"records": list(self.RECORDS)})
        assert guest.call("aggregator_reset") is None
        assert guest.call("aggregator_flush") == {"records": []}

    @pytest.mark.parametrize("wrong", [{"data": "1"}, {"data": None}, {"data": 1, "key": b"k"}])
    def test_a_record_that_is_no_number_fails_the_call_and_is_named(self, example, wrong):
        kind, message = fails(example("average"), "aggregator_add", {"records": [{"data": 1}, wrong]})
        assert (kind, message.startswith("record 1: ")) == ("invalid", True)


class TestCollectSink:
    def test_what_is_good_is_kept_and_what_is_not_is_refused_alone(self, example):
        guest = example("collect_sink")
        guest.open({"most": 2})
        records = [{"data": "one"}, {"data": None}, {"data": "two", "key": "k"}, {"data": "three"}]
        outcomes = guest.call("sink_write", {"records": records})
        assert [outcome and outcome["kind"] for outcome in outcomes] == [None, "invalid", None, "exhausted"]
        assert guest.state == {"record/0": records[0], "record/1": records[2], "count": 2}

    def test_it_goes_on_where_another_instance_was(self, example):
        guest = example("collect_sink")
        guest.call("sink_write", {"records": [{"data": 1}]})
        again = example("collect_sink", state=guest.state)
        assert again.call("sink_write", {"records": [{"data": 2}]}) == [None]
        assert again.state["record/1"] == {"data": 2}

    def test_a_record_that_state_has_no_room_for_is_refused_alone(self, example):
        def put(request):
            if len(request[1]["data"]) > 5:
                raise Refused("exhausted", "the value is too large")

        guest = example("collect_sink", host={"state_put": put})
        outcomes = guest.call("sink_write", {"records": [{"data": "too large"}, {"data": "small"}]})
        assert (outcomes[0]["message"], outcomes[1]) == ("the value is too large", None)

    def test_a_flush_says_how_many_are_safe(self, example):
        guest = example("collect_sink")
        guest.call("sink_write", {"records": [{"data": 1}] * 3})
        assert [guest.call("sink_flush", {"urgent": urgent}) for urgent in (False, True)] == [None, None]
        assert guest.logs == [[2, "3 records are safe"], [2, "3 records are safe, in a hurry"]]

    @pytest.mark.parametrize("most", [0, -1, "many", 1.5])
    def test_a_wrong_configuration_is_refused(self, example, most):
        with pytest.raises(GuestFailed, match=r"\[config\] `most`"):
            example("collect_sink").open({"most": most})


class TestGeoExtension:
    @pytest.mark.parametrize(
        ("address", "country"),
        [("192.0.2.0", "IS"), ("198.51.100.255", "NZ"), ("203.0.113.9", "KE"), ("192.0.3.1", None), ("0.0.0.0", None)],
    )
    def test_an_address_is_located_by_its_network(self, example, address, country):
        place = example("geo_extension").call("extension_call", {"method": "locate", "argument": address})
        assert (place and place["country"]) == country

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3.4 ",
            "1..2.3",
            ".1.2.3.4",
            "1.2.3.-4",
            "::1",
            None,
            7,
        ],
    )
    def test_what_is_no_address_is_refused(self, example, address):
        request = {"method": "locate", "argument": address}
        assert fails(example("geo_extension"), "extension_call", request)[0] == "invalid"

    def test_an_unknown_method_is_unimplemented(self, example):
        request = {"method": "route", "argument": None}
        assert fails(example("geo_extension"), "extension_call", request)[0] == "unimplemented"


class TestLocateIp:
    @pytest.fixture
    def located(self, example):
        """The processor beside the extension, with the host's part between them played by this test."""
        geo, asked = example("geo_extension"), []

        def carry(request):
            asked.append(request[0])
            try:
                return geo.call("extension_call", {"method": request[1], "argument": request[2]})
            except GuestFailed as failed:
                raise Refused(**failed.error) from None

        guest = example("locate_ip", host={"extension_call": carry})
        return guest, asked

    def test_records_are_tagged_with_what_the_extension_says(self, located):
        guest, asked = located
        guest.open({"extension": "my-geo"})
        records = [
            {"data": {"source.ip": "192.0.2.7"}, "tags": {"a": 1, "source.country": "??"}, "key": "k"},
            {"data": {"source.ip": "8.8.8.8"}},
            {"data": {"no": "address"}},
            {"data": {"source.ip": "not an address"}},
            {"data": "text"},
        ]
        outcomes = guest.call("processor_process", {"records": records})
        assert outcomes[0] == [{**records[0], "tags": {"a": 1, "source.country": "IS"}}]
        assert outcomes[1:3] == [[{**record, "tags": {}}] for record in records[1:3]]
        assert [each["kind"] for each in outcomes[3:]] == ["invalid", "invalid"]
        assert asked == ["my-geo"] * 3

    def test_an_extension_that_is_not_there_fails_the_whole_call(self, example):
        def missing(_):
            raise Refused("not_found", "there is no extension `geo`")

        guest = example("locate_ip", host={"extension_call": missing})
        records = {"records": [{"data": {"source.ip": "192.0.2.7"}}]}
        assert fails(guest, "processor_process", records) == ("not_found", "there is no extension `geo`")


class TestHelloWorld:
    def test_one_action_prints_its_message_as_it_is_and_the_other_expands_it(self, example):
        for symbol, printed in (("hello-world-literal", "Hello, {name}"), ("hello-world", "Hello, Ada")):
            guest = example("hello_world")
            guest.open(symbol=symbol)
            assert guest.call("action_call", {"params": {"message": "Hello, {name}"}, "vars": {}}) is None
            assert guest.logs == [[2, printed]]

    @pytest.mark.parametrize("name", ["message", "Message", "MESSAGE", "mEsSaGe"])
    def test_the_name_of_the_parameter_may_be_written_in_any_case(self, example, name):
        guest = example("hello_world")
        guest.call("action_call", {"params": {"other": 1, name: "hi"}, "vars": {}})
        assert guest.logs == [[2, "hi"]]

    @pytest.mark.parametrize("params", [None, {}, [], {"message": 1}, {"messages": "x"}, {"message": None}])
    def test_without_a_message_it_is_refused(self, example, params):
        assert fails(example("hello_world"), "action_call", {"params": params, "vars": {}})[0] == "invalid"

    def test_an_unknown_variable_is_the_hosts_error(self, example):
        def expand(_):
            raise Refused("invalid", "the variable `missing` is not defined")

        guest = example("hello_world", host={"template_expand": expand})
        guest.open(symbol="hello-world")
        request = {"params": {"message": "{{ missing }}"}, "vars": {}}
        assert fails(guest, "action_call", request) == ("invalid", "the variable `missing` is not defined")
        assert guest.logs == []

    def test_a_call_that_was_cut_short_is_told_of(self, example):
        guest = example("hello_world")
        assert guest.call("action_cancel", {"reason": "deadline", "params": {"message": "hi"}}) is None
        assert guest.logs == [[2, "Cancel callback call"]]

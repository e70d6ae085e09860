//! Entry points named after an import: they take its request, and reply with its answer or its error.

use std::time::Duration;

use wardian::{actions, clock, extensions, http, log, metric, random, state, template, vars};
use wardian::{Bytes, Error, Key, Level, Record, Value};

wardian::app! {
    fn probe(item: Value) -> Value;
}

/// Any item -> what the application's function `probe` makes of it.
#[wardian::function]
fn probe_app(item: Value) -> Result<Value, Error> {
    probe(item)
}

#[wardian::function]
fn probe_log(request: Vec<Value>) -> Result<(), Error> {
    let level: Level = request[0].parse()?;
    let message: String = request[1].parse()?;
    match request.get(2).and_then(Value::as_map) {
        Some(fields) => log::write_with(level, &message, fields),
        None => log::write(level, &message),
    }
}

#[wardian::function]
fn probe_state_get(key: Key) -> Result<Option<Value>, Error> {
    state::get(key)
}

#[wardian::function]
fn probe_state_put(request: Vec<Value>) -> Result<(), Error> {
    let key: Key = request[0].parse()?;
    match request.get(2).and_then(Value::as_uint) {
        Some(lasts) => state::put_for(key, &request[1], Duration::from_millis(lasts)),
        None => state::put(key, &request[1]),
    }
}

#[wardian::function]
fn probe_state_delete(key: Key) -> Result<bool, Error> {
    state::delete(key)
}

#[wardian::function]
fn probe_state_add(request: (Key, i64)) -> Result<i64, Error> {
    state::add(request.0, request.1)
}

#[wardian::function]
fn probe_state_swap(request: (Key, Option<Value>, Option<Value>)) -> Result<bool, Error> {
    state::swap(request.0, request.1.as_ref(), request.2.as_ref())
}

#[wardian::function]
fn probe_state_keys(request: (Key, Option<Key>, u64)) -> Result<Vec<Key>, Error> {
    state::keys(request.0, request.1, request.2)
}

/// A text as request: an addition that lasts only when the call succeeds, which it does not.
#[wardian::function]
fn probe_state_undone(key: Key) -> Result<(), Error> {
    state::add(key, 1)?;
    Err(Error::conflict("what this call changed is undone"))
}

#[wardian::function]
fn probe_clock_now() -> Result<(i64, u64), Error> {
    let now = clock::now()?;
    Ok((now.unix, now.monotonic))
}

#[wardian::function]
fn probe_random_bytes(size: usize) -> Result<Bytes, Error> {
    random::bytes(size).map(Bytes)
}

#[wardian::function]
fn probe_metric_record(request: Vec<Value>) -> Result<(), Error> {
    let (name, kind): (String, metric::Kind) = (request[0].parse()?, request[1].parse()?);
    let labels: Option<metric::Labels> = request.get(3).unwrap_or(&Value::Null).parse()?;
    metric::record(&name, kind, request[2].parse()?, labels.as_ref())
}

#[wardian::function]
fn probe_cancelled() -> bool {
    wardian::cancelled()
}

#[wardian::function]
fn probe_sleep_until_cancelled() -> &'static str {
    while !wardian::cancelled() {}
    "cancelled"
}

#[wardian::function]
fn probe_http_request(request: http::Request) -> Result<http::Response, Error> {
    request.send()
}

#[wardian::function]
fn probe_emit(records: Vec<Record>) -> Result<usize, Error> {
    wardian::emit(&records)
}

#[wardian::function]
fn probe_template_expand(text: String) -> Result<String, Error> {
    template::expand(&text)
}

#[wardian::function]
fn probe_vars_get(name: String) -> Result<Option<Value>, Error> {
    vars::get(&name)
}

#[wardian::function]
fn probe_vars_set(request: (String, Value)) -> Result<(), Error> {
    vars::set(&request.0, &request.1)
}

#[wardian::function]
fn probe_action_call(request: (String, Value)) -> Result<Value, Error> {
    actions::call(&request.0, &request.1)
}

#[wardian::function]
fn probe_extension_call(request: (String, String, Value)) -> Result<Value, Error> {
    extensions::call(&request.0, &request.1, &request.2)
}

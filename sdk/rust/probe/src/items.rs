//! Items, replies, errors and memory, one entry point for each promise.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use wardian::{codec, state, Bytes, Error, ErrorKind, Map, Time, Value};

use crate::kinds::Probe;

#[wardian::function]
fn probe_echo(item: Value) -> Value {
    item
}

/// Bytes that hold an item -> the item.
#[wardian::function]
fn probe_decode(bytes: Bytes) -> Result<Value, Error> {
    codec::decode(&bytes).map_err(|fault| Error::invalid(fault.to_string()))
}

/// A time -> [seconds, nanoseconds].
#[wardian::function]
fn probe_time(time: Time) -> (i64, u32) {
    time.unix()
}

#[wardian::function]
fn probe_null() {}

/// {kind, message, ? code, ? retry_after_ms, ? details} -> that error.
#[wardian::function]
fn probe_fail(wanted: Map) -> Result<(), Error> {
    let text = |key| wanted.get(key).and_then(Value::as_text);
    let kind = text("kind").and_then(ErrorKind::from_name).unwrap_or(ErrorKind::Internal);
    let mut error = Error::new(kind, text("message").unwrap_or_default());
    if let Some(code) = text("code") {
        error = error.with_code(code);
    }
    if let Some(wait) = wanted.get("retry_after_ms").and_then(Value::as_uint) {
        error = error.retry_after(Duration::from_millis(wait));
    }
    if let Some(details) = wanted.get("details") {
        error = error.with_details(details.clone());
    }
    Err(error)
}

/// n -> n lists in each other.
#[wardian::function]
fn probe_deep(depth: usize) -> Value {
    (1..depth).fold(Value::List(Vec::new()), |inner, _| Value::List(vec![inner]))
}

/// n -> n bytes, each 0x77.
#[wardian::function]
fn probe_large(size: usize) -> Result<Bytes, Error> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| Error::exhausted("out of memory"))?;
    bytes.resize(size, b'w');
    Ok(Bytes(bytes))
}

/// n -> the integers below n.
#[wardian::function]
fn probe_many(count: u32) -> Vec<u32> {
    (0..count).collect()
}

/// A text -> a panic that says it.
#[wardian::function]
fn probe_panic(message: String) {
    panic!("{}", message);
}

#[wardian::function]
fn probe_trap() {
    #[cfg(target_arch = "wasm32")]
    std::arch::wasm32::unreachable()
}

#[wardian::function]
fn probe_spin() {
    static TURNS: AtomicU32 = AtomicU32::new(0); // a loop without effect may be left out
    loop {
        TURNS.fetch_add(1, Ordering::Relaxed);
    }
}

#[wardian::function]
fn probe_config(probe: &Probe) -> Value {
    probe.config.clone()
}

/// null -> how often this was called: an instance lives on.
#[wardian::function]
fn probe_calls(probe: &mut Probe) -> u64 {
    probe.calls += 1;
    probe.calls
}

/// n -> the same, after asking the host n times without keeping its answers.
#[wardian::function]
fn probe_asks(count: u32) -> Result<u32, Error> {
    for _ in 0..count {
        state::get::<Value>("key")?;
    }
    Ok(count)
}

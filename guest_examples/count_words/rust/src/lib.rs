//! Counts the words, lines and bytes of texts, and keeps totals in the host's durable state.

use serde::Serialize;
use wardian::{log, metric, state, Error, Extension, Map, Opening, Plugin, Value};

/// The keys of the totals, in the order in which `totals` replies.
const KEYS: [&str; 4] = ["words", "lines", "bytes", "calls"];

#[wardian::plugin]
struct Counter {
    /// Shorter words are not counted.
    min_length: u64,
}

impl Plugin for Counter {
    type Config = Map;

    fn open(config: Map, _: &Opening) -> Result<Self, Error> {
        let min_length = match config.get("min_length") {
            None | Some(Value::Null) => 1,
            Some(value) => value
                .as_uint()
                .filter(|length| *length > 0)
                .ok_or_else(|| Error::config("`min_length` must be an integer of at least 1"))?,
        };
        Ok(Counter { min_length })
    }
}

#[derive(Serialize)]
struct Counted {
    words: i64,
    lines: i64,
    bytes: i64,
    total_words: i64,
    total_lines: i64,
    calls: i64,
}

/// text, or {"text": text} -> what is in it, and the totals so far
#[wardian::function]
fn count(counter: &Counter, request: Value) -> Result<Counted, Error> {
    let text = request
        .as_text()
        .or_else(|| request.get("text")?.as_text())
        .ok_or_else(|| Error::invalid("the request must be a text, or a map with a text under `text`"))?;

    let words = words_in(text).filter(|word| word.chars().count() as u64 >= counter.min_length).count() as i64;
    let lines = text.lines().count() as i64;
    let bytes = text.len() as i64;

    // All changes of one call are committed together when it succeeds, and undone when it fails.
    let total_words = state::add("words", words)?;
    let total_lines = state::add("lines", lines)?;
    state::add("bytes", bytes)?;
    let calls = state::add("calls", 1)?;

    // Logging and metrics are bounded; a plugin goes on when the host has heard enough.
    log::info(format!("counted {} words in {} lines", words, lines));
    metric::count("words_counted", words as f64);

    Ok(Counted { words, lines, bytes, total_words, total_lines, calls })
}

/// Words are parted by the white space of ASCII.
fn words_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter| matches!(letter, ' ' | '\t'..='\r')).filter(|word| !word.is_empty())
}

/// null -> the totals of all calls so far
#[wardian::function]
fn totals() -> Result<Map, Error> {
    KEYS.iter().map(|key| Ok((*key, state::get::<i64>(*key)?.unwrap_or(0)))).collect()
}

/// null -> null; the totals begin at zero again
#[wardian::function]
fn reset() -> Result<(), Error> {
    KEYS.iter().try_for_each(|key| state::delete(*key).map(|_| ()))
}

/// For other plugins, which call methods of an extension.
#[wardian::plugin]
impl Extension for Counter {
    fn call(&mut self, method: &str, argument: Value) -> Result<Value, Error> {
        match method {
            "count" => Value::of(&count(self, argument)?),
            "totals" => Ok(totals()?.into()),
            "reset" => Ok(reset()?.into()),
            _ => Err(Error::unimplemented("the methods are `count`, `totals` and `reset`")),
        }
    }
}

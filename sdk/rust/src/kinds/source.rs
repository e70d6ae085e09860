use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::left_out;
use crate::{Error, Plugin, Record, Value};

/// Where records come from. A source has `poll`, or `request`, or both.
pub trait Source: Plugin {
    /// Gives what there is, at most as many records as are wanted.
    fn poll(&mut self, _poll: Poll) -> Result<Polled, Error> {
        left_out("poll")
    }

    /// Makes a record of what was pushed to the source from outside, or none.
    fn request(&mut self, _pushed: Pushed) -> Result<Option<Record>, Error> {
        left_out("request")
    }
}

/// What a source is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// The time: nanoseconds since 1970.
    pub now: i64,
    /// The most records that are wanted; to give more is against the rules.
    pub demand: u64,
}

/// What a source gives: `Polled::of(records).wait(interval)`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Polled {
    pub records: Vec<Record>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub done: bool,
}

impl Polled {
    pub fn of(records: Vec<Record>) -> Polled {
        Polled { records, ..Polled::default() }
    }

    /// The same, and not to be polled again before so much time has passed.
    pub fn wait(mut self, wait: Duration) -> Polled {
        self.wait_ms = Some(wait.as_millis() as u64);
        self
    }

    /// The same, with what to resume from once these records are safe.
    pub fn offset(mut self, offset: impl Into<Value>) -> Polled {
        self.offset = Some(offset.into());
        self
    }

    /// The same, and perhaps the last.
    pub fn done(mut self, done: bool) -> Polled {
        self.done = done;
        self
    }
}

/// What was pushed to a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Pushed {
    pub payload: Value,
    pub headers: BTreeMap<String, String>,
}

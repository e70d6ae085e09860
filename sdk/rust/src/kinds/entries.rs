//! The entry points of section 5 of the ABI, as functions that `#[wardian::plugin]` exports.

#![cfg(target_arch = "wasm32")]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::bytes::Raw;
use crate::codec::decode_checked;
use crate::entry::answer;
use crate::plugin::Marked;
use crate::*;

// What hosts send; keys that are not here are for plugins of a later time.

#[derive(Deserialize)]
struct Opened {
    config: Raw,
    #[serde(default)]
    context: Context,
    #[serde(default)]
    layers: Vec<Map>,
    #[serde(default)]
    resume: Option<Value>,
}

#[derive(Deserialize)]
struct Records {
    records: Vec<Record>,
}

pub fn plugin_open<T: Marked>(at: usize, size: usize) -> u64 {
    #[derive(Serialize)]
    struct Reply {
        interval_ms: u64,
    }

    answer(at, size, |request: Opened| {
        let (config, opening) = request.split::<T>()?;
        let plugin = T::slot().fill(T::open(config, &opening)?);
        Ok(plugin.interval().map(|interval| Reply { interval_ms: interval.as_millis() as u64 }))
    })
}

pub fn plugin_check<T: Marked>(at: usize, size: usize) -> u64 {
    answer(at, size, |request: Opened| {
        let (config, opening) = request.split::<T>()?;
        T::check(config, &opening)
    })
}

impl Opened {
    fn split<T: Plugin>(self) -> Result<(T::Config, Opening), Error> {
        let Opened { config, context, layers, resume } = self;
        let config = decode_checked(&config.0).map_err(|fault| Error::config(fault.to_string()))?;
        Ok((config, Opening { context, layers, resume }))
    }
}

pub fn plugin_close<T: Marked>(at: usize, size: usize) -> u64 {
    answer(at, size, |(): ()| T::slot().with(T::close))
}

pub fn source_poll<T: Marked + Source>(at: usize, size: usize) -> u64 {
    answer(at, size, |poll| T::slot().with(|plugin| plugin.poll(poll)))
}

pub fn source_request<T: Marked + Source>(at: usize, size: usize) -> u64 {
    answer(at, size, |pushed| T::slot().with(|plugin| plugin.request(pushed)))
}

pub fn action_call<T: Marked + Action>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        params: Raw,
        #[serde(default)]
        vars: Map,
    }

    answer(at, size, |Request { params, vars }| {
        let params = decode_checked(&params.0).map_err(Error::from_reading)?;
        T::slot().with(|plugin| plugin.call(params, vars))
    })
}

pub fn action_cancel<T: Marked + Action>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        reason: String,
        params: Raw,
    }

    answer(at, size, |Request { reason, params }| {
        let params = decode_checked(&params.0).map_err(Error::from_reading)?;
        T::slot().with(|plugin| plugin.cancel(&reason, params))
    })
}

pub fn processor_process<T: Marked + Processor>(at: usize, size: usize) -> u64 {
    answer(at, size, |Records { records }| {
        let outcomes = T::slot().with(|plugin| plugin.process_all(records))?;
        Ok(outcomes.into_iter().map(|outcome| Either::of(outcome, |records| records)).collect::<Vec<_>>())
    })
}

pub fn function_call<T: Marked + Function>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        rows: Vec<Raw>,
    }

    #[derive(Serialize)]
    struct Reply<V> {
        value: V,
    }

    answer(at, size, |Request { rows }| {
        let row = |plugin: &mut T, row: &Raw| plugin.call(decode_checked(&row.0).map_err(Error::from_reading)?);
        T::slot().with(|plugin| {
            let outcomes = rows.iter().map(|each| Either::of(row(plugin, each), |value| Reply { value }));
            Ok(outcomes.collect::<Vec<_>>())
        })
    })
}

pub fn function_validate<T: Marked + Function>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        args: Vec<Argument>,
    }

    answer(at, size, |Request { args }| T::slot().with(|plugin| plugin.validate(args)))
}

pub fn aggregator_add<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer(at, size, |Records { records }| T::slot().with(|plugin| plugin.add_all(records)))
}

pub fn aggregator_flush<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer(at, size, |(): ()| {
        let records = T::slot().with(T::flush)?;
        Ok(BTreeMap::from([("records", records)]))
    })
}

pub fn aggregator_reset<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer(at, size, |(): ()| T::slot().with(T::reset))
}

pub fn sink_write<T: Marked + Sink>(at: usize, size: usize) -> u64 {
    answer(at, size, |Records { records }| {
        let outcomes = T::slot().with(|plugin| plugin.write_all(records))?;
        if outcomes.iter().all(Result::is_ok) {
            return Ok(None);
        }
        Ok(Some(outcomes.into_iter().map(|outcome| Either::of(outcome, |done| done)).collect::<Vec<_>>()))
    })
}

pub fn sink_flush<T: Marked + Sink>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        urgent: bool,
    }

    answer(at, size, |Request { urgent }| T::slot().with(|plugin| plugin.flush(urgent)))
}

pub fn lookup_rows<T: Marked + Lookup>(at: usize, size: usize) -> u64 {
    answer(at, size, |query| T::slot().with(|plugin| plugin.rows(query)))
}

pub fn extension_call<T: Marked + Extension>(at: usize, size: usize) -> u64 {
    #[derive(Deserialize)]
    struct Request {
        method: String,
        #[serde(default)]
        argument: Value,
    }

    answer(at, size, |Request { method, argument }| T::slot().with(|plugin| plugin.call(&method, argument)))
}

/// The outcome of one record or row: what it says, or an error in its place.
enum Either<T> {
    Good(T),
    Bad(Error),
}

impl<T> Either<T> {
    fn of<V>(outcome: Result<V, Error>, good: impl FnOnce(V) -> T) -> Either<T> {
        match outcome {
            Ok(value) => Either::Good(good(value)),
            Err(error) => Either::Bad(error),
        }
    }
}

impl<T: Serialize> Serialize for Either<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Either::Good(value) => value.serialize(to),
            Either::Bad(error) => error.serialize(to),
        }
    }
}

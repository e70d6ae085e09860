//! The entry points of section 5 of the ABI, as functions that `#[wardian::plugin]` exports.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::codec::{decode_checked, elements, Fields};
use crate::entry::answer_item;
use crate::plugin::Marked;
use crate::*;

/// Answers a request that is a map. Keys that nobody reads are for plugins of a later time.
fn answer_map<O: Serialize>(at: usize, size: usize, body: impl FnOnce(Fields<'_>) -> Result<O, Error>) -> u64 {
    answer_item(at, size, |request| body(Fields::of(request).map_err(Error::from_reading)?))
}

impl Fields<'_> {
    fn part<T: DeserializeOwned>(&self, key: &str) -> Result<T, Error> {
        self.read(key).map_err(|fault| Error::from_reading(fault.within(key)))
    }
}

pub fn plugin_open<T: Marked>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (config, opening) = opened::<T>(&request)?;
        let plugin = T::slot().fill(T::open(config, &opening)?);
        Ok(plugin.interval().map(|interval| BTreeMap::from([("interval_ms", interval.as_millis() as u64)])))
    })
}

pub fn plugin_check<T: Marked>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (config, opening) = opened::<T>(&request)?;
        T::check(config, &opening)
    })
}

fn opened<T: Plugin>(request: &Fields<'_>) -> Result<(T::Config, Opening), Error> {
    let config = request.read("config").map_err(|fault| Error::config(fault.to_string()))?;
    Ok((config, Opening::read(request).map_err(Error::from_reading)?))
}

pub fn plugin_close<T: Marked>(at: usize, size: usize) -> u64 {
    answer_item(at, size, |_| T::slot().with(T::close))
}

pub fn source_poll<T: Marked + Source>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let poll = Poll { now: request.part("now")?, demand: request.part("demand")? };
        T::slot().with(|plugin| plugin.poll(poll))
    })
}

pub fn source_request<T: Marked + Source>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let pushed = Pushed { payload: request.part("payload")?, headers: request.part("headers")? };
        T::slot().with(|plugin| plugin.request(pushed))
    })
}

pub fn action_call<T: Marked + Action>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (params, vars) = (params::<T>(&request)?, request.part("vars")?);
        T::slot().with(|plugin| plugin.call(params, vars))
    })
}

pub fn action_cancel<T: Marked + Action>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (params, reason) = (params::<T>(&request)?, request.part::<String>("reason")?);
        T::slot().with(|plugin| plugin.cancel(&reason, params))
    })
}

/// Without `params:` in front: the message is for whoever gave them.
fn params<T: Action>(request: &Fields<'_>) -> Result<T::Params, Error> {
    request.read("params").map_err(Error::from_reading)
}

pub fn processor_process<T: Marked + Processor>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let records = request.part("records")?;
        let outcomes = T::slot().with(|plugin| plugin.process_all(records))?;
        Ok(outcomes.into_iter().map(Either).collect::<Vec<_>>())
    })
}

pub fn function_call<T: Marked + Function>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let rows = elements(request.get("rows")).map_err(Error::from_reading)?;
        let value = |plugin: &mut T, row| -> Result<_, Error> {
            let value = plugin.call(decode_checked(row).map_err(Error::from_reading)?)?;
            Ok(BTreeMap::from([("value", value)]))
        };
        T::slot().with(|plugin| Ok(rows.iter().map(|row| Either(value(plugin, row))).collect::<Vec<_>>()))
    })
}

pub fn function_validate<T: Marked + Function>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let args = request.part("args")?;
        T::slot().with(|plugin| plugin.validate(args))
    })
}

pub fn aggregator_add<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let records = request.part("records")?;
        T::slot().with(|plugin| plugin.add_all(records))
    })
}

pub fn aggregator_flush<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer_item(at, size, |_| Ok(BTreeMap::from([("records", T::slot().with(T::flush)?)])))
}

pub fn aggregator_reset<T: Marked + Aggregator>(at: usize, size: usize) -> u64 {
    answer_item(at, size, |_| T::slot().with(T::reset))
}

pub fn sink_write<T: Marked + Sink>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let records = request.part("records")?;
        let outcomes = T::slot().with(|plugin| plugin.write_all(records))?;
        Ok((!outcomes.is_empty()).then(|| outcomes.into_iter().map(Either).collect::<Vec<_>>()))
    })
}

pub fn sink_flush<T: Marked + Sink>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let urgent = request.part("urgent")?;
        T::slot().with(|plugin| plugin.flush(urgent))
    })
}

pub fn lookup_rows<T: Marked + Lookup>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (fields, keys) = (request.part("fields")?, request.part("keys")?);
        let query = Query { fields, keys, values: request.part("values")? };
        T::slot().with(|plugin| plugin.rows(query))
    })
}

pub fn extension_call<T: Marked + Extension>(at: usize, size: usize) -> u64 {
    answer_map(at, size, |request| {
        let (method, argument) = (request.part::<String>("method")?, request.part("argument")?);
        T::slot().with(|plugin| plugin.call(&method, argument))
    })
}

/// The outcome of one record or row: what came of it, or an error in its place.
struct Either<T>(Result<T, Error>);

impl<T: Serialize> Serialize for Either<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(value) => value.serialize(to),
            Err(error) => error.serialize(to),
        }
    }
}

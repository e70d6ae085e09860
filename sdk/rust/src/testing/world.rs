use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::{Bytes, Error, Key, Level, Record, Value};

pub type Answer = Box<dyn FnMut(Value) -> Result<Value, Error>>;

/// What a host knows, and what it was told.
#[derive(Default)]
pub struct World {
    pub state: BTreeMap<Vec<u8>, (Key, Value, Option<u64>)>, // and when it is forgotten, in nanoseconds
    pub vars: BTreeMap<String, Value>,
    pub logs: Vec<(Level, String)>,
    pub metrics: Vec<(String, f64)>,
    pub emitted: Vec<Record>,
    pub now: u64, // nanoseconds, of both clocks
    random: u8,
    pub cancelled: bool,
    pub answers: BTreeMap<String, Answer>,
}

impl World {
    /// What answers an import, unless a test says otherwise.
    pub fn answer(&mut self, import: &str, request: Value) -> Result<Value, Error> {
        match import {
            "log" => {
                let (level, message) = front(&request)?;
                self.logs.push((level, message));
            }
            "metric_record" => {
                let (name, _, value): (String, String, f64) = triple(&request)?;
                self.metrics.push((name, value));
            }
            "cancelled" => return Ok(self.cancelled.into()),
            "emit" => {
                let records: Vec<Record> = request.parse()?;
                self.emitted.extend(records.iter().cloned());
                return Ok(records.len().into());
            }
            "clock_now" => return Value::of(&(self.now as i64, self.now)),
            "random_bytes" => {
                let size: usize = request.parse()?;
                let bytes = (0..size).map(|_| {
                    self.random = self.random.wrapping_mul(181).wrapping_add(101);
                    self.random
                });
                return Value::of(&Bytes(bytes.collect()));
            }
            "template_expand" => return Ok(request),
            "vars_get" => return Ok(self.vars.get(request.as_text().unwrap_or_default()).cloned().into()),
            "vars_set" => {
                let (name, value) = front(&request)?;
                self.vars.insert(name, value);
            }
            _ if import.starts_with("state_") => return self.answer_state(import, request),
            _ => return Err(Error::denied(format!("`{import}` is not granted; `Host::on` says what answers it"))),
        }
        Ok(Value::Null)
    }

    fn answer_state(&mut self, import: &str, request: Value) -> Result<Value, Error> {
        match import {
            "state_get" => return Ok(self.kept(&request.parse()?).into()),
            "state_put" => {
                let (key, value): (Key, Value) = front(&request)?;
                let lasts = request.as_list().and_then(|parts| parts.get(2)?.as_uint());
                self.keep(key, value, lasts.map(|lasts| self.now + lasts * 1_000_000));
            }
            "state_delete" => {
                let key: Key = request.parse()?;
                let was = self.kept(&key).is_some();
                self.state.remove(bytes(&key));
                return Ok(was.into());
            }
            "state_add" => {
                let (key, delta): (Key, i64) = front(&request)?;
                let until = self.state.get(bytes(&key)).and_then(|(_, _, until)| *until);
                let sum = match self.kept(&key) {
                    None => Some(delta),
                    Some(value) => value.as_int().and_then(|value| value.checked_add(delta)),
                };
                let sum =
                    sum.ok_or_else(|| Error::invalid("the value is no integer, or the sum is none of 64 bits"))?;
                self.keep(key, sum.into(), until);
                return Ok(sum.into());
            }
            "state_swap" => {
                let (key, expected, value): (Key, Value, Value) = triple(&request)?;
                let same = self.kept(&key).unwrap_or_default() == expected;
                match (same, value) {
                    (false, _) => {}
                    (true, Value::Null) => drop(self.state.remove(bytes(&key))),
                    (true, value) => self.keep(key, value, None),
                }
                return Ok(same.into());
            }
            "state_keys" => {
                let (prefix, after, limit): (Key, Option<Key>, usize) = triple(&request)?;
                let (prefix, after) = (bytes(&prefix), after.as_ref().map(bytes));
                let found = self.state.iter().filter(|(key, (_, _, until))| {
                    key.starts_with(prefix)
                        && after.map_or(true, |after| key.as_slice() > after)
                        && until.map_or(true, |until| until > self.now)
                });
                return Ok(Value::List(found.take(limit).map(|(_, (key, _, _))| key.clone().into()).collect()));
            }
            _ => return Err(Error::internal(format!("`{import}` is no import"))),
        }
        Ok(Value::Null)
    }

    pub fn kept(&self, key: &Key) -> Option<Value> {
        let (_, value, until) = self.state.get(bytes(key))?;
        Some(value.clone()).filter(|_| until.map_or(true, |until| until > self.now))
    }

    fn keep(&mut self, key: Key, value: Value, until: Option<u64>) {
        self.state.insert(bytes(&key).into(), (key, value, until));
    }
}

/// A text and its UTF-8 bytes name the same key.
fn bytes(key: &Key) -> &[u8] {
    match key {
        Key::Text(text) => text.as_bytes(),
        Key::Bytes(bytes) => bytes,
    }
}

/// The first two items of a list that may have more.
fn front<A: DeserializeOwned, B: DeserializeOwned>(list: &Value) -> Result<(A, B), Error> {
    Ok((part(list, 0)?, part(list, 1)?))
}

fn triple<A: DeserializeOwned, B: DeserializeOwned, C: DeserializeOwned>(list: &Value) -> Result<(A, B, C), Error> {
    Ok((part(list, 0)?, part(list, 1)?, part(list, 2)?))
}

fn part<T: DeserializeOwned>(list: &Value, at: usize) -> Result<T, Error> {
    list.as_list().and_then(|parts| parts.get(at)).unwrap_or(&Value::Null).parse()
}

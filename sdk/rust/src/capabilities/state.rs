//! Durable values under keys. What a call changes lasts when the call succeeds; when it fails, all is as it was.
//!
//! Keys are texts or byte strings; a text and its UTF-8 bytes name the same key.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::{Error, Key};

use super::ask;

/// The value of a key; none where there is none, or where it is null.
pub fn get<T: DeserializeOwned>(key: impl Into<Key>) -> Result<Option<T>, Error> {
    ask!(state_get, &key.into())
}

pub fn put<T: Serialize + ?Sized>(key: impl Into<Key>, value: &T) -> Result<(), Error> {
    ask!(state_put, &(key.into(), value))
}

/// Puts a value that is forgotten after a while, of at least a millisecond.
pub fn put_for<T: Serialize + ?Sized>(key: impl Into<Key>, value: &T, lasts: Duration) -> Result<(), Error> {
    ask!(state_put, &(key.into(), value, lasts.as_millis() as u64))
}

/// Whether it was there.
pub fn delete(key: impl Into<Key>) -> Result<bool, Error> {
    ask!(state_delete, &key.into())
}

/// Adds to an integer, and gives the sum; what is not there counts as 0. Fails with `invalid` for other values.
pub fn add(key: impl Into<Key>, delta: i64) -> Result<i64, Error> {
    ask!(state_add, &(key.into(), delta))
}

/// Puts `value` if there is `expected` now, and says whether it was so. `None` stands for a key that is not there.
pub fn swap<T: Serialize>(key: impl Into<Key>, expected: Option<&T>, value: Option<&T>) -> Result<bool, Error> {
    ask!(state_swap, &(key.into(), expected, value))
}

/// At most `limit` keys that begin with `prefix` and come after `after`, in the order of their bytes.
pub fn keys(prefix: impl Into<Key>, after: Option<Key>, limit: u64) -> Result<Vec<Key>, Error> {
    ask!(state_keys, &(prefix.into(), after, limit))
}

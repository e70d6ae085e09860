//! Durations in configuration, which are texts such as `250ms` or `1m30s`: `#[serde(with = "wardian::duration")]`.

use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};
use serde::Serializer;

const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Reads one. None for what has no unit or an unknown one, and for what no `u64` of nanoseconds holds.
pub fn parse(text: &str) -> Option<Duration> {
    let (mut rest, mut total) = (text, 0u64);
    loop {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let unit = UNITS.iter().find(|(name, _)| *name == &rest[..end])?.1;
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[end..];
        if rest.is_empty() {
            return Some(Duration::from_nanos(total));
        }
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).ok_or_else(|| D::Error::custom(format!("expected a duration such as `1m30s`, got `{}`", text)))
}

/// Written in the largest unit that it is a multiple of.
pub fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    let nanoseconds = duration.as_nanos() as u64;
    let (name, unit) = UNITS.iter().rev().find(|(_, unit)| nanoseconds % unit == 0).unwrap_or(&UNITS[0]);
    to.serialize_str(&format!("{}{}", nanoseconds / unit, name))
}

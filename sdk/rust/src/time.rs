use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::codec::TIME;

const FIRST_SECOND: i64 = -62_135_596_800; // 0001-01-01T00:00:00Z
const LAST_SECOND: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z
const DAY: i64 = 86_400;

/// A point in time of the years 1 to 9999, to the nanosecond; hosts may keep microseconds.
///
/// Its own kind of item, neither a number nor a text. In other formats of serde it is a text as in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    seconds: i64,
    nanoseconds: u32,
    offset: i16, // minutes that its text is ahead of UTC
}

impl Time {
    /// So many seconds after the beginning of 1970, in UTC.
    pub fn from_unix(seconds: i64) -> Option<Time> {
        Time::new(seconds, 0, 0)
    }

    /// The same, to the nearest microsecond, as hosts read it.
    pub fn from_unix_float(seconds: f64) -> Option<Time> {
        if !(seconds > -1e12 && seconds < 1e12) {
            return None;
        }
        const TO_WHOLE: f64 = 6_755_399_441_055_744.0; // 1.5 * 2^52: adding it rounds, halves to the even side
        let whole = seconds as i64;
        let micros = ((seconds - whole as f64) * 1e6 + TO_WHOLE - TO_WHOLE) as i64;
        Time::new(whole + micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) as u32 * 1000, 0)
    }

    /// A point in time from nanoseconds since 1970, as in `now` of a source and `time` of records.
    pub fn from_unix_nanoseconds(nanoseconds: i64) -> Time {
        let rest = nanoseconds.rem_euclid(1_000_000_000) as u32;
        Time { seconds: nanoseconds.div_euclid(1_000_000_000), nanoseconds: rest, offset: 0 }
    }

    /// Reads `2026-01-31T12:00:00Z`, with up to nine digits of fraction and perhaps another offset than `Z`.
    pub fn from_rfc3339(text: &str) -> Option<Time> {
        let mut rest = Digits(text.as_bytes());
        let (year, month, day) = (rest.number(4, b'-')?, rest.number(2, b'-')?, rest.number(2, b'T')?);
        let (hour, minute, second) = (rest.number(2, b':')?, rest.number(2, b':')?, rest.number(2, 0)?);
        if year < 1 || !(1..=12).contains(&month) || day < 1 || day > days_of(year, month) {
            return None;
        }
        let nanoseconds = rest.fraction()?;
        let sign = match rest.next()? {
            b'Z' => 0,
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = if sign == 0 { (0, 0) } else { (rest.number(2, b':')?, rest.number(2, 0)?) };
        if !rest.0.is_empty() || hour.max(hours) > 23 || minute.max(second).max(minutes) > 59 {
            return None;
        }
        let offset = sign * (hours * 60 + minutes);
        let time_of_day = hour * 3600 + minute * 60 + second;
        Time::new(days_since_1970(year, month, day) * DAY + time_of_day - offset * 60, nanoseconds, offset as i16)
    }

    /// Whole seconds since the beginning of 1970, and the nanoseconds behind them.
    pub fn unix(&self) -> (i64, u32) {
        (self.seconds, self.nanoseconds)
    }

    fn new(seconds: i64, nanoseconds: u32, offset: i16) -> Option<Time> {
        match (FIRST_SECOND..=LAST_SECOND).contains(&seconds) {
            true => Some(Time { seconds, nanoseconds, offset }),
            false => None,
        }
    }
}

/// As in RFC 3339.
impl fmt::Display for Time {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.seconds + i64::from(self.offset) * 60;
        let (year, month, day) = date_of(shown.div_euclid(DAY));
        let second = shown.rem_euclid(DAY);
        write!(to, "{:04}-{:02}-{:02}T", year, month, day)?;
        write!(to, "{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
        if self.nanoseconds != 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(to, ".{}", digits.trim_end_matches('0'))?;
        }
        match self.offset {
            0 => to.write_str("Z"),
            ahead => {
                let sign = if ahead < 0 { '-' } else { '+' };
                write!(to, "{}{:02}:{:02}", sign, ahead.abs() / 60, ahead.abs() % 60)
            }
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_newtype_struct(TIME, &self.to_string())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        from.deserialize_newtype_struct(TIME, Tagged)
    }
}

struct Tagged;

impl<'de> Visitor<'de> for Tagged {
    type Value = Time;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a point in time")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Time, D::Error> {
        from.deserialize_any(Content)
    }
}

/// What is below the tag.
pub(crate) struct Content;

impl<'de> Visitor<'de> for Content {
    type Value = Time;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a point in time")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        Time::from_rfc3339(text).ok_or_else(none)
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Time, E> {
        Time::from_unix(seconds).ok_or_else(none)
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Time, E> {
        i64::try_from(seconds).ok().and_then(Time::from_unix).ok_or_else(none)
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Time, E> {
        Time::from_unix_float(seconds).ok_or_else(none)
    }
}

fn none<E: Error>() -> E {
    E::custom("no point in time of the years 1 to 9999")
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// So many digits, and the character behind them, unless that is 0.
    fn number(&mut self, size: usize, then: u8) -> Option<i64> {
        let mut number = 0;
        for _ in 0..size {
            let digit = self.next().filter(u8::is_ascii_digit)?;
            number = number * 10 + i64::from(digit - b'0');
        }
        if then == 0 || self.next()? == then {
            Some(number)
        } else {
            None
        }
    }

    fn fraction(&mut self) -> Option<u32> {
        if self.0.first() != Some(&b'.') {
            return Some(0);
        }
        self.next();
        let size = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&size) {
            return None;
        }
        Some(self.number(size, 0)? as u32 * 10u32.pow(9 - size as u32))
    }
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Both count years from March on, so that a leap day ends its year, and days from 0000-03-01.
const TO_1970: i64 = 719_468;

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year / 4 - year / 100 + year / 400 + of_year - TO_1970
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + TO_1970;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year + i64::from(month <= 2), month, of_year - (153 * from_march + 2) / 5 + 1)
}

//! The heads of data items: what each begins with.

use std::borrow::Cow;

use super::Fault;

pub(crate) const UNSIGNED: u8 = 0;
pub(crate) const NEGATIVE: u8 = 1;
pub(crate) const BYTES: u8 = 2;
pub(crate) const TEXT: u8 = 3;
pub(crate) const LIST: u8 = 4;
pub(crate) const MAP: u8 = 5;
pub(crate) const TAG: u8 = 6;
pub(crate) const SIMPLE: u8 = 7;

const INDEFINITE: u8 = 31;
const END: Fault = Fault::new("the item ends early");

/// A head: its major type, the low five bits of its first byte, and the number that it holds.
#[derive(Clone, Copy)]
pub(crate) struct Head {
    pub major: u8,
    pub info: u8,
    pub number: u64,
}

impl Head {
    /// How many parts follow; none where a break ends them.
    pub fn length(&self) -> Option<u64> {
        if self.info == INDEFINITE {
            None
        } else {
            Some(self.number)
        }
    }

    pub fn is_break(&self) -> bool {
        self.major == SIMPLE && self.info == INDEFINITE
    }

    pub fn is_float(&self) -> bool {
        self.major == SIMPLE && (25..=27).contains(&self.info)
    }

    /// The value of a head of a float.
    pub fn float(&self) -> f64 {
        match self.info {
            25 => half(self.number as u16),
            26 => f64::from(f32::from_bits(self.number as u32)),
            _ => f64::from_bits(self.number),
        }
    }
}

/// Goes over the bytes of an item.
pub(crate) struct Reader<'a> {
    pub data: &'a [u8],
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(data: &'a [u8]) -> Reader<'a> {
        Reader { data, at: 0 }
    }

    pub fn left(&self) -> usize {
        self.data.len() - self.at
    }

    /// The first byte of what comes next; that of a break at the end.
    pub fn peek(&self) -> u8 {
        self.data.get(self.at).copied().unwrap_or(0xff)
    }

    pub fn take(&mut self, size: u64) -> Result<&'a [u8], Fault> {
        if size > self.left() as u64 {
            return Err(END);
        }
        let taken = &self.data[self.at..self.at + size as usize];
        self.at += size as usize;
        Ok(taken)
    }

    pub fn head(&mut self) -> Result<Head, Fault> {
        let first = *self.data.get(self.at).ok_or(END)?;
        self.at += 1;
        let (major, info) = (first >> 5, first & 31);
        let number = match info {
            0..=23 => u64::from(info),
            24..=27 => self.take(1 << (info - 24))?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
            INDEFINITE if (BYTES..=MAP).contains(&major) || major == SIMPLE => 0,
            _ => return Err(Fault::new("a head of no known form")),
        };
        Ok(Head { major, info, number })
    }

    /// The content of a text or of bytes, in one piece; its head has been read.
    pub fn string(&mut self, head: Head) -> Result<Cow<'a, [u8]>, Fault> {
        if let Some(size) = head.length() {
            return self.take(size).map(Cow::Borrowed);
        }
        let mut whole = Vec::new();
        loop {
            let chunk = self.head()?;
            if chunk.is_break() {
                return Ok(Cow::Owned(whole));
            }
            match chunk.length() {
                Some(size) if chunk.major == head.major => {
                    let part = self.take(size)?;
                    if head.major == TEXT {
                        utf8(part)?;
                    }
                    whole.try_reserve(part.len()).map_err(|_| Fault::MEMORY)?;
                    whole.extend_from_slice(part);
                }
                _ => return Err(Fault::new("a chunk of another kind")),
            }
        }
    }

    /// The integer below a tag 2 or 3, which has been read: negative, and how far from 0 or -1.
    pub fn bignum(&mut self, tag: u64) -> Result<(bool, u64), Fault> {
        let head = self.head()?;
        if head.major != BYTES {
            return Err(Fault::new("a tag on what it does not take"));
        }
        let mut number = 0u64;
        for byte in self.string(head)?.iter() {
            if number >> 56 != 0 {
                return Err(RANGE);
            }
            number = number << 8 | u64::from(*byte);
        }
        let negative = tag == 3;
        if negative && number > i64::MAX as u64 {
            return Err(RANGE);
        }
        Ok((negative, number))
    }
}

pub(crate) const RANGE: Fault = Fault::new("an integer beyond 64 bits");

/// The text that the bytes are.
pub(crate) fn utf8(data: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(data).map_err(|_| Fault::new("a text that is not UTF-8"))
}

fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction / 16_777_216.0,
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (fraction + 1024.0) * f64::from_bits(((exponent - 25 + 1023) as u64) << 52),
    };
    if bits >> 15 == 1 {
        -size
    } else {
        size
    }
}

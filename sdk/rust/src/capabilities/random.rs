//! Random numbers that nobody can guess.

use crate::{Bytes, Error};

use super::ask;

/// So many random bytes, at most 65,536.
pub fn bytes(size: usize) -> Result<Vec<u8>, Error> {
    let bytes: Bytes = ask!(random_bytes, &size)?;
    Ok(bytes.0)
}

/// A random integer, any with equal chance.
pub fn integer() -> Result<u64, Error> {
    let bytes = bytes(8)?;
    Ok(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

//! The time.

use crate::{Error, Time};

use super::ask;

/// The host's clocks at one moment, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since 1970; may be set back.
    pub unix: i64,
    /// Since some moment; never goes back.
    pub monotonic: u64,
}

pub fn now() -> Result<Now, Error> {
    let (unix, monotonic) = ask!(clock_now, &())?;
    Ok(Now { unix, monotonic })
}

impl From<Now> for Time {
    fn from(now: Now) -> Time {
        Time::from_unix_nanoseconds(now.unix)
    }
}

//! Log lines. They are bounded: over its limit the host drops and counts them, which is no reason for a plugin to end,
//! so `info` and the others of a level do not say.

use crate::{Error, Level, Map};

use super::ask;

/// Writes a line. Fails with `exhausted` over the host's limits.
pub fn write(level: Level, message: &str) -> Result<(), Error> {
    ask!(log, &(level, message))
}

/// Writes a line with fields to find it by.
pub fn write_with(level: Level, message: &str, fields: &Map) -> Result<(), Error> {
    ask!(log, &(level, message, fields))
}

macro_rules! levels {
    ($($function:ident $level:ident,)*) => {
        $(pub fn $function(message: impl AsRef<str>) {
            let _ = write(Level::$level, message.as_ref());
        })*
    };
}

levels! { trace Trace, debug Debug, info Info, warn Warn, error Error, }

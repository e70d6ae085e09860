//! A sink that logs a line for each record.

use serde::Deserialize;
use wardian::{log, Error, Level, Record, Sink, Value};

/// Read from what the operator configures; the description has the defaults.
#[wardian::plugin]
#[derive(Deserialize)]
struct NewPlugin {
    prefix: String,
}

#[wardian::plugin]
impl Sink for NewPlugin {
    /// An error is that of this record alone.
    fn write(&mut self, record: Record) -> Result<(), Error> {
        // No more of it than a person will read.
        let line = match (&record.message, &record.data) {
            (_, Value::Null) => return Err(Error::invalid("a record without data says nothing")),
            (Some(message), _) => format!("{:.200}", message),
            (None, Value::Text(text)) => format!("{:.200}", text),
            (None, data) => format!("{:.200}", data), // as JSON
        };
        log::write(Level::Info, &format!("{}: {}", self.prefix, line))
    }

    /// A sink that gathers what it writes would write it all here.
    fn flush(&mut self, _urgent: bool) -> Result<(), Error> {
        Ok(())
    }
}

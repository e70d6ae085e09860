use super::left_out;
use crate::{Error, Plugin, Record};

/// What makes a few records of many. An aggregator has `flush`, and `add` or `add_all`.
pub trait Aggregator: Plugin {
    fn add(&mut self, _record: Record) -> Result<(), Error> {
        left_out("add")
    }

    /// The same for many.
    fn add_all(&mut self, records: Vec<Record>) -> Result<(), Error> {
        records.into_iter().try_for_each(|record| self.add(record))
    }

    /// Gives what was gathered, and begins anew.
    fn flush(&mut self) -> Result<Vec<Record>, Error>;

    /// Forgets what was gathered.
    fn reset(&mut self) -> Result<(), Error> {
        left_out("reset")
    }
}

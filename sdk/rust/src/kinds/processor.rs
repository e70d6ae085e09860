use super::{left_out, Outcome};
use crate::{Error, Plugin, Record};

/// What records pass through. A processor has `process`, or `process_all` where it is better done for many at once.
pub trait Processor: Plugin {
    /// What takes the record's place: the record itself, nothing, or several. An error is that of this record alone.
    fn process(&mut self, _record: Record) -> Result<Vec<Record>, Error> {
        left_out("process")
    }

    /// The same for many: as many outcomes as records.
    fn process_all(&mut self, records: Vec<Record>) -> Result<Vec<Outcome<Vec<Record>>>, Error> {
        Ok(records.into_iter().map(|record| self.process(record)).collect())
    }
}

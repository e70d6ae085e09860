use super::{left_out, Outcome};
use crate::{Error, Plugin, Record};

/// Where records end. A sink has `write`, or `write_all` where it is better done for many at once.
pub trait Sink: Plugin {
    /// Takes one record, which may then wait for `flush`. An error is that of this record alone.
    fn write(&mut self, _record: Record) -> Result<(), Error> {
        left_out("write")
    }

    /// The same for many: as many outcomes as records, or none at all where all is well.
    fn write_all(&mut self, records: Vec<Record>) -> Result<Vec<Outcome<()>>, Error> {
        Ok(records.into_iter().map(|record| self.write(record)).collect())
    }

    /// Makes what was taken last; `urgent` says that the host is about to stop.
    fn flush(&mut self, _urgent: bool) -> Result<(), Error> {
        Ok(())
    }
}

//! An aggregator that sums numbers by their key.

use wardian::{Aggregator, Error, Key, Record, Value};

#[wardian::plugin(default)]
#[derive(Default)]
struct NewPlugin {
    sums: Vec<(Option<Key>, Value)>, // in the order in which keys came
}

#[wardian::plugin]
impl Aggregator for NewPlugin {
    /// Adds all or nothing: what a call that fails has added would be added again.
    fn add_all(&mut self, records: Vec<Record>) -> Result<(), Error> {
        if records.iter().any(|record| record.data.as_float().is_none()) {
            return Err(Error::invalid("`data` must be a number"));
        }
        for record in records {
            match self.sums.iter_mut().find(|(key, _)| *key == record.key) {
                Some((_, sum)) => *sum = plus(sum, &record.data),
                None => self.sums.push((record.key, record.data)),
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<Vec<Record>, Error> {
        let sums = std::mem::take(&mut self.sums);
        Ok(sums.into_iter().map(|(key, sum)| Record { key, ..Record::of(sum) }).collect())
    }

    fn reset(&mut self) -> Result<(), Error> {
        self.sums.clear();
        Ok(())
    }
}

/// Integers stay integers as long as they fit.
fn plus(one: &Value, other: &Value) -> Value {
    let whole = one.as_int().zip(other.as_int()).and_then(|(one, other)| one.checked_add(other));
    match whole {
        Some(sum) => sum.into(),
        None => (one.as_float().unwrap_or(0.0) + other.as_float().unwrap_or(0.0)).into(),
    }
}

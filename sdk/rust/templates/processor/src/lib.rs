//! A processor that counts the words of texts, and drops the records that have too few.

use serde::Deserialize;
use wardian::{Error, Processor, Record, Value};

/// Read from what the operator configures; the description has the defaults.
#[wardian::plugin]
#[derive(Deserialize)]
struct NewPlugin {
    least: u64,
}

#[wardian::plugin]
impl Processor for NewPlugin {
    /// What takes the record's place. An error is that of this record alone.
    fn process(&mut self, mut record: Record) -> Result<Vec<Record>, Error> {
        let text = record.data.get("text").and_then(Value::as_text);
        let text = text.ok_or_else(|| Error::invalid("`data.text` must be a text"))?;
        let words = text.split_whitespace().count() as u64;
        if words < self.least {
            return Ok(vec![]);
        }
        if let Some(data) = record.data.as_map_mut() {
            data.insert("words", words);
        }
        Ok(vec![record])
    }
}

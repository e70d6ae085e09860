use crate::{Error, Map, Plugin, Value};

/// A table that rows are looked up in.
pub trait Lookup: Plugin {
    /// The rows that match, with the columns that are wanted.
    fn rows(&mut self, query: Query) -> Result<Vec<Map>, Error>;
}

/// What is looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// The columns that are wanted.
    pub fields: Vec<String>,
    /// The columns that have to match.
    pub keys: Vec<String>,
    /// What they have to be equal to, in the same order.
    pub values: Vec<Value>,
}

impl Query {
    /// Whether a row has what is asked for.
    pub fn matches(&self, row: &Map) -> bool {
        self.keys.iter().zip(&self.values).all(|(key, value)| row.get(key) == Some(value))
    }

    /// The columns of a row that are wanted, in the order in which they are.
    pub fn pick(&self, row: &Map) -> Map {
        let column = |field: &String| (field.clone(), row.get(field).cloned().unwrap_or_default());
        self.fields.iter().map(column).collect()
    }
}

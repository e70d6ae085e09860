use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Plugin, Value};

/// A function of queries.
pub trait Function: Plugin {
    /// The arguments of a row, such as `(String, u64)`; a row that they cannot hold is refused as `invalid`, by itself.
    /// Those of an aggregate are lists.
    type Args: DeserializeOwned;
    /// What comes of a row.
    type Value: Serialize;

    /// The value of one row. An error is that of this row alone.
    fn call(&mut self, args: Self::Args) -> Result<Self::Value, Error>;

    /// Refuses arguments that make no sense; asked once, when a query is prepared.
    fn validate(&mut self, _args: Vec<Argument>) -> Result<(), Error> {
        Ok(())
    }
}

/// An argument as it stands in a query.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Argument {
    /// The column that it is taken from; none for a literal.
    pub column: Option<String>,
    /// The type of that column.
    #[serde(rename = "type")]
    pub column_type: Option<String>,
    /// The literal.
    pub literal: Value,
}

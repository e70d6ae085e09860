use crate::{Error, Plugin, Value};

/// Methods for other plugins.
pub trait Extension: Plugin {
    /// What a method returns; [`Error::unimplemented`] for those that there are not.
    fn call(&mut self, method: &str, argument: Value) -> Result<Value, Error>;
}

//! An extension that counts for others, and goes on after a restart: its total lies in the host's state.

use wardian::{state, Error, Extension, Value};

#[wardian::plugin(default)]
#[derive(Default)]
struct NewPlugin;

#[wardian::plugin]
impl Extension for NewPlugin {
    fn call(&mut self, method: &str, argument: Value) -> Result<Value, Error> {
        match method {
            "add" => {
                let delta: Option<i64> = argument.parse()?;
                Ok(state::add("total", delta.unwrap_or(1))?.into())
            }
            "get" => Ok(state::get::<i64>("total")?.unwrap_or(0).into()),
            _ => Err(Error::unimplemented("the methods are `add` and `get`")),
        }
    }
}

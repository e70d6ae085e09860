use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::{Error, Map, Plugin};

/// Something that is done when it is asked for, with parameters and a result.
pub trait Action: Plugin {
    /// The parameters; what they cannot hold is refused as `invalid`.
    type Params: DeserializeOwned;
    /// The result.
    type Reply: Serialize;

    /// Does it; `vars` are the variables of the running job.
    fn call(&mut self, params: Self::Params, vars: Map) -> Result<Self::Reply, Error>;

    /// Undoes what a call that was cut short has left behind; called on a fresh instance.
    fn cancel(&mut self, _reason: &str, _params: Self::Params) -> Result<(), Error> {
        Ok(())
    }
}

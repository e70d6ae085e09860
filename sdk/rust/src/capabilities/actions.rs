//! Actions of other plugins.

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::Error;

use super::ask;

/// The result of an action; it ends when the caller does.
pub fn call<P: Serialize + ?Sized, T: DeserializeOwned>(action: &str, params: &P) -> Result<T, Error> {
    ask!(action_call, &(action, params))
}

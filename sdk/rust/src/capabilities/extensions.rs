//! Methods of extensions.

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::Error;

use super::ask;

/// What a method of an extension returned.
pub fn call<A: Serialize + ?Sized, T: DeserializeOwned>(
    extension: &str,
    method: &str,
    argument: &A,
) -> Result<T, Error> {
    ask!(extension_call, &(extension, method, argument))
}

//! Variables of the running job.

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::Error;

use super::ask;

/// The value of a variable; none where there is none, or where it is null.
pub fn get<T: DeserializeOwned>(name: &str) -> Result<Option<T>, Error> {
    ask!(vars_get, name)
}

pub fn set<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<(), Error> {
    ask!(vars_set, &(name, value))
}

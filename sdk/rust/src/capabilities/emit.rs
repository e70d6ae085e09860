use crate::{Error, Record};

use super::ask;

/// Sends records on before the call ends. Gives how many of them, from the first on, were taken; the others have to be
/// offered again.
pub fn emit(records: &[Record]) -> Result<usize, Error> {
    ask!(emit, records)
}

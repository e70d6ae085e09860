use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::Value;

/// Why a call, or one record of it, failed; what the host does then goes by its kind.
///
/// Made by the function of its kind: `Error::invalid("no name")`. Any error of Rust becomes `internal` by `?`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    /// The plugin's own name for what happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

/// What is wrong, and so whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// This record, or this argument.
    Invalid,
    /// The configuration: the operator has to change it, and the instance stops.
    Config,
    /// Something outside that will pass: it is tried again.
    Transient,
    /// A capability or destination that is not granted.
    Denied,
    /// A quota is spent.
    Exhausted,
    /// What was asked for is not there.
    NotFound,
    /// It is there already, or has changed meanwhile.
    Conflict,
    /// This plugin does not do that.
    Unimplemented,
    /// The plugin itself.
    Internal,
}

macro_rules! kinds {
    ($($function:ident $kind:ident,)*) => {
        $(pub fn $function(message: impl Into<String>) -> Error {
            Error::new(ErrorKind::$kind, message)
        })*
    };
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), code: None, retry_after_ms: None, details: None }
    }

    kinds! {
        invalid Invalid, config Config, transient Transient, denied Denied, exhausted Exhausted, not_found NotFound,
        conflict Conflict, unimplemented Unimplemented, internal Internal,
    }

    /// The same with a name for what happened.
    pub fn with_code(mut self, code: impl Into<String>) -> Error {
        self.code = Some(code.into());
        self
    }

    /// The same, not to be tried again before so much time has passed.
    pub fn retry_after(mut self, wait: Duration) -> Error {
        self.retry_after_ms = Some(wait.as_millis() as u64);
        self
    }

    /// The same with more about it.
    pub fn with_details(mut self, details: impl Into<Value>) -> Error {
        self.details = Some(details.into());
        self
    }

    pub(crate) fn from_reading(fault: Fault) -> Error {
        let kind = if fault.is_memory() { ErrorKind::Exhausted } else { ErrorKind::Invalid };
        Error::new(kind, fault.to_string())
    }

    pub(crate) fn from_writing(fault: Fault) -> Error {
        let kind = if fault.is_memory() { ErrorKind::Exhausted } else { ErrorKind::Internal };
        Error::new(kind, fault.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.message)
    }
}

/// So it is no `std::error::Error` itself, as the two would be one conversion.
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Error {
        Error::internal(error.to_string())
    }
}

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::codec::Fault;
#[cfg(target_arch = "wasm32")]
use crate::codec::{checked, Fields};
use crate::Value;

/// Why a call, or one record of it, failed; what the host does then goes by its kind.
///
/// Made by the function of its kind: `Error::invalid("no name")`. Any error of Rust becomes `internal` by `?`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Error {
    pub kind: ErrorKind,
    pub message: String,
    /// The plugin's own name for what happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

/// What is wrong, and so whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

const KINDS: [(&str, ErrorKind); 9] = [
    ("invalid", ErrorKind::Invalid),
    ("config", ErrorKind::Config),
    ("transient", ErrorKind::Transient),
    ("denied", ErrorKind::Denied),
    ("exhausted", ErrorKind::Exhausted),
    ("not_found", ErrorKind::NotFound),
    ("conflict", ErrorKind::Conflict),
    ("unimplemented", ErrorKind::Unimplemented),
    ("internal", ErrorKind::Internal),
]; // in the order of the enum

impl ErrorKind {
    /// As the ABI calls it.
    pub fn name(self) -> &'static str {
        KINDS[self as usize].0
    }

    pub fn from_name(name: &str) -> Option<ErrorKind> {
        KINDS.iter().find(|(each, _)| *each == name).map(|(_, kind)| *kind)
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
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

    #[cfg(target_arch = "wasm32")]
    /// Reads one; a kind that is not known is `internal`.
    pub(crate) fn from_item(item: &[u8]) -> Result<Error, Fault> {
        let fields = Fields::of(checked(item)?)?;
        Ok(Error {
            kind: ErrorKind::from_name(&fields.read::<String>("kind")?).unwrap_or(ErrorKind::Internal),
            message: fields.read("message")?,
            code: fields.read("code")?,
            retry_after_ms: fields.read("retry_after_ms")?,
            details: fields.read("details")?,
        })
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

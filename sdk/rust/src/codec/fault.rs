use std::borrow::Cow;
use std::fmt;

use serde::de::{Expected, Unexpected};

/// Why bytes are no item, or a value and an item do not fit each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    what: Cow<'static, str>,
    memory: bool,
}

impl Fault {
    pub(crate) const fn new(what: &'static str) -> Fault {
        Fault { what: Cow::Borrowed(what), memory: false }
    }

    pub(crate) const MEMORY: Fault = Fault { what: Cow::Borrowed("out of memory"), memory: true };

    /// The same, of a part of a message.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn within(self, part: &str) -> Fault {
        Fault { what: Cow::Owned(format!("{}: {}", part, self.what)), memory: self.memory }
    }

    /// Whether there was no memory for it.
    pub(crate) fn is_memory(&self) -> bool {
        self.memory
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.what)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(what: T) -> Fault {
        Fault { what: Cow::Owned(what.to_string()), memory: false }
    }

    // serde's own words would show floats, and that takes 20 kB of code.
    fn invalid_type(got: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        serde::de::Error::custom(format_args!("expected {}, got {}", expected, named(&got)))
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        serde::de::Error::custom(format_args!("expected {}, got {} that is none", expected, named(&got)))
    }
}

fn named(got: &Unexpected<'_>) -> &'static str {
    match got {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a float",
        Unexpected::Str(_) | Unexpected::Char(_) => "a text",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::NewtypeStruct => "a point in time",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a map",
        _ => "something else",
    }
}

impl serde::ser::Error for Fault {
    fn custom<T: fmt::Display>(what: T) -> Fault {
        serde::de::Error::custom(what)
    }
}

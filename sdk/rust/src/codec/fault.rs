use std::borrow::Cow;
use std::fmt;

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
}

impl serde::ser::Error for Fault {
    fn custom<T: fmt::Display>(what: T) -> Fault {
        serde::de::Error::custom(what)
    }
}

//! What a plugin may ask of its host, a module for each capability.

pub mod actions;
mod cancelled;
pub mod clock;
mod emit;
pub mod extensions;
pub mod http;
pub mod log;
pub mod metric;
pub mod random;
pub mod state;
pub mod template;
pub mod vars;

pub use cancelled::cancelled;
pub use emit::emit;

/// Calls a function of the module `wardian`.
macro_rules! ask {
    ($name:ident, $request:expr) => {
        $crate::host::ask($crate::import!("wardian", $name, stringify!($name)), $request)
    };
}

use ask;

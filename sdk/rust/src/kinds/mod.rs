//! The kinds of plugins, a trait for each; what a plugin does not need it leaves out, and then does not export.

mod action;
mod aggregator;
#[cfg(target_arch = "wasm32")]
pub mod entries;
mod extension;
mod function;
mod lookup;
mod processor;
mod sink;
mod source;

pub use action::Action;
pub use aggregator::Aggregator;
pub use extension::Extension;
pub use function::{Argument, Function};
pub use lookup::{Lookup, Query};
pub use processor::Processor;
pub use sink::Sink;
pub use source::{Poll, Polled, Pushed, Source};

use crate::Error;

/// What came of one record or row; that of one does not concern the others.
type Outcome<T> = Result<T, Error>;

fn left_out<T>(what: &str) -> Result<T, Error> {
    Err(Error::unimplemented(format!("this plugin has no `{}`", what)))
}

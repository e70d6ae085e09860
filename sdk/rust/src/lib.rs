//! Plugins for Wardian, in Rust. `README.md` begins with one.
//!
//! [`function`] makes an entry point of a function, [`plugin`] a plugin of a struct and of the traits of its kind.
//! What a plugin may ask of its host has a module for each capability, from [`state`] to [`http`]; to call one is to
//! ask for that capability. [`testing`] stands in for the host in `cargo test`.

#[macro_use]
mod host;

mod bytes;
mod capabilities;
pub mod codec;
pub mod duration;
mod error;
mod kinds;
mod map;
mod opening;
mod plugin;
mod record;
mod show;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod time;
mod value;

pub use bytes::Bytes;
pub use capabilities::{actions, cancelled, clock, emit, extensions, http, log, metric, random, state, template, vars};
pub use error::{Error, ErrorKind};
pub use kinds::{
    Action, Aggregator, Argument, Extension, Function, Lookup, Poll, Polled, Processor, Pushed, Query, Sink, Source,
};
pub use map::{Key, Map};
pub use opening::{Context, Level, Opening, Remark};
pub use plugin::Plugin;
pub use record::{Record, RecordType};
pub use time::Time;
pub use value::Value;
pub use wardian_macros::{function, plugin};

/// What the attributes and macros expand to; not for authors.
#[doc(hidden)]
pub mod expansion {
    #[cfg(target_arch = "wasm32")]
    pub use crate::entry::{answer, marker};
    pub use crate::host::{ask, Import};
    #[cfg(target_arch = "wasm32")]
    pub use crate::kinds::entries;
    pub use crate::plugin::{Marked, Slot};
}

#[cfg(target_arch = "wasm32")]
mod entry;

use std::cell::UnsafeCell;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{Error, Opening, Remark};

/// What every plugin is, whatever its kind; an instance of it lives as long as the host's instance.
///
/// A struct with `#[derive(Deserialize)]` is a plugin already: the operator's configuration is read into it. What
/// opens in another way implements this, and a struct with `Default` that has no configuration says
/// `#[wardian::plugin(default)]`.
pub trait Plugin: Sized + 'static {
    /// What the operator configures.
    type Config: DeserializeOwned;

    /// Called once, before all else.
    fn open(config: Self::Config, opening: &Opening) -> Result<Self, Error>;

    /// How often a source wants to be polled, to the millisecond; asked once, after `open`.
    fn interval(&self) -> Option<Duration> {
        None
    }

    /// Says what there is to say of a configuration before it is used; no instance is open.
    fn check(_config: Self::Config, _opening: &Opening) -> Result<Vec<Remark>, Error> {
        Ok(Vec::new())
    }

    /// Called last, unless the instance ended by itself.
    fn close(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

impl<T: DeserializeOwned + 'static> Plugin for T {
    type Config = T;

    fn open(config: T, _: &Opening) -> Result<T, Error> {
        Ok(config)
    }
}

/// A struct that says `#[wardian::plugin]`, which gives its open instance a place.
pub trait Marked: Plugin {
    fn slot() -> &'static Slot<Self>;
}

/// Where the open instance lies.
pub struct Slot<T>(UnsafeCell<Option<T>>);

/// An instance of a module has one thread, and is not entered while it runs; elsewhere no slot is ever used.
unsafe impl<T> Sync for Slot<T> {}

impl<T> Slot<T> {
    pub const fn empty() -> Slot<T> {
        Slot(UnsafeCell::new(None))
    }

    #[cfg(target_arch = "wasm32")]
    pub(crate) fn fill(&self, plugin: T) -> &T {
        unsafe { (*self.0.get()).insert(plugin) }
    }

    /// Runs with the open instance.
    #[cfg(target_arch = "wasm32")]
    pub fn with<R>(&self, run: impl FnOnce(&mut T) -> Result<R, Error>) -> Result<R, Error> {
        match unsafe { &mut *self.0.get() } {
            Some(plugin) => run(plugin),
            None => Err(Error::internal("called before `plugin_open`")),
        }
    }
}

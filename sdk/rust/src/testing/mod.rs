//! A host for `cargo test`, so that a plugin's own tests need no WebAssembly: call its functions and methods, and look
//! at what it asked for.
//!
//! ```
//! use wardian::{state, testing::Host};
//!
//! let host = Host::new();
//! assert_eq!(state::add("visits", 2).unwrap(), 2);
//! assert_eq!(host.state("visits"), Some(2.into()));
//! ```

mod world;

use std::cell::RefCell;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::codec::{decode, encode};
use crate::{Error, Key, Level, Opening, Plugin, Record, Value};
use world::World;

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

/// The host of this thread. It has no limits, its clocks stand still, and its random numbers are no secret.
pub struct Host {
    own: PhantomData<*const ()>, // of one thread
}

impl Host {
    /// A new one; what the thread's former one knew is forgotten.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Host {
        WORLD.with(|world| *world.borrow_mut() = World::default());
        Host { own: PhantomData }
    }

    /// Says what answers an import, by its name in the ABI: `http_request`, `action_call`, `app.lookup_user`.
    pub fn on(&self, import: &str, answer: impl FnMut(Value) -> Result<Value, Error> + 'static) {
        with(|world| world.answers.insert(import.into(), Box::new(answer)));
    }

    /// The lines that were logged, with their levels.
    pub fn logs(&self) -> Vec<(Level, String)> {
        with(|world| world.logs.clone())
    }

    /// The names and values of the metrics that were recorded.
    pub fn metrics(&self) -> Vec<(String, f64)> {
        with(|world| world.metrics.clone())
    }

    /// The records that were sent on by [`crate::emit`].
    pub fn emitted(&self) -> Vec<Record> {
        with(|world| world.emitted.clone())
    }

    /// What is in state under a key.
    pub fn state(&self, key: impl Into<Key>) -> Option<Value> {
        with(|world| world.kept(&key.into()))
    }

    pub fn var(&self, name: &str) -> Option<Value> {
        with(|world| world.vars.get(name).cloned())
    }

    pub fn set_var(&self, name: &str, value: impl Into<Value>) {
        with(|world| world.vars.insert(name.into(), value.into()));
    }

    /// Lets time go by.
    pub fn pass(&self, time: Duration) {
        with(|world| world.now += time.as_nanos() as u64);
    }

    /// Wants calls to come to their end.
    pub fn cancel(&self) {
        with(|world| world.cancelled = true);
    }
}

/// Opens a plugin with a configuration, as the host does.
pub fn open<T: Plugin>(config: impl Into<Value>) -> Result<T, Error> {
    open_with(config, &Opening::default())
}

/// The same, with what else a plugin is told.
pub fn open_with<T: Plugin>(config: impl Into<Value>, opening: &Opening) -> Result<T, Error> {
    let config = config.into().parse().map_err(|error| Error::config(error.message))?;
    T::open(config, opening)
}

/// Calls a function as the host does: what goes in and comes out passes through bytes, and when it fails, state is as it
/// was. A method is called by a closure.
pub fn call<I: DeserializeOwned, O: Serialize>(
    run: impl FnOnce(I) -> Result<O, Error>,
    request: impl Into<Value>,
) -> Result<Value, Error> {
    let before = with(|world| world.state.clone());
    let result = request.into().parse().and_then(run).and_then(|reply| Value::of(&reply));
    if result.is_err() {
        with(|world| world.state = before);
    }
    result
}

fn with<R>(run: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with(|world| run(&mut world.borrow_mut()))
}

/// Answers a host call.
pub(crate) fn exchange(import: &str, request: &[u8]) -> Result<Vec<u8>, Error> {
    let request: Value = decode(request).map_err(Error::from_reading)?;
    // It is taken out while it runs, for it may ask the host as well.
    let found = with(|world| world.answers.remove(import));
    let reply = match found {
        Some(mut answer) => {
            let reply = answer(request);
            with(|world| {
                world.answers.entry(import.into()).or_insert(answer);
            });
            reply?
        }
        None => with(|world| world.answer(import, request))?,
    };
    encode(&reply).map_err(Error::from_writing)
}

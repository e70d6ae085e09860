//! What all host calls have in common: section 2.1 of the ABI.

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::codec::{decode, encode, NULL};
use crate::Error;

/// A function that the host offers.
#[cfg(target_arch = "wasm32")]
pub struct Import(pub unsafe extern "C" fn(usize, usize) -> i64);

/// A function that the host offers, by its name; `testing` has what it does.
#[cfg(not(target_arch = "wasm32"))]
pub struct Import(pub &'static str);

/// Calls it. Fails as it does, and with `internal` where its answer is of another type.
pub fn ask<Q: Serialize + ?Sized, A: DeserializeOwned>(import: Import, request: &Q) -> Result<A, Error> {
    let request = encode(request).map_err(Error::from_writing)?;
    let answer = exchange(import, request)?;
    let answer = if answer.is_empty() { NULL } else { &answer };
    decode(answer).map_err(|fault| Error::internal(format!("the host's answer: {}", fault)))
}

#[cfg(target_arch = "wasm32")]
fn exchange(import: Import, request: Vec<u8>) -> Result<Vec<u8>, Error> {
    #[link(wasm_import_module = "wardian")]
    extern "C" {
        fn take(at: *mut u8);
    }

    let waits = unsafe { import.0(request.as_ptr() as usize, request.len()) };
    let size = waits.unsigned_abs() as usize;
    let mut answer = Vec::new();
    answer.try_reserve_exact(size).map_err(|_| Error::exhausted("out of memory"))?;
    if size > 0 {
        unsafe {
            take(answer.as_mut_ptr());
            answer.set_len(size);
        }
    }
    if waits >= 0 {
        return Ok(answer);
    }
    Err(Error::from_item(&answer).unwrap_or_else(|fault| Error::internal(format!("the host's error: {}", fault))))
}

#[cfg(not(target_arch = "wasm32"))]
fn exchange(import: Import, request: Vec<u8>) -> Result<Vec<u8>, Error> {
    crate::testing::exchange(import.0, &request)
}

/// An [`Import`] of a module, `wardian` or `app`; the linker keeps those that are used.
#[doc(hidden)]
#[macro_export]
macro_rules! import {
    ($module:literal, $name:ident, $shown:expr) => {{
        #[cfg(target_arch = "wasm32")]
        {
            #[link(wasm_import_module = $module)]
            extern "C" {
                fn $name(at: usize, size: usize) -> i64;
            }
            $crate::expansion::Import($name)
        }
        #[cfg(not(target_arch = "wasm32"))]
        $crate::expansion::Import($shown)
    }};
}

/// Declares functions of the application that runs the plugin. What one takes and gives are any types of serde; each
/// call may fail, so it gives a `Result`. To declare one and call it is to ask for the capability `app.NAME`.
///
/// ```
/// wardian::app! {
///     /// What is known of a user.
///     fn lookup_user(name: &str) -> Option<String>;
/// }
/// ```
#[macro_export]
macro_rules! app {
    ($($(#[$about:meta])* $visible:vis fn $name:ident($argument:ident: $kind:ty) -> $answer:ty;)*) => {
        $($(#[$about])*
        $visible fn $name($argument: $kind) -> ::std::result::Result<$answer, $crate::Error> {
            $crate::expansion::ask($crate::import!("app", $name, concat!("app.", stringify!($name))), &$argument)
        })*
    };
}

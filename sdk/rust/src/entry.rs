//! The module's side of section 1 of the ABI: buffers, entry points, replies.

use std::alloc::{alloc, dealloc, Layout};
use std::cell::UnsafeCell;

use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::codec::{checked, decode_checked, encode_into};
use crate::Error;

const FAILED: u64 = 1 << 31;
const KEPT: usize = 1 << 20; // a larger buffer for replies is given back

/// What one instance holds: an instance has one thread, and is not entered while it runs.
struct Single<T>(UnsafeCell<T>);

unsafe impl<T> Sync for Single<T> {}

static REQUEST: Single<(usize, usize)> = Single(UnsafeCell::new((0, 0))); // address and size
static REPLY: Single<Vec<u8>> = Single(UnsafeCell::new(Vec::new()));

#[no_mangle]
extern "C" fn wardian_abi_v1() {}

#[no_mangle]
extern "C" fn wardian_alloc(size: usize) -> usize {
    unsafe {
        let (at, has) = &mut *REQUEST.0.get();
        if size > *has || *at == 0 {
            if *at != 0 {
                dealloc(*at as *mut u8, Layout::from_size_align_unchecked(*has, 8));
            }
            *at = 0;
            *has = size.max(256);
            if let Ok(layout) = Layout::from_size_align(*has, 8) {
                *at = alloc(layout) as usize;
            }
        }
        *at
    }
}

/// Keeps the exports above in modules whose crate only depends on this one.
pub fn marker() -> (extern "C" fn(), extern "C" fn(usize) -> usize) {
    (wardian_abi_v1, wardian_alloc)
}

/// Answers a call: reads the request, and writes what comes of it.
pub fn answer<I: DeserializeOwned, O: Serialize>(
    at: usize,
    size: usize,
    body: impl FnOnce(I) -> Result<O, Error>,
) -> u64 {
    answer_item(at, size, |request| body(decode_checked(request).map_err(Error::from_reading)?))
}

/// The same for what reads the bytes of its request, which are one item, in its own way.
pub(crate) fn answer_item<O: Serialize>(at: usize, size: usize, body: impl FnOnce(&[u8]) -> Result<O, Error>) -> u64 {
    finish(request(at, size).and_then(body))
}

fn request(at: usize, size: usize) -> Result<&'static [u8], Error> {
    report_panics();
    checked(unsafe { std::slice::from_raw_parts(at as *const u8, size) }).map_err(Error::from_reading)
}

fn finish<O: Serialize>(result: Result<O, Error>) -> u64 {
    let reply = unsafe { &mut *REPLY.0.get() };
    reply.clear();
    reply.shrink_to(KEPT);
    match result.and_then(|value| encode_into(reply, &value).map_err(Error::from_writing)) {
        Ok(()) => packed(reply),
        Err(error) => failed(reply, &error),
    }
}

fn failed(reply: &mut Vec<u8>, error: &Error) -> u64 {
    reply.clear();
    match encode_into(reply, error) {
        Ok(()) => packed(reply) | FAILED,
        Err(_) => std::process::abort(), // there is no memory for an error either
    }
}

fn packed(reply: &[u8]) -> u64 {
    (reply.as_ptr() as u64) << 32 | reply.len() as u64
}

/// A panic is a log line of level error that says where; then the instance traps.
fn report_panics() {
    static INSTALLED: Single<bool> = Single(UnsafeCell::new(false));
    let installed = unsafe { &mut *INSTALLED.0.get() };
    if !std::mem::replace(installed, true) {
        std::panic::set_hook(Box::new(|info| {
            let payload = info.payload();
            let message = payload.downcast_ref::<&str>().copied();
            let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic");
            let line = match info.location() {
                Some(place) => format!("{} ({}:{}:{})", message, place.file(), place.line(), place.column()),
                None => message.into(),
            };
            let _ = crate::log::write(crate::Level::Error, &line);
        }));
    }
}

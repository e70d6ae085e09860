//! Does everything the ABI promises; driven by tests, read by authors of other SDKs.

mod asking;
mod items;
mod kinds;

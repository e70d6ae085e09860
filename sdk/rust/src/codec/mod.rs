//! Items, in bytes: the part of CBOR that the ABI allows, checked as a whole before anything of it is read.

mod check;
mod fault;
mod head;
#[cfg(target_arch = "wasm32")]
mod parts;
mod read;
mod write;

pub use fault::Fault;
#[cfg(target_arch = "wasm32")]
pub(crate) use parts::{elements, Fields};

use serde::de::DeserializeOwned;
use serde::Serialize;

use head::Reader;

/// How many lists and maps may lie within each other.
pub(crate) const DEPTH: usize = 64;

/// Most items have a place in so many bytes, which then are set aside once.
const SMALL: usize = 256;

pub(crate) const NULL: &[u8] = &[0xf6];

/// Stands for a point in time in serde's model, as the name of a newtype around its content.
pub(crate) const TIME: &str = "$wardian::Time";

/// The value of the one item that the bytes are. Fails for anything else, and for a value that the type has no
/// place for.
pub fn decode<T: DeserializeOwned>(data: &[u8]) -> Result<T, Fault> {
    decode_checked(checked(data)?)
}

/// The bytes; fails unless they are one item.
pub(crate) fn checked(data: &[u8]) -> Result<&[u8], Fault> {
    check::whole(data)?;
    Ok(data)
}

/// The same of bytes that are known to be one item, such as a part of one that was checked.
pub(crate) fn decode_checked<T: DeserializeOwned>(data: &[u8]) -> Result<T, Fault> {
    T::deserialize(&mut Reader::new(data))
}

/// The bytes of a value. Fails where it is no item: nested too deep, or with keys that are neither text nor bytes.
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Fault> {
    let mut data = Vec::with_capacity(SMALL);
    encode_into(&mut data, value)?;
    Ok(data)
}

/// The same, behind what the buffer holds already.
pub(crate) fn encode_into<T: Serialize + ?Sized>(data: &mut Vec<u8>, value: &T) -> Result<(), Fault> {
    value.serialize(&mut write::Writer::new(data))
}

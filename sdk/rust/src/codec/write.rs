//! From a value of Rust to an item: serde's `Serializer`, with shortest heads and floats as they are.

use serde::ser::{self, Serialize};

use super::head::{BYTES, LIST, MAP, NEGATIVE, TAG, TEXT, UNSIGNED};
use super::{Fault, DEPTH, TIME};

/// Appends items to a buffer.
pub(crate) struct Writer<'a> {
    data: &'a mut Vec<u8>,
    depth: usize,
}

impl<'a> Writer<'a> {
    pub fn new(data: &'a mut Vec<u8>) -> Writer<'a> {
        Writer { data, depth: 0 }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.data.try_reserve(bytes.len()).map_err(|_| Fault::MEMORY)?;
        self.data.extend_from_slice(bytes);
        Ok(())
    }

    fn head(&mut self, major: u8, number: u64) -> Result<(), Fault> {
        let bytes = number.to_be_bytes();
        let (info, size) = match number {
            0..=23 => return self.put(&[major << 5 | number as u8]),
            24..=0xff => (24, 1),
            0x100..=0xffff => (25, 2),
            0x1_0000..=0xffff_ffff => (26, 4),
            _ => (27, 8),
        };
        self.put(&[major << 5 | info])?;
        self.put(&bytes[8 - size..])
    }

    fn string(&mut self, major: u8, data: &[u8]) -> Result<(), Fault> {
        self.head(major, data.len() as u64)?;
        self.put(data)
    }

    /// Begins a list or map, of unknown length where there is none.
    fn parts<'w>(&'w mut self, major: u8, length: Option<usize>) -> Result<Parts<'w, 'a>, Fault> {
        if self.depth == DEPTH {
            return Err(Fault::new("nested more than 64 levels"));
        }
        self.depth += 1;
        match length {
            Some(length) => self.head(major, length as u64)?,
            None => self.put(&[major << 5 | 31])?,
        }
        Ok(Parts { writer: self, levels: 1, open: length.is_none() })
    }

    /// Begins the content of a variant: the list or map within a map of one key.
    fn variant<'w>(&'w mut self, name: &str, major: u8, length: usize) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(MAP, Some(1))?;
        self.string(TEXT, name.as_bytes())?;
        let mut parts = self.parts(major, Some(length))?;
        parts.levels = 2;
        Ok(parts)
    }
}

macro_rules! integers {
    ($($method:ident $kind:ty,)*) => {
        $(fn $method(self, value: $kind) -> Result<(), Fault> {
            let value = i64::from(value);
            self.head(if value < 0 { NEGATIVE } else { UNSIGNED }, (value ^ value >> 63) as u64)
        })*
    };
}

impl<'w, 'a> ser::Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = Fault;
    type SerializeSeq = Parts<'w, 'a>;
    type SerializeTuple = Parts<'w, 'a>;
    type SerializeTupleStruct = Parts<'w, 'a>;
    type SerializeTupleVariant = Parts<'w, 'a>;
    type SerializeMap = Parts<'w, 'a>;
    type SerializeStruct = Parts<'w, 'a>;
    type SerializeStructVariant = Parts<'w, 'a>;

    integers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32,
    }

    fn serialize_u64(self, value: u64) -> Result<(), Fault> {
        self.head(UNSIGNED, value)
    }

    fn serialize_bool(self, value: bool) -> Result<(), Fault> {
        self.put(&[0xf4 + u8::from(value)])
    }

    fn serialize_f32(self, value: f32) -> Result<(), Fault> {
        self.put(&[0xfa])?;
        self.put(&value.to_bits().to_be_bytes())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Fault> {
        self.put(&[0xfb])?;
        self.put(&value.to_bits().to_be_bytes())
    }

    fn serialize_char(self, value: char) -> Result<(), Fault> {
        self.string(TEXT, value.encode_utf8(&mut [0; 4]).as_bytes())
    }

    fn serialize_str(self, value: &str) -> Result<(), Fault> {
        self.string(TEXT, value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Fault> {
        self.string(BYTES, value)
    }

    fn serialize_none(self) -> Result<(), Fault> {
        self.put(&[0xf6])
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Fault> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Fault> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Fault> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), Fault> {
        if name == TIME {
            self.head(TAG, 0)?;
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        let mut parts = self.parts(MAP, Some(1))?;
        ser::SerializeStruct::serialize_field(&mut parts, variant, value)?;
        parts.finish()
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(LIST, length)
    }

    fn serialize_tuple(self, length: usize) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(LIST, Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(LIST, Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'w, 'a>, Fault> {
        self.variant(variant, LIST, length)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(MAP, length)
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Parts<'w, 'a>, Fault> {
        self.parts(MAP, Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Parts<'w, 'a>, Fault> {
        self.variant(variant, MAP, length)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// What is being written of a list or map.
pub(crate) struct Parts<'w, 'a> {
    writer: &'w mut Writer<'a>,
    levels: usize, // that end with it
    open: bool,    // and so ended by a break
}

impl Parts<'_, '_> {
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        value.serialize(&mut *self.writer)
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let begin = self.writer.data.len();
        self.part(key)?;
        match self.writer.data.get(begin).map(|first| first >> 5) {
            Some(BYTES | TEXT) => Ok(()),
            _ => Err(Fault::new("a key that is neither text nor bytes")),
        }
    }

    fn finish(self) -> Result<(), Fault> {
        self.writer.depth -= self.levels;
        if self.open {
            self.writer.put(&[0xff])?;
        }
        Ok(())
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident,)*) => {
        $(impl ser::$kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Fault;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.part(value)
            }

            fn end(self) -> Result<(), Fault> {
                self.finish()
            }
        })*
    };
}

lists! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! structs {
    ($($kind:ident)*) => {
        $(impl ser::$kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Fault;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Fault> {
                self.part(key)?;
                self.part(value)
            }

            fn end(self) -> Result<(), Fault> {
                self.finish()
            }
        })*
    };
}

structs! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.part(value)
    }

    fn end(self) -> Result<(), Fault> {
        self.finish()
    }
}

//! From an item to a value of Rust: serde's `Deserializer` over bytes that were checked.

use std::borrow::Cow;

use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::head::{self, utf8, Head, Reader};
use super::{check, Fault, TIME};

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let head = self.head()?;
        match head.major {
            head::UNSIGNED => visitor.visit_u64(head.number),
            head::NEGATIVE => visitor.visit_i64(!(head.number as i64)),
            head::BYTES => match self.string(head)? {
                Cow::Borrowed(data) => visitor.visit_borrowed_bytes(data),
                Cow::Owned(data) => visitor.visit_byte_buf(data),
            },
            head::TEXT => match self.string(head)? {
                Cow::Borrowed(data) => visitor.visit_borrowed_str(utf8(data)?),
                Cow::Owned(data) => visitor.visit_string(utf8(&data)?.into()),
            },
            head::LIST => {
                let mut parts = Parts::new(self, head);
                let value = visitor.visit_seq(&mut parts)?;
                parts.end().map(|()| value)
            }
            head::MAP => {
                let mut parts = Parts::new(self, head);
                let value = visitor.visit_map(&mut parts)?;
                parts.end().map(|()| value)
            }
            head::TAG if head.number < 2 => visitor.visit_newtype_struct(self),
            head::TAG => match self.bignum(head.number)? {
                (true, number) => visitor.visit_i64(!(number as i64)),
                (false, number) => visitor.visit_u64(number),
            },
            _ if head.is_float() => visitor.visit_f64(head.float()),
            _ if head.info == 22 => visitor.visit_unit(),
            _ => visitor.visit_bool(head.info == 21),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.peek() == 0xf6 {
            self.at += 1;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        match name {
            TIME => self.deserialize_any(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let head = self.head()?;
        match head.major {
            head::TEXT => visitor.visit_enum(utf8(&self.string(head)?)?.into_deserializer()),
            head::MAP => {
                let mut parts = Parts::new(self, head);
                if !parts.another()? {
                    return Err(Fault::new("expected a map of one variant"));
                }
                let value = visitor.visit_enum(Variant(parts.reader))?;
                parts.end().map(|()| value)
            }
            _ => Err(Fault::new("expected a variant: a text, or a map of one key")),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.peek() >> 5 == head::BYTES {
            check::skip(self)?;
            return visitor.visit_u64(u64::MAX); // a byte string is no text: to serde, a field that nobody knows
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        check::skip(self)?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct
    }
}

/// The parts of a list or map.
struct Parts<'a, 'de> {
    reader: &'a mut Reader<'de>,
    left: Option<u64>, // none where a break ends them
}

impl<'a, 'de> Parts<'a, 'de> {
    fn new(reader: &'a mut Reader<'de>, head: Head) -> Parts<'a, 'de> {
        Parts { reader, left: head.length() }
    }

    /// Whether there is another part, which then has to be read.
    fn another(&mut self) -> Result<bool, Fault> {
        match &mut self.left {
            Some(0) => Ok(false),
            Some(left) => {
                *left -= 1;
                Ok(true)
            }
            None if self.reader.peek() == 0xff => {
                self.reader.head()?;
                self.left = Some(0);
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn end(&mut self) -> Result<(), Fault> {
        if self.another()? {
            return Err(Fault::new("more parts than expected"));
        }
        Ok(())
    }

    /// A bound of what is left, for those who set memory aside: no part is smaller than a byte.
    fn at_most(&self) -> Option<usize> {
        self.left.map(|left| left.min(self.reader.left() as u64) as usize)
    }
}

impl<'de> de::SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        match self.another()? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

impl<'de> de::MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        de::SeqAccess::next_element_seed(self, seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.at_most()
    }
}

/// A variant of an enum with content: the one key of a map and its value.
struct Variant<'a, 'de>(&'a mut Reader<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), Fault> {
        Ok((seed.deserialize(&mut *self.0)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        serde::Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_any(self.0, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_any(self.0, visitor)
    }
}

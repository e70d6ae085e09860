use std::fmt;

use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::codec::{decode_checked, encode};
use crate::{Error, Map, Time};

/// Any item, for what has no type of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// An integer from -2^63 to 2^63 - 1.
    Int(i64),
    /// An integer of 2^63 or more; smaller ones are `Int`.
    Uint(u64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Map(Map),
    Time(Time),
}

impl Value {
    /// The item that a value of any type makes.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
        let data = encode(value).map_err(Error::from_writing)?;
        decode_checked(&data).map_err(Error::from_reading)
    }

    /// The same as a value of another type; an `invalid` error where it is none.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let data = encode(self).map_err(Error::from_writing)?;
        decode_checked(&data).map_err(Error::from_reading)
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer that has a place in an `i64`.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer that is not negative.
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Value::Int(value) => u64::try_from(*value).ok(),
            Value::Uint(value) => Some(*value),
            _ => None,
        }
    }

    /// A number, an integer as well as a float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Int(value) => Some(*value as f64),
            Value::Uint(value) => Some(*value as f64),
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Value::Map(value) => Some(value),
            _ => None,
        }
    }

    pub fn as_time(&self) -> Option<Time> {
        match self {
            Value::Time(value) => Some(*value),
            _ => None,
        }
    }

    /// What a map holds under a text; none as well of anything that is no map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => to.serialize_unit(),
            Value::Bool(value) => to.serialize_bool(*value),
            Value::Int(value) => to.serialize_i64(*value),
            Value::Uint(value) => to.serialize_u64(*value),
            Value::Float(value) => to.serialize_f64(*value),
            Value::Text(value) => to.serialize_str(value),
            Value::Bytes(value) => to.serialize_bytes(value),
            Value::List(value) => value.serialize(to),
            Value::Map(value) => value.serialize(to),
            Value::Time(value) => value.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("any item")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        Value::deserialize(from)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(value.into()))
    }

    fn visit_byte_buf<E>(self, value: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(value))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut parts: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(part) = parts.next_element()? {
            list.push(part);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, parts: A) -> Result<Value, A::Error> {
        Map::from_parts(parts).map(Value::Map)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(crate::time::Content).map(Value::Time)
    }
}

macro_rules! from {
    ($($kind:ty: $value:ident => $made:expr,)*) => {
        $(impl From<$kind> for Value {
            fn from($value: $kind) -> Value {
                $made
            }
        })*
    };
}

from! {
    (): _nothing => Value::Null,
    bool: value => Value::Bool(value),
    i32: value => Value::Int(value.into()),
    i64: value => Value::Int(value),
    u32: value => Value::Int(value.into()),
    u64: value => i64::try_from(value).map_or(Value::Uint(value), Value::Int),
    usize: value => Value::from(value as u64),
    f64: value => Value::Float(value),
    &str: value => Value::Text(value.into()),
    String: value => Value::Text(value),
    Vec<u8>: value => Value::Bytes(value),
    Map: value => Value::Map(value),
    Time: value => Value::Time(value),
    Vec<Value>: value => Value::List(value),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

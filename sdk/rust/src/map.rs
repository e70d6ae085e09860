use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Value;

/// A map in the order of its keys, which are texts or byte strings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map(Vec<(Key, Value)>);

/// A key: a text, which is never equal to a byte string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Text(String),
    Bytes(Vec<u8>),
}

impl Map {
    pub fn new() -> Map {
        Map::default()
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(each, _)| each.as_text() == Some(key)).map(|(_, value)| value)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(each, _)| each.as_text() == Some(key)).map(|(_, value)| value)
    }

    /// Puts a value under a key, in the place of the one that was there.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(each, _)| *each == key) {
            Some((_, place)) => *place = value,
            None => self.0.push((key, value)),
        }
    }

    /// Takes out what is under a key.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(each, _)| each.as_text() == Some(key))?;
        Some(self.0.remove(at).1)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Key, Value)> {
        self.0.iter()
    }

    pub(crate) fn from_parts<'de, A: de::MapAccess<'de>>(mut parts: A) -> Result<Map, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = parts.next_entry()? {
            map.push(pair);
        }
        Ok(Map(map))
    }
}

/// A [`Map`] of keys and what is under them: `map! { "text": "Hello", "count": 3 }`.
#[macro_export]
macro_rules! map {
    ($($key:tt: $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut map = $crate::Map::new();
        $(map.insert($key, $value);)*
        map
    }};
}

/// Later ones take the place of earlier ones with the same key.
impl<K: Into<Key>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Map {
        let mut map = Map::new();
        pairs.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

impl IntoIterator for Map {
    type Item = (Key, Value);
    type IntoIter = std::vec::IntoIter<(Key, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Map, D::Error> {
        struct AnyMap;

        impl<'de> Visitor<'de> for AnyMap {
            type Value = Map;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a map")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, parts: A) -> Result<Map, A::Error> {
                Map::from_parts(parts)
            }
        }

        from.deserialize_map(AnyMap)
    }
}

impl Key {
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Key::Text(text) => Some(text),
            Key::Bytes(_) => None,
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key::Text(text.into())
    }
}

impl From<String> for Key {
    fn from(text: String) -> Key {
        Key::Text(text)
    }
}

impl From<Vec<u8>> for Key {
    fn from(bytes: Vec<u8>) -> Key {
        Key::Bytes(bytes)
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Text(text) => Value::Text(text),
            Key::Bytes(bytes) => Value::Bytes(bytes),
        }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Key::Text(text) => to.serialize_str(text),
            Key::Bytes(bytes) => to.serialize_bytes(bytes),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Key, D::Error> {
        struct AnyKey;

        impl<'de> Visitor<'de> for AnyKey {
            type Value = Key;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a text or bytes")
            }

            fn visit_str<E>(self, text: &str) -> Result<Key, E> {
                Ok(text.into())
            }

            fn visit_string<E>(self, text: String) -> Result<Key, E> {
                Ok(Key::Text(text))
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Key, E> {
                Ok(Key::Bytes(bytes.into()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Key, E> {
                Ok(Key::Bytes(bytes))
            }
        }

        from.deserialize_any(AnyKey)
    }
}

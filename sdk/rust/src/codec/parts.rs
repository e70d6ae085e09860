//! What an item is made of, each part as its bytes: for messages of which each part is read in its own way.

use serde::de::DeserializeOwned;

use super::head::{self, utf8, Reader};
use super::{check, decode_checked, Fault, NULL};

/// The values of a map by their keys; of one that was checked.
pub(crate) struct Fields<'a>(Vec<(&'a str, &'a [u8])>);

impl<'a> Fields<'a> {
    /// Fails for anything but a map. Keys that are bytes, or come in chunks, are none that the ABI knows.
    pub fn of(item: &'a [u8]) -> Result<Fields<'a>, Fault> {
        let mut fields = Vec::new();
        each(item, head::MAP, |reader| {
            let first = reader.head()?;
            let key = reader.string(first)?;
            let value = part(reader)?;
            if let (head::TEXT, std::borrow::Cow::Borrowed(key)) = (first.major, key) {
                fields.push((utf8(key)?, value));
            }
            Ok(())
        })?;
        Ok(Fields(fields))
    }

    /// The bytes of a value; those of null where there is none.
    pub fn get(&self, key: &str) -> &'a [u8] {
        self.0.iter().find(|(each, _)| *each == key).map_or(NULL, |(_, value)| value)
    }

    /// A value; where there is none, what null makes of its type.
    pub fn read<T: DeserializeOwned>(&self, key: &str) -> Result<T, Fault> {
        decode_checked(self.get(key))
    }
}

/// The items of a list that was checked. Fails for anything else.
pub(crate) fn elements(item: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut found = Vec::new();
    each(item, head::LIST, |reader| {
        found.push(part(reader)?);
        Ok(())
    })?;
    Ok(found)
}

fn each<'a>(
    item: &'a [u8],
    major: u8,
    mut part: impl FnMut(&mut Reader<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut reader = Reader::new(item);
    let head = reader.head()?;
    if head.major != major {
        return Err(Fault::new(if major == head::MAP { "expected a map" } else { "expected a list" }));
    }
    let mut left = head.length();
    while left != Some(0) && (left.is_some() || reader.peek() != 0xff) {
        part(&mut reader)?;
        left = left.map(|left| left - 1);
    }
    Ok(())
}

fn part<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    let begin = reader.at;
    check::skip(reader)?;
    Ok(&reader.data[begin..reader.at])
}

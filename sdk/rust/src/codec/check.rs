//! Whether bytes are one item of the ABI, no more and no less.

use std::borrow::Cow;

use super::head::{self, utf8, Head, Reader, RANGE};
use super::{Fault, DEPTH};
use crate::Time;

/// Fails unless the bytes are one item.
pub(crate) fn whole(data: &[u8]) -> Result<(), Fault> {
    let mut check = Check { reader: Reader::new(data), keys: Vec::new() };
    check.next(0)?;
    if check.reader.left() != 0 {
        return Err(Fault::new("bytes follow the item"));
    }
    Ok(())
}

/// Moves the reader behind the item that begins there.
pub(crate) fn skip(reader: &mut Reader<'_>) -> Result<(), Fault> {
    let mut check = Check { reader: Reader { data: reader.data, at: reader.at }, keys: Vec::new() };
    check.next(0)?;
    reader.at = check.reader.at;
    Ok(())
}

type Key<'a> = (bool, Cow<'a, [u8]>); // whether it is a text, and its bytes

struct Check<'a> {
    reader: Reader<'a>,
    keys: Vec<Key<'a>>, // of all maps that have not ended, the innermost last
}

impl<'a> Check<'a> {
    fn next(&mut self, depth: usize) -> Result<(), Fault> {
        let head = self.reader.head()?;
        self.item(head, depth)
    }

    fn item(&mut self, head: Head, depth: usize) -> Result<(), Fault> {
        match head.major {
            head::UNSIGNED => Ok(()),
            head::NEGATIVE if head.number > i64::MAX as u64 => Err(RANGE),
            head::NEGATIVE => Ok(()),
            head::BYTES | head::TEXT => self.string(head).map(|_| ()),
            head::LIST | head::MAP if depth == DEPTH => Err(Fault::new("nested more than 64 levels")),
            head::LIST => self.each(head, |check, first| check.item(first, depth + 1)),
            head::MAP => self.map(head, depth),
            head::TAG => self.tag(head.number),
            _ if (20..=22).contains(&head.info) || head.is_float() => Ok(()),
            _ if head.is_break() => Err(Fault::new("a break out of place")),
            _ => Err(Fault::new("a simple value that is not false, true or null")),
        }
    }

    fn each(&mut self, head: Head, part: impl Fn(&mut Self, Head) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut left = head.length().unwrap_or(u64::MAX);
        while left > 0 {
            let first = self.reader.head()?;
            if first.is_break() && head.length().is_none() {
                return Ok(());
            }
            part(self, first)?;
            left -= 1;
        }
        Ok(())
    }

    fn map(&mut self, head: Head, depth: usize) -> Result<(), Fault> {
        let begin = self.keys.len();
        self.each(head, |check, first| {
            if first.major != head::TEXT && first.major != head::BYTES {
                return Err(Fault::new("a key that is neither text nor bytes"));
            }
            let key = (first.major == head::TEXT, check.string(first)?);
            check.keys.try_reserve(1).map_err(|_| Fault::MEMORY)?;
            check.keys.push(key);
            check.next(depth + 1)
        })?;
        let twice = any_twice(&mut self.keys[begin..]);
        self.keys.truncate(begin);
        if twice {
            return Err(Fault::new("a key that is there twice"));
        }
        Ok(())
    }

    fn string(&mut self, head: Head) -> Result<Cow<'a, [u8]>, Fault> {
        let content = self.reader.string(head)?;
        if head.major == head::TEXT && head.length().is_some() {
            utf8(&content)?; // each chunk of the others was looked at by itself
        }
        Ok(content)
    }

    fn tag(&mut self, tag: u64) -> Result<(), Fault> {
        if tag == 2 || tag == 3 {
            return self.reader.bignum(tag).map(|_| ());
        }
        if tag > 3 {
            return Err(Fault::new("an unknown tag"));
        }
        let head = self.reader.head()?;
        let time = match head.major {
            head::TEXT if tag == 0 => Time::from_rfc3339(utf8(&self.string(head)?)?),
            head::UNSIGNED if tag == 1 => i64::try_from(head.number).ok().and_then(Time::from_unix),
            head::NEGATIVE if tag == 1 => i64::try_from(head.number).ok().and_then(|size| Time::from_unix(-1 - size)),
            head::SIMPLE if tag == 1 && head.is_float() => Time::from_unix_float(head.float()),
            _ => return Err(Fault::new("a tag on what it does not take")),
        };
        time.map(|_| ()).ok_or_else(|| Fault::new("no point in time of the years 1 to 9999"))
    }
}

fn any_twice(keys: &mut [Key<'_>]) -> bool {
    if keys.len() <= 8 {
        return keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    }
    sort(keys);
    keys.windows(2).any(|pair| pair[0] == pair[1])
}

/// A heap's sort: never slow whatever is sent, and a tenth of the code of the standard library's.
fn sort(keys: &mut [Key<'_>]) {
    for root in (0..keys.len() / 2).rev() {
        sink(keys, root);
    }
    for end in (1..keys.len()).rev() {
        keys.swap(0, end);
        sink(&mut keys[..end], 0);
    }
}

fn sink(keys: &mut [Key<'_>], mut root: usize) {
    loop {
        let mut largest = root;
        for child in [2 * root + 1, 2 * root + 2] {
            if child < keys.len() && keys[child] > keys[largest] {
                largest = child;
            }
        }
        if largest == root {
            return;
        }
        keys.swap(root, largest);
        root = largest;
    }
}

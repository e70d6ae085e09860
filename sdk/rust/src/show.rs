//! How values are shown to people.

use std::fmt;

use crate::{Key, Value};

/// As JSON, where that knows it: bytes, times and floats that are no numbers are shown as texts. `{:.200}` shows no
/// more than 200 characters, however large the value is.
impl fmt::Display for Value {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match to.precision() {
            Some(most) => {
                let _ = show(self, &mut Cut { to, left: most }); // which fails where it is full
                Ok(())
            }
            None => show(self, to),
        }
    }
}

fn show(value: &Value, to: &mut dyn fmt::Write) -> fmt::Result {
    match value {
        Value::Null => to.write_str("null"),
        Value::Bool(value) => write!(to, "{}", value),
        Value::Int(value) => write!(to, "{}", value),
        Value::Uint(value) => write!(to, "{}", value),
        Value::Float(value) if value.is_finite() => write!(to, "{:?}", value),
        Value::Float(value) => write!(to, "\"{}\"", value),
        Value::Text(value) => quote(value, to),
        Value::Bytes(value) => hex(value, to),
        Value::List(parts) => {
            to.write_str("[")?;
            for (at, part) in parts.iter().enumerate() {
                to.write_str(if at == 0 { "" } else { ", " })?;
                show(part, to)?;
            }
            to.write_str("]")
        }
        Value::Map(map) => {
            to.write_str("{")?;
            for (at, (key, value)) in map.iter().enumerate() {
                to.write_str(if at == 0 { "" } else { ", " })?;
                match key {
                    Key::Text(text) => quote(text, to)?,
                    Key::Bytes(bytes) => hex(bytes, to)?,
                }
                to.write_str(": ")?;
                show(value, to)?;
            }
            to.write_str("}")
        }
        Value::Time(value) => write!(to, "\"{}\"", value),
    }
}

fn hex(bytes: &[u8], to: &mut dyn fmt::Write) -> fmt::Result {
    to.write_str("\"")?;
    bytes.iter().try_for_each(|byte| write!(to, "{:02x}", byte))?;
    to.write_str("\"")
}

fn quote(text: &str, to: &mut dyn fmt::Write) -> fmt::Result {
    to.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(to, "\\{}", letter)?,
            '\n' => to.write_str("\\n")?,
            '\0'..='\x1f' => write!(to, "\\u{:04x}", letter as u32)?,
            _ => to.write_char(letter)?,
        }
    }
    to.write_str("\"")
}

/// Takes so many characters, and fails at the next one.
struct Cut<'a, 'b> {
    to: &'a mut fmt::Formatter<'b>,
    left: usize,
}

impl fmt::Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.to.write_char(letter)?;
        }
        Ok(())
    }
}

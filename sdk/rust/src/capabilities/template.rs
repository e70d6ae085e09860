//! Texts with placeholders.

use crate::Error;

use super::ask;

/// The text with its placeholders filled in from what the running call knows.
pub fn expand(text: &str) -> Result<String, Error> {
    ask!(template_expand, text)
}

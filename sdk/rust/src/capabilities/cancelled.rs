use super::ask;

/// True as soon as the host wants the call to come to its end; work that takes long asks now and then.
pub fn cancelled() -> bool {
    ask!(cancelled, &()).unwrap_or(false)
}

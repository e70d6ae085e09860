pub fn exchange(_: &str, _: &[u8]) -> Result<Vec<u8>, crate::Error> { todo!() }

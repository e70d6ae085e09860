//! A function of queries that repeats a text.

use wardian::{Argument, Error, Function};

const MOST: usize = 100;

#[wardian::plugin(default)]
#[derive(Default)]
struct NewPlugin;

#[wardian::plugin]
impl Function for NewPlugin {
    /// A row that is none of these is refused by itself.
    type Args = (String, usize);
    type Value = String;

    fn call(&mut self, (text, times): (String, usize)) -> Result<String, Error> {
        if times > MOST {
            return Err(Error::invalid(format!("a text is repeated at most {} times", MOST)));
        }
        Ok(text.repeat(times))
    }

    /// Asked once, when a query is prepared.
    fn validate(&mut self, args: Vec<Argument>) -> Result<(), Error> {
        match args.len() {
            2 => Ok(()),
            _ => Err(Error::invalid("expected 2 arguments: a text, and how many times")),
        }
    }
}

//! An action that greets somebody.

use serde::{Deserialize, Serialize};
use wardian::{Action, Error, Map};

/// Read from what the operator configures; the description has the defaults.
#[wardian::plugin]
#[derive(Deserialize)]
struct NewPlugin {
    greeting: String,
}

#[derive(Deserialize)]
struct Params {
    name: String,
}

#[derive(Serialize)]
struct Reply {
    text: String,
}

#[wardian::plugin]
impl Action for NewPlugin {
    type Params = Params;
    type Reply = Reply;

    fn call(&mut self, params: Params, _vars: Map) -> Result<Reply, Error> {
        Ok(Reply { text: format!("{}, {}!", self.greeting, params.name) })
    }
}

//! Greets a user by name: a configuration, an application function and a reply.

use serde::Serialize;
use wardian::{Error, Extension, Map, Opening, Plugin, Value};

wardian::app! {
    /// What the application that runs this plugin knows of a user. To call it is to ask for the permission
    /// `app.lookup_user`; an application that does not grant it refuses to load the plugin.
    fn lookup_user(name: &str) -> Option<Map>;
}

/// Lives as long as the plugin's instance.
#[wardian::plugin]
struct Greeter {
    greeting: String,
}

impl Plugin for Greeter {
    type Config = Map;

    /// Called once, before all other entry points, with what the operator configured.
    fn open(config: Map, _: &Opening) -> Result<Self, Error> {
        let greeting = match config.get("greeting") {
            None | Some(Value::Null) => "Hello".into(),
            Some(Value::Text(text)) if !text.is_empty() => text.clone(),
            Some(_) => return Err(Error::config("`greeting` must be a text that is not empty")),
        };
        Ok(Greeter { greeting })
    }
}

#[derive(Serialize)]
struct Reply {
    text: String,
    user: Option<Map>,
}

/// {"name": text} -> {"text": text, "user": what the application knows}
#[wardian::function]
fn greet(greeter: &Greeter, request: Value) -> Result<Reply, Error> {
    let name = request.get("name").and_then(Value::as_text).ok_or_else(|| Error::invalid("`name` must be a text"))?;
    let user = lookup_user(name)?; // its error becomes ours
    let full_name = user.as_ref().and_then(|user| user.get("full_name")?.as_text()).unwrap_or(name);
    Ok(Reply { text: format!("{}, {}!", greeter.greeting, full_name), user })
}

/// For other plugins, which call methods of an extension.
#[wardian::plugin]
impl Extension for Greeter {
    fn call(&mut self, method: &str, argument: Value) -> Result<Value, Error> {
        match method {
            "greet" => Value::of(&greet(self, argument)?),
            _ => Err(Error::unimplemented("the only method is `greet`")),
        }
    }
}

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};

#[cfg(target_arch = "wasm32")]
use crate::codec::{Fault, Fields};
use crate::{Map, Value};

/// What a plugin is told when it opens, besides its configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Opening {
    pub context: Context,
    /// What the configuration was merged from, the weakest first.
    pub layers: Vec<Map>,
    /// The last offset of a source that was acknowledged.
    pub resume: Option<Value>,
}

/// Where a plugin is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    pub plugin: String,
    pub version: String,
    pub symbol: String,
    pub instance: String,
    pub pipeline: Option<String>,
    pub run: Option<String>,
}

impl Opening {
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn read(request: &Fields<'_>) -> Result<Opening, Fault> {
        let context = Fields::of(request.get("context"));
        let text = |key| context.as_ref().ok().and_then(|fields| fields.read(key).ok()).flatten();
        let context = Context {
            plugin: text("plugin").unwrap_or_default(),
            version: text("version").unwrap_or_default(),
            symbol: text("symbol").unwrap_or_default(),
            instance: text("instance").unwrap_or_default(),
            pipeline: text("pipeline"),
            run: text("run"),
        };
        let layers: Option<Vec<Map>> = request.read("layers")?;
        Ok(Opening { context, layers: layers.unwrap_or_default(), resume: request.read("resume")? })
    }
}

/// How much a log line or a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(*self as u8)
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Level, D::Error> {
        const LEVELS: [Level; 5] = [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error];
        let level = u64::deserialize(from)?;
        let found = LEVELS.get(level.min(9) as usize).copied();
        found.ok_or_else(|| serde::de::Error::custom("a level is an integer from 0 to 4"))
    }
}

/// What a check of a configuration says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark(pub Level, pub String);

use serde::{Deserialize, Serialize};

use crate::{Key, Map, Value};

/// One record: `data` for machines, and what else is known of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub data: Value,
    /// What it says for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub record_type: Option<RecordType>,
    /// Nanoseconds since 1970, or a point in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Value>,
    /// Records of one key stay in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// What to find it by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Map>,
    /// What is known about it and is not part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<Map>,
    /// The output that it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordType {
    Log,
    Metric,
    Span,
    Bytes,
    Event,
}

impl Record {
    /// A record of its data alone.
    pub fn of(data: impl Into<Value>) -> Record {
        Record { data: data.into(), ..Record::default() }
    }
}

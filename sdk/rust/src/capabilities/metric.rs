//! Numbers for the operator. They are bounded as log lines are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Error;

use super::ask;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// Labels of a metric.
pub type Labels = BTreeMap<String, String>;

/// Records a value. Fails with `exhausted` over the host's limits.
pub fn record(name: &str, kind: Kind, value: f64, labels: Option<&Labels>) -> Result<(), Error> {
    ask!(metric_record, &(name, kind, value, labels))
}

/// Adds to a counter.
pub fn count(name: &str, value: f64) {
    let _ = record(name, Kind::Counter, value, None);
}

/// Sets a gauge.
pub fn gauge(name: &str, value: f64) {
    let _ = record(name, Kind::Gauge, value, None);
}

/// Observes a value of a histogram.
pub fn observe(name: &str, value: f64) {
    let _ = record(name, Kind::Histogram, value, None);
}

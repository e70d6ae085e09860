//! A source that counts: one record at each interval, and on from where it was.

use std::time::Duration;

use serde::Deserialize;
use wardian::{map, Error, Opening, Plugin, Poll, Polled, Record, Source, Value};

/// What the operator configures; the description has the defaults.
#[derive(Deserialize)]
struct Config {
    #[serde(with = "wardian::duration")]
    interval: Duration,
}

#[wardian::plugin]
struct NewPlugin {
    interval: Duration,
    count: i64,
}

impl Plugin for NewPlugin {
    type Config = Config;

    /// Called once. What the host resumes from is the last offset whose records are safe.
    fn open(config: Config, opening: &Opening) -> Result<Self, Error> {
        let count = opening.resume.as_ref().and_then(Value::as_int).unwrap_or(0);
        Ok(NewPlugin { interval: config.interval, count })
    }

    fn interval(&self) -> Option<Duration> {
        Some(self.interval)
    }
}

#[wardian::plugin]
impl Source for NewPlugin {
    fn poll(&mut self, poll: Poll) -> Result<Polled, Error> {
        if poll.demand == 0 {
            return Ok(Polled::default().offset(self.count));
        }
        self.count += 1;
        let record = Record::of(map! { "count": self.count });
        Ok(Polled::of(vec![record]).offset(self.count).wait(self.interval))
    }
}

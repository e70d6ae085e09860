//! Every kind of plugin in one.

use std::time::Duration;

use wardian::{
    log, map, Action, Aggregator, Argument, Error, Extension, Function, Level, Lookup, Map, Opening, Plugin,
};
use wardian::{Poll, Polled, Processor, Pushed, Query, Record, Remark, Sink, Source, Value};

#[wardian::plugin]
pub struct Probe {
    pub config: Value,
    pub calls: u64,
    last: i64,
    sum: i64,
}

#[wardian::plugin]
impl Plugin for Probe {
    type Config = Value;

    fn open(config: Value, opening: &Opening) -> Result<Self, Error> {
        if let Some(reason) = config.get("refuse").and_then(Value::as_text) {
            return Err(Error::config(reason));
        }
        let last = opening.resume.as_ref().and_then(Value::as_int).unwrap_or(0);
        Ok(Probe { config, calls: 0, last, sum: 0 })
    }

    fn interval(&self) -> Option<Duration> {
        self.config.get("interval_ms").and_then(Value::as_uint).map(Duration::from_millis)
    }

    fn check(_: Value, _: &Opening) -> Result<Vec<Remark>, Error> {
        Ok(vec![Remark(Level::Info, "checked".into())])
    }

    fn close(&mut self) -> Result<(), Error> {
        log::info("closed");
        Ok(())
    }
}

#[wardian::plugin]
impl Source for Probe {
    fn poll(&mut self, poll: Poll) -> Result<Polled, Error> {
        let first = self.last + 1;
        self.last += poll.demand.min(3) as i64;
        let count = self.config.get("count").and_then(Value::as_int).unwrap_or(i64::MAX);
        let polled = Polled::of((first..=self.last).map(Record::of).collect());
        Ok(polled.offset(self.last).wait(Duration::from_millis(5)).done(self.last >= count))
    }

    fn request(&mut self, pushed: Pushed) -> Result<Option<Record>, Error> {
        if pushed.payload.is_null() {
            return Ok(None);
        }
        Ok(Some(Record { meta: Some(pushed.headers.into_iter().collect()), ..Record::of(pushed.payload) }))
    }
}

#[wardian::plugin]
impl Action for Probe {
    type Params = Value;
    type Reply = Map;

    fn call(&mut self, params: Value, vars: Map) -> Result<Map, Error> {
        Ok(map! { "params": params, "vars": vars })
    }

    fn cancel(&mut self, reason: &str, _: Value) -> Result<(), Error> {
        log::info(format!("cancelled: {}", reason));
        Ok(())
    }
}

#[wardian::plugin]
impl Processor for Probe {
    fn process(&mut self, record: Record) -> Result<Vec<Record>, Error> {
        if record.data.get("drop").is_some() {
            return Ok(Vec::new());
        }
        refuse(&record)?;
        if let Some(data) = record.data.get("twice") {
            return Ok(vec![Record::of(data.clone()), Record::of(data.clone())]);
        }
        Ok(vec![record])
    }
}

fn refuse(record: &Record) -> Result<(), Error> {
    match record.data.get("fail").and_then(Value::as_text) {
        Some(reason) => Err(Error::invalid(reason)),
        None => Ok(()),
    }
}

#[wardian::plugin]
impl Function for Probe {
    type Args = Vec<Value>;
    type Value = i64;

    fn call(&mut self, row: Vec<Value>) -> Result<i64, Error> {
        match row[..] {
            [Value::Int(a), Value::Int(b)] => Ok(a + b),
            _ => Err(Error::invalid("expected two integers")),
        }
    }

    fn validate(&mut self, args: Vec<Argument>) -> Result<(), Error> {
        if args.len() == 2 {
            Ok(())
        } else {
            Err(Error::invalid("expected 2 arguments"))
        }
    }
}

#[wardian::plugin]
impl Aggregator for Probe {
    fn add(&mut self, record: Record) -> Result<(), Error> {
        self.sum += record.data.as_int().unwrap_or(0);
        Ok(())
    }

    fn flush(&mut self) -> Result<Vec<Record>, Error> {
        Ok(vec![Record::of(std::mem::take(&mut self.sum))])
    }

    fn reset(&mut self) -> Result<(), Error> {
        self.sum = 0;
        Ok(())
    }
}

#[wardian::plugin]
impl Sink for Probe {
    fn write_all(&mut self, records: Vec<Record>) -> Result<Vec<Result<(), Error>>, Error> {
        let outcomes: Vec<_> = records.iter().map(refuse).collect();
        Ok(if outcomes.iter().all(Result::is_ok) { Vec::new() } else { outcomes })
    }

    fn flush(&mut self, urgent: bool) -> Result<(), Error> {
        log::info(if urgent { "flushed urgently" } else { "flushed" });
        Ok(())
    }
}

#[wardian::plugin]
impl Lookup for Probe {
    fn rows(&mut self, query: Query) -> Result<Vec<Map>, Error> {
        let name = query.values.first().and_then(Value::as_text).unwrap_or_default();
        if name == "nobody" {
            return Ok(Vec::new());
        }
        Ok(vec![query.fields.iter().map(|field| (field.as_str(), format!("{} of {}", field, name))).collect()])
    }
}

#[wardian::plugin]
impl Extension for Probe {
    fn call(&mut self, method: &str, argument: Value) -> Result<Value, Error> {
        Ok(map! { "method": method, "argument": argument }.into())
    }
}

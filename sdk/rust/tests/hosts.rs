//! What an author's own tests have: the host of `testing`, and plugins called without WebAssembly.

use std::time::Duration;

use serde::Deserialize;
use wardian::testing::{call, open, Host};
use wardian::{actions, clock, http, log, map, metric, random, state, vars};
use wardian::{Error, ErrorKind, Level, Processor, Record, Value};

wardian::app! {
    fn double(number: i64) -> i64;
}

#[wardian::function]
fn visit(name: String) -> Result<i64, Error> {
    if name.is_empty() {
        state::add("nobody", 1)?;
        return Err(Error::invalid("no name"));
    }
    log::info(format!("{} came", name));
    metric::count("visits", 1.0);
    state::add(name, 1)
}

#[wardian::plugin]
#[derive(Deserialize)]
struct Least {
    least: i64,
}

#[wardian::plugin]
impl Processor for Least {
    fn process(&mut self, record: Record) -> Result<Vec<Record>, Error> {
        Ok(if record.data.as_int() < Some(self.least) { vec![] } else { vec![record] })
    }
}

#[test]
fn a_function_is_called_and_its_state_lasts_only_when_it_succeeds() {
    let host = Host::new();
    assert_eq!(call(visit, "Ada"), Ok(1.into()));
    assert_eq!(call(visit, "Ada"), Ok(2.into()));
    assert_eq!(call(visit, ""), Err(Error::invalid("no name")));
    assert_eq!(call(visit, 7).unwrap_err().kind, ErrorKind::Invalid);
    assert_eq!((host.state("Ada"), host.state("nobody")), (Some(2.into()), None));
    assert_eq!(host.logs()[0], (Level::Info, "Ada came".into()));
    assert_eq!(host.metrics(), [("visits".to_string(), 1.0), ("visits".to_string(), 1.0)]);
}

#[test]
fn a_plugin_opens_with_its_configuration_and_is_called_by_its_methods() {
    let mut least: Least = open(map! { "least": 2 }).unwrap();
    let outcomes = least.process_all(vec![Record::of(1), Record::of(2)]).unwrap();
    assert_eq!(outcomes, [Ok(vec![]), Ok(vec![Record::of(2)])]);
    assert_eq!(open::<Least>(map! { "least": "many" }).err().unwrap().kind, ErrorKind::Config);
}

#[test]
fn state_is_exchanged_listed_and_forgotten_in_time() {
    let host = Host::new();
    state::put("b", "two").unwrap();
    state::put_for("a", &1, Duration::from_millis(10)).unwrap();
    assert!(!state::swap("b", Some(&1), Some(&2)).unwrap());
    assert!(state::swap("b", Some(&"two"), Some(&"three")).unwrap());
    assert_eq!(state::keys("", None, 9).unwrap(), ["a".into(), "b".into()]);
    host.pass(Duration::from_millis(10));
    assert_eq!(state::get::<i64>("a").unwrap(), None);
    assert_eq!(state::keys("", None, 9).unwrap(), ["b".into()]);
    assert!(state::delete(b"b".to_vec()).unwrap());
    assert_eq!(clock::now().unwrap().monotonic, 10_000_000);
    assert_ne!(random::integer().unwrap(), random::integer().unwrap());
}

#[test]
fn what_a_test_does_not_answer_is_denied() {
    let host = Host::new();
    assert_eq!(double(2).unwrap_err().kind, ErrorKind::Denied);
    host.on("app.double", |number| Ok((number.as_int().unwrap() * 2).into()));
    assert_eq!(double(2), Ok(4));
    host.on("http_request", |request| {
        assert_eq!(request.get("method"), Some(&"POST".into()));
        Ok(map! { "status": 200, "headers": map! {}, "body": request.get("body").cloned() }.into())
    });
    let answer = http::post("http://localhost/", b"hello".to_vec()).timeout(Duration::from_secs(1)).send().unwrap();
    assert_eq!(answer.text().unwrap(), "hello");
    host.on("action_call", |_| Err(Error::conflict("twice")));
    assert_eq!(actions::call::<_, Value>("acme/pay", &()).unwrap_err(), Error::conflict("twice"));
    host.set_var("who", "Ada");
    assert_eq!(vars::get::<String>("who").unwrap().as_deref(), Some("Ada"));
    assert!(!wardian::cancelled());
    host.cancel();
    assert!(wardian::cancelled());
    assert_eq!(wardian::emit(&[Record::of(1)]), Ok(1));
    assert_eq!(host.emitted(), [Record::of(1)]);
}

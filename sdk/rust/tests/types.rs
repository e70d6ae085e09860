//! Types of Rust as items, by serde.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wardian::{codec, duration, map, Bytes, Error, Level, Map, Record, Time, Value};

fn back<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
    codec::decode(&codec::encode(value).unwrap()).unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(i8, i8),
    Named { name: String, sides: Option<u8> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    when: Time,
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[test]
fn enums_structs_and_tuples_come_back_as_they_were() {
    let shapes = vec![
        Shape::Point,
        Shape::Circle(1.5),
        Shape::Line(-1, 1),
        Shape::Named { name: "ü".into(), sides: None },
        Shape::Named { name: "".into(), sides: Some(3) },
    ];
    assert_eq!(back(&shapes), shapes);
    let mixed = (u64::MAX, i64::MIN, 'x', "text".to_string(), Bytes(vec![0, 255]), Some(()), 0.5f32);
    assert_eq!(
        format!("{:?}", back(&mixed)),
        format!("{:?}", (mixed.0, mixed.1, 'x', "text", &mixed.4, None::<()>, 0.5))
    );
}

#[test]
fn a_time_and_every_other_value_pass_through_a_flattened_struct() {
    let when = Time::from_rfc3339("2026-01-31T12:00:00.25+02:00").unwrap();
    let others = [("a".to_string(), Value::Time(when)), ("b".to_string(), Value::Bytes(vec![1]))];
    let flat = Flat { when, others: others.into_iter().collect() };
    assert_eq!(back(&flat), flat);
    assert_eq!(when.to_string(), "2026-01-31T12:00:00.25+02:00");
    assert!(Value::from("2026-01-31T12:00:00Z").parse::<Time>().is_err(), "a text is no time");
}

#[test]
fn a_byte_string_is_no_name_of_a_field() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Named {
        a: u8,
    }
    let both = [0xa2, 0x41, b'a', 1, 0x61, b'a', 2];
    assert_eq!(codec::decode::<Named>(&both).unwrap(), Named { a: 2 });
}

#[test]
fn what_is_no_item_is_not_written() {
    let mut deep = Value::Null;
    for _ in 0..65 {
        deep = vec![deep].into();
    }
    assert!(codec::encode(&deep).is_err());
    assert!(codec::encode(&deep.as_list().unwrap()[0]).is_ok());
    assert!(codec::encode(&HashMap::from([(1, 2)])).is_err(), "a key that is a number");
}

#[test]
fn what_does_not_fit_is_said_in_words() {
    let error = map! { "name": 7 };
    let fault = Value::from(error).parse::<BTreeMap<String, String>>().unwrap_err();
    assert_eq!(fault, Error::invalid("expected a string, got an integer"));
}

#[test]
fn a_thousand_keys_are_looked_through_for_one_that_is_there_twice() {
    let many: Map = (0..1000).map(|at| (format!("key {}", at * 7919 % 1000), at as i64)).collect();
    let mut data = codec::encode(&many).unwrap();
    assert_eq!(codec::decode::<Map>(&data).unwrap(), many);
    let second = data.windows(5).position(|part| part == b"key 1").unwrap() + 4;
    data[second] = b'2';
    assert!(codec::decode::<Map>(&data).is_err());
}

#[test]
fn durations_are_texts_with_units() {
    assert_eq!(duration::parse("1m30s"), Some(Duration::from_secs(90)));
    assert_eq!(duration::parse("250ms"), Some(Duration::from_millis(250)));
    for wrong in ["", "5", "s", "1 s", "1.5s", "-1s", "1w", "99999999999999999999h", "9999999999h"] {
        assert_eq!(duration::parse(wrong), None, "{}", wrong);
    }
}

#[test]
fn errors_and_records_have_the_keys_that_the_abi_gives_them() {
    let error = Error::transient("later").with_code("E1").retry_after(Duration::from_millis(250));
    let expected = map! { "kind": "transient", "message": "later", "code": "E1", "retry_after_ms": 250 };
    assert_eq!(Value::of(&error).unwrap(), expected.into());
    assert_eq!(Value::of(&Record::of(1)).unwrap(), map! { "data": 1 }.into());
    assert_eq!(back(&Level::Warn), Level::Warn);
    let io = std::fs::read("/nowhere").map_err(Error::from).unwrap_err();
    assert_eq!(io.kind, wardian::ErrorKind::Internal);
}

#[test]
fn values_are_shown_as_json_and_no_further_than_is_asked() {
    let value = Value::from(map! { "a": "q\"\n", "b": vec![Value::Null, 1.0.into(), vec![0u8, 171].into()] });
    assert_eq!(value.to_string(), r#"{"a": "q\"\n", "b": [null, 1.0, "00ab"]}"#);
    assert_eq!(format!("{:.8}", value), r#"{"a": "q"#);
}

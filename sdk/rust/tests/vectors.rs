//! The ABI's own vectors, accepted and refused natively; `$WARDIAN_ABI` is the folder `sdk/abi`.

use std::path::PathBuf;

use wardian::{codec, Key, Time, Value};

/// The name and the bytes of each vector of a folder, and what it means where that is said.
fn vectors(folder: &str) -> Vec<(String, Vec<u8>, serde_json::Value)> {
    let abi = std::env::var_os("WARDIAN_ABI").map_or_else(|| PathBuf::from("../abi"), PathBuf::from);
    let mut found = Vec::new();
    for file in std::fs::read_dir(abi.join("vectors").join(folder)).expect("the ABI's vectors") {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for vector in serde_json::from_str::<Vec<serde_json::Value>>(&text).unwrap() {
            let hex = vector["hex"].as_str().unwrap();
            let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
            let data = (0..hex.len() / 2).map(byte).collect();
            found.push((vector["name"].as_str().unwrap().into(), data, vector["value"].clone()));
        }
    }
    assert!(found.len() > 50);
    found
}

#[test]
fn each_accepted_item_means_what_its_vector_says_and_so_does_what_is_written_of_it() {
    for (name, data, said) in vectors("accept") {
        let value: Value = codec::decode(&data).unwrap_or_else(|fault| panic!("{}: {}", name, fault));
        assert!(is(&value, &said), "{}: {:?} is not {}", name, value, said);
        let again: Value = codec::decode(&codec::encode(&value).unwrap()).unwrap();
        assert!(is(&again, &said), "{}: written again it is {:?}", name, again);
    }
}

#[test]
fn each_rejected_item_is_refused() {
    for (name, data, _) in vectors("reject") {
        let read = codec::decode::<Value>(&data);
        assert!(read.is_err(), "{}: {:?}", name, read);
    }
}

#[test]
fn a_part_of_an_item_is_refused_and_so_is_more_than_it() {
    for (name, mut data, _) in vectors("accept") {
        for size in 0..data.len() {
            assert!(codec::decode::<Value>(&data[..size]).is_err(), "{}: {} bytes of it", name, size);
        }
        data.push(0);
        assert!(codec::decode::<Value>(&data).is_err(), "{}", name);
    }
}

/// Whether a value is what a vector says; `sdk/abi/vectors/README.md` has how it says that.
fn is(value: &Value, said: &serde_json::Value) -> bool {
    use serde_json::Value as Said;
    match (value, said) {
        (Value::Null, Said::Null) => true,
        (Value::Bool(value), Said::Bool(said)) => value == said,
        (Value::Int(value), Said::Number(said)) => Some(*value) == said.as_i64(),
        (Value::Text(value), Said::String(said)) => value == said,
        (Value::List(value), Said::Array(said)) => {
            value.len() == said.len() && value.iter().zip(said).all(|(value, said)| is(value, said))
        }
        (Value::Int(value), Said::Object(said)) => said["int"].as_str() == Some(&value.to_string()),
        (Value::Uint(value), Said::Object(said)) => said["int"].as_str() == Some(&value.to_string()),
        (Value::Float(value), Said::Object(said)) => {
            let said: f64 = said["float"].as_str().unwrap().parse().unwrap();
            value.to_bits() == said.to_bits() || value.is_nan() && said.is_nan()
        }
        (Value::Bytes(value), Said::Object(said)) => said["bytes"].as_str() == Some(&hex(value)),
        (Value::Map(value), Said::Object(said)) => {
            let said = said["map"].as_array().unwrap();
            value.len() == said.len()
                && value.iter().zip(said).all(|((key, value), said)| {
                    let key = match key {
                        Key::Text(text) => Value::Text(text.clone()),
                        Key::Bytes(bytes) => Value::Bytes(bytes.clone()),
                    };
                    is(&key, &said[0]) && is(value, &said[1])
                })
        }
        (Value::Time(value), Said::Object(said)) => {
            let said = Time::from_rfc3339(said["time"].as_str().unwrap()).unwrap().unix();
            let (seconds, nanoseconds) = value.unix();
            (seconds, nanoseconds / 1000) == (said.0, said.1 / 1000) // hosts keep microseconds
        }
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{:02x}", byte)).collect()
}

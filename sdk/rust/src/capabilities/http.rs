//! Requests to servers that the operator allows.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Bytes, Error, Value};

use super::ask;

/// A request, made by the function of its method: `http::get(url).header("accept", "text/html").send()`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub method: String,
    pub url: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Bytes or a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
}

/// What a server answered; redirects were followed, and the body is unpacked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub status: u16,
    /// By names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: Bytes,
}

pub fn get(url: impl Into<String>) -> Request {
    Request::new("GET", url)
}

pub fn post(url: impl Into<String>, body: impl Into<Value>) -> Request {
    Request { body: Some(body.into()), ..Request::new("POST", url) }
}

impl Request {
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Request {
        let (method, url) = (method.into(), url.into());
        Request { method, url, headers: BTreeMap::new(), body: None, timeout_ms: None }
    }

    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        self.headers.insert(name.into(), value.into());
        self
    }

    pub fn body(mut self, body: impl Into<Value>) -> Request {
        self.body = Some(body.into());
        self
    }

    pub fn timeout(mut self, timeout: Duration) -> Request {
        self.timeout_ms = Some(timeout.as_millis() as u64);
        self
    }

    /// Sends it. A status of 400 or more is an answer like any other.
    pub fn send(&self) -> Result<Response, Error> {
        ask!(http_request, self)
    }
}

impl Response {
    /// The body as a text; an `invalid` error where it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        std::str::from_utf8(&self.body).map_err(|_| Error::invalid("the answer's body is not UTF-8"))
    }

    /// The body as an item of the ABI's own CBOR.
    pub fn item<T: DeserializeOwned>(&self) -> Result<T, Error> {
        crate::codec::decode(&self.body).map_err(Error::from_reading)
    }
}

//! A request to a simulated service, kept as it came. Only its form; it decides nothing.

use axum::http::HeaderMap;
use serde_json::Value;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct ServiceRequest {
    /// The path with its query.
    pub path: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Value,
    /// The pictures, decoded from base64.
    pub images: Vec<Vec<u8>>,
    /// The text parts, joined by line breaks.
    pub text: String,
}

//! The heads of requests that a step sends: that its method and headers can be
//! sent, and leave to the HTTP client where a request goes and ends.

use crate::diagnostic::Diagnostic;
use crate::document::{Node, path};
use crate::request_head::{HeadError, check_header, check_method};
use crate::step::StepShape;

/// What is wrong with the heads of the requests of the step at `position`.
pub(super) fn request_heads(step: &StepShape, position: &str, node: &Node, problems: &mut Vec<Diagnostic>) {
    let told = |error: HeadError, span| Diagnostic::error(error.to_string(), span).note(error.help());
    if let Some(Err(error)) = step.method().map(check_method) {
        problems.push(told(error, node.place(&path(&["steps", position, "request", "method"]))));
    }
    for (action, headers) in step.headers() {
        let table = path(&["steps", position, action, "headers"]);
        for (name, value) in headers {
            if let Err(error) = check_header(name, value) {
                problems.push(told(error, node.key_place(&table, name)));
            }
        }
    }
}

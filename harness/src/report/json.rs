//! The report as JSON, as [`super::schema`] describes it.

use super::format::{Format, FormatError, Style};
use super::shape::Report;
use crate::escape;

pub(super) static JSON: Format =
    Format { name: "json", text: "for scripts; `report`, `merge` and `diff` read it", render: json, after_live: None };

fn json(report: &Report, _: Style) -> Result<String, FormatError> {
    Ok(escape::json(report, true)? + "\n")
}

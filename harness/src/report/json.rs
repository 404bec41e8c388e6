//! The report as JSON, as [`super::schema`] describes it.

use super::format::{Format, FormatError, Style};
use super::record::Report;

pub(super) static FORMAT: Format =
    Format { name: "json", text: "for scripts; `report`, `merge` and `diff` read it", render: json, after_live: None };

fn json(report: &Report, _: Style) -> Result<String, FormatError> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

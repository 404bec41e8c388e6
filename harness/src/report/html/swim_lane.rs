//! Who asked whom, step by step: three lanes, and an arrow for every request.

use maud::{Markup, html};

use super::hop;
use crate::exchange::Exchange;
use crate::report::time::duration;
use crate::report::{ExchangeReport, Party, StepReport};

/// What went over the wire, such as in a step, each opening to all that is known.
/// `open` is open from the beginning.
pub(super) fn lane(exchanges: &[ExchangeReport], open: Option<&ExchangeReport>) -> Markup {
    html! {
        @if !exchanges.is_empty() {
            div.lanes {
                div.heads aria-hidden="true" { span { "browser" } span { "target" } span { "provider" } }
                @for exchange in exchanges { (arrow(exchange, open.is_some_and(|one| std::ptr::eq(one, exchange)))) }
            }
        }
    }
}

fn arrow(report: &ExchangeReport, is_open: bool) -> Markup {
    let exchange = &report.exchange;
    let is_odd = !report.deviations.is_empty();
    let course = format!("{}-{}", class(report.from), class(report.to));
    html! {
        details.hop.(course).deviates[is_odd] open[is_open] {
            summary {
                span.unseen { (name(report.from)) " to " (name(report.to)) ": " }
                span.said {
                    b { (exchange.method) } " "
                    span.path { (short_path(report)) } " "
                    (status(exchange))
                    @if let Some(after) = report.milliseconds { " " span.after { "after " (duration(after)) } }
                    @if let Some(agent) = &report.agent { span.chip { (agent) } }
                    @if report.to == Party::OtherProvider { span.chip { (name(report.to)) } }
                    @for member in deviating(report) { " " span.chip.odd { (member) } }
                }
                span.arrow aria-hidden="true" {}
            }
            (hop::hop(report))
        }
    }
}

/// The same in a line of text for each, for what passed.
pub(super) fn outline(steps: &[StepReport]) -> String {
    let line = |report: &ExchangeReport| {
        let answer = report.exchange.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
        let (from, to) = (name(report.from), name(report.to));
        format!("{from} → {to}  {} {}  {answer}\n", report.exchange.method, short_path(report))
    };
    steps.iter().flat_map(|step| &step.exchanges).map(line).collect()
}

fn status(exchange: &Exchange) -> Markup {
    let (class, text) = match exchange.status {
        Some(status) if status < 400 => ("good", status.to_string()),
        Some(status) => ("red", status.to_string()),
        None => ("red", "no response".to_owned()),
    };
    html! { span.status.(class) { (text) } }
}

/// What deviates, each member once.
fn deviating(report: &ExchangeReport) -> Vec<&str> {
    let mut members: Vec<&str> = Vec::new();
    for deviation in &report.deviations {
        if !members.contains(&deviation.member.as_str()) {
            members.push(&deviation.member);
        }
    }
    members
}

/// The endpoint's name at the provider, whose paths are random; elsewhere the
/// path.
fn short_path(report: &ExchangeReport) -> String {
    if let Some(endpoint) = &report.endpoint {
        return endpoint.clone();
    }
    report.exchange.path().to_owned()
}

const fn name(party: Party) -> &'static str {
    match party {
        Party::UserAgent => "browser",
        Party::Target => "target",
        Party::Provider => "provider",
        Party::OtherProvider => "second provider",
    }
}

/// The lane.
const fn class(party: Party) -> &'static str {
    match party {
        Party::UserAgent => "a",
        Party::Target => "t",
        Party::Provider | Party::OtherProvider => "p",
    }
}

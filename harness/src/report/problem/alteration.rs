//! What was altered before a test failed, in words: the member of a message and
//! what stood there.

use serde_json::Value;
use url::Url;

use crate::report::exchange::{CALLBACK, Deviation, ExchangeReport};
use crate::report::shape::CaseReport;
use crate::report::step::StepReport;
use crate::report::time::numeric_date;

/// How much of a value is shown, in characters.
const LONGEST: usize = 100;

impl ExchangeReport {
    /// Whether a quirk, an overlay or the browser altered it.
    pub(in crate::report) fn is_altered(&self) -> bool {
        self.deviations.iter().any(Deviation::is_alteration)
    }
}

/// Returns what the provider or the browser altered last, such as `id-token aud =
/// "another-client"`, and by which quirk; none if they altered nothing. Dates are
/// in words.
pub(super) fn alteration(case: &CaseReport) -> Option<String> {
    let exchange = altered_exchange(case.steps.held())?;
    let of_browser: Vec<String> =
        exchange.deviations.iter().filter(|one| one.message == CALLBACK).map(|one| shortened(&one.text)).collect();
    if !of_browser.is_empty() {
        return Some(format!("{CALLBACK}: {}", of_browser.join(", ")));
    }
    let deviation = exchange.deviations.iter().find(|one| one.is_alteration())?;
    let Deviation { message, member, by, .. } = deviation;
    let by = if mock_idp::quirk(by).is_some() { format!(" (quirk {by})") } else { String::new() };
    Some(match value(exchange, deviation) {
        Some(value) => {
            let shown = numeric_date(member, &value).unwrap_or_else(|| shortened(&value.to_string()));
            // A status says least of what an endpoint does.
            let text =
                if member == "status" { format!(": {}", first_sentence(&deviation.text)) } else { String::new() };
            format!("{message} {member} = {shown}{by}{text}")
        }
        None if is_removed(exchange, deviation) => format!("{message} {member} removed{by}"),
        None if by.is_empty() => format!("{message} {member}"),
        None => format!("{message} {member}{by}: {}", first_sentence(&deviation.text)),
    })
}

/// Returns the last exchange that the provider or the browser altered; none if they
/// altered nothing.
pub(in crate::report) fn altered_exchange(steps: &[StepReport]) -> Option<&ExchangeReport> {
    steps.iter().flat_map(|step| &step.exchanges).rfind(|one| one.is_altered())
}

/// The altered value as it went over the wire; none if it is not the status, and not
/// in a token, a JSON document or the URL of a redirect.
fn value(exchange: &ExchangeReport, deviation: &Deviation) -> Option<Value> {
    if deviation.member == "status" {
        return exchange.exchange.status.map(Value::from);
    }
    let token = exchange.tokens.iter().find(|token| token.message.as_deref() == Some(&deviation.message));
    match (token, deviation.member.strip_prefix("header.")) {
        (Some(token), Some(name)) => token.header.get(name).cloned(),
        (Some(token), None) => token.claims.as_ref()?.get(&deviation.member).cloned(),
        (None, _) => exchange.exchange.json().and_then(|json| json.get(&deviation.member).cloned()).or_else(|| {
            let location = Url::parse(exchange.exchange.header("location")?).ok()?;
            let (_, value) = location.query_pairs().find(|(name, _)| *name == deviation.member)?;
            Some(Value::String(value.into_owned()))
        }),
    }
}

/// Whether a quirk that leaves a member out left it out of the token or the document.
/// A token without one of its parts is another thing.
fn is_removed(exchange: &ExchangeReport, Deviation { message, member, by, .. }: &Deviation) -> bool {
    let is_of_token = || exchange.tokens.iter().any(|token| token.message.as_deref() == Some(message));
    by.split('-').any(|word| word == "missing")
        && !["signature", "payload"].contains(&member.as_str())
        && (is_of_token() || exchange.exchange.json().is_some())
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.')
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() { short + "…" } else { short }
}

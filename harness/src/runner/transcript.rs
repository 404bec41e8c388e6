//! The exchanges of a step in one ordered list: those of the user agent, and
//! those of the target from the provider's journal. Pure. How a report has one
//! of them is for [`super::reported_exchange`].

use std::collections::VecDeque;
use std::time::Instant;

use mock_idp::{Deviations, Endpoint, Entry, Mark};

use super::reported_exchange::{exchange_of, reported};
use crate::address::is_at;
use crate::expect::{Check, endpoint_name};
use crate::redaction::Secrets;
use crate::report::{Deviation, ExchangeReport, Party};
use crate::stage::Sent;

/// What a step leaves for the report, which decides later how much to show.
#[derive(Debug)]
pub(super) struct Wire {
    /// What the user agents sent.
    pub(super) sent: Vec<Sent>,
    /// What was wrong with the provider.
    pub(super) deviations: Deviations,
    /// How far the provider's journal was when the step began.
    pub(super) since: Mark,
}

/// Where things happened, and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) target: &'a str,
    pub(super) issuer: &'a str,
    /// When the test began.
    pub(super) began: Instant,
}

impl Places<'_> {
    /// Returns the milliseconds from the beginning of the test.
    fn milliseconds(&self, instant: Instant) -> u64 {
        u64::try_from(instant.saturating_duration_since(self.began).as_millis()).unwrap_or(u64::MAX)
    }
}

impl Wire {
    /// Everything in the order in which it was asked. `entries` are those of
    /// the step.
    pub(super) fn transcript(
        &self,
        entries: &[Entry],
        places: Places<'_>,
        secrets: &Secrets,
        checks: &[Check],
    ) -> Vec<ExchangeReport> {
        let mut entries: VecDeque<&Entry> = entries.iter().collect();
        let mut reports = Vec::new();
        let mut of_logout_token = Vec::new();
        for sent in &self.sent {
            let is_earlier = |entry: &&&Entry| Mark::before(entry.sequence) < sent.noted.start;
            while let Some(entry) = entries.front().filter(is_earlier).copied() {
                entries.pop_front();
                self.noted(entry, entries.front(), places, secrets, &mut reports, &mut of_logout_token);
            }
            let mut report = report(sent, places, secrets);
            let path = sent.exchange.path();
            let own = entries.iter().position(|entry| {
                let meanwhile = sent.noted.contains(&Mark::before(entry.sequence));
                meanwhile && entry.method == sent.exchange.method && entry.path == path
            });
            if report.to == Party::Provider
                && let Some(entry) = own.and_then(|position| entries.remove(position))
            {
                report.endpoint = endpoint_name(entry.endpoint).map(ToOwned::to_owned);
                report.deviations = self.deviations_of(entry);
            }
            if report.from == Party::Provider {
                report.deviations.append(&mut of_logout_token);
            }
            reports.push(report);
        }
        while let Some(entry) = entries.pop_front() {
            self.noted(entry, entries.front(), places, secrets, &mut reports, &mut of_logout_token);
        }
        blame(checks, &mut reports);
        reports
    }

    /// An entry that no user agent made.
    fn noted(
        &self,
        entry: &Entry,
        next: Option<&&Entry>,
        places: Places<'_>,
        secrets: &Secrets,
        reports: &mut Vec<ExchangeReport>,
        of_logout_token: &mut Vec<Deviation>,
    ) {
        match entry.endpoint {
            Endpoint::LogoutToken => *of_logout_token = self.deviations_of(entry),
            // A connection over which a request comes is part of that.
            Endpoint::Connection if next.is_some_and(|next| next.endpoint.is_request()) => {}
            _ => {
                let mut report = reported(exchange_of(entry, places.issuer), secrets);
                (report.from, report.to) = (Party::Target, Party::Provider);
                report.endpoint = endpoint_name(entry.endpoint).map(ToOwned::to_owned);
                report.deviations = self.deviations_of(entry);
                report.milliseconds = Some(places.milliseconds(entry.instant));
                reports.push(report);
            }
        }
    }

    fn deviations_of(&self, entry: &Entry) -> Vec<Deviation> {
        let of_name = |name: &String| {
            let quirk = mock_idp::quirk(name);
            let text = quirk.map_or("changed by the overlay of the scenario", |quirk| quirk.text).to_owned();
            let requirement = quirk.map(|quirk| quirk.requirement.to_owned());
            let members = self.deviations.members_of(name).into_iter();
            members
                .filter(|(message, _)| message.endpoint() == entry.endpoint)
                .map(|(message, member)| Deviation {
                    message: message.name().to_owned(),
                    member: member.to_string(),
                    by: name.clone(),
                    text: text.clone(),
                    requirement: requirement.clone(),
                })
                .collect::<Vec<_>>()
        };
        entry.altered_by.iter().flat_map(of_name).collect()
    }
}

fn report(sent: &Sent, places: Places<'_>, secrets: &Secrets) -> ExchangeReport {
    let mut report = reported(sent.exchange.clone(), secrets);
    report.milliseconds = Some(places.milliseconds(sent.instant));
    report.agent = Some(sent.agent.clone()).filter(|agent| agent != "browser");
    (report.from, report.to) = match is_at(places.target, &sent.exchange.url) {
        // Played by the user agent, on behalf of the provider.
        true if sent.exchange.path().ends_with("/oauth/backchannel-logout") => (Party::Provider, Party::Target),
        true => (Party::UserAgent, Party::Target),
        false => (Party::UserAgent, Party::Provider),
    };
    report
}

/// Puts what was expected in vain where it was looked for.
fn blame(checks: &[Check], reports: &mut [ExchangeReport]) {
    for check in checks.iter().filter(|check| !check.held) {
        let (message, member, found) = match check.path.split_once('.') {
            Some(("provider-saw", rest)) => {
                let (endpoint, member) = rest.split_once('.').unwrap_or((rest, "count"));
                let of_endpoint = |report: &&mut ExchangeReport| report.endpoint.as_deref() == Some(endpoint);
                ("request", member, reports.iter_mut().rev().find(of_endpoint))
            }
            Some(("response", member)) => {
                let at_target = |report: &&mut ExchangeReport| report.to == Party::Target;
                ("answer", member, reports.iter_mut().rev().find(at_target))
            }
            _ => continue,
        };
        let words = |text: &Option<String>| text.clone().unwrap_or_default();
        let text = format!("expected {}, found {}", words(&check.expected), words(&check.actual));
        if let Some(report) = found {
            report.deviations.push(Deviation {
                message: message.to_owned(),
                member: member.to_owned(),
                by: check.path.clone(),
                text,
                requirement: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;
    use std::time::Duration;

    use mock_idp::quirk;
    use serde_json::{Map, json};

    use super::*;
    use crate::exchange::Exchange;
    use crate::redaction::SecretKind;

    /// The same whenever it is asked.
    fn began() -> Instant {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        *BEGAN.get_or_init(Instant::now)
    }

    fn entry(sequence: u64, endpoint: Endpoint, path: &str, altered_by: &[&str]) -> Entry {
        Entry {
            sequence,
            at: 0,
            instant: began() + Duration::from_millis(100 * sequence + 50),
            endpoint,
            method: "GET".into(),
            path: path.into(),
            raw_query: "a=b".into(),
            headers: vec![("host".into(), "idp.test".into()), ("authorization".into(), "Basic aGVsbG8=".into())],
            body: String::new(),
            parameters: Vec::new(),
            status: 200,
            response_headers: Vec::new(),
            response_body: "the password is hush-hush-hush".into(),
            altered_by: altered_by.iter().map(|name| (*name).to_owned()).collect(),
            overlay_error: None,
            panic: None,
        }
    }

    fn sent(url: &str, noted: std::ops::Range<u64>) -> Sent {
        let exchange = Exchange { method: "GET".into(), url: url.into(), status: Some(200), ..Exchange::default() };
        Sent {
            agent: "browser".into(),
            exchange,
            by_administrator: false,
            instant: began() + Duration::from_millis(100 * noted.start),
            noted: Mark::before(noted.start)..Mark::before(noted.end),
        }
    }

    fn transcript(sent: Vec<Sent>, entries: &[Entry], checks: &[Check]) -> Vec<ExchangeReport> {
        let quirks = json!({"wrong-audience": true}).as_object().cloned().unwrap_or_default();
        let deviations = Deviations::parse(&quirks, &Map::new()).unwrap_or_default();
        let wire = Wire { sent, deviations, since: Mark::before(0) };
        let secrets = Secrets::default();
        secrets.add(SecretKind::Password, "hush-hush-hush");
        let places = Places { target: "http://photos.test", issuer: "http://idp.test/i", began: began() };
        wire.transcript(entries, places, &secrets, checks)
    }

    fn outline(reports: &[ExchangeReport]) -> Vec<String> {
        reports.iter().map(|one| format!("{:?}>{:?} {}", one.from, one.to, one.exchange.path())).collect()
    }

    #[test]
    fn what_the_target_asks_stands_below_what_set_it_off() {
        let sent = vec![
            sent("http://photos.test/a", 0..1),
            sent("http://idp.test/auth?x", 1..2),
            sent("http://photos.test/b", 2..4),
        ];
        let entries = [
            entry(0, Endpoint::Discovery, "/d", &[]),
            entry(1, Endpoint::Authorization, "/auth", &[]),
            entry(2, Endpoint::Connection, "", &[]),
            entry(3, Endpoint::Token, "/token", &["wrong-audience"]),
            entry(4, Endpoint::Connection, "", &[]),
        ];
        let reports = transcript(sent, &entries, &[]);
        let expected = [
            "UserAgent>Target /a",
            "Target>Provider /d",
            "UserAgent>Provider /auth",
            "UserAgent>Target /b",
            "Target>Provider /token",
            "Target>Provider /",
        ];
        assert_eq!(outline(&reports), expected);
        let times: Vec<_> = reports.iter().filter_map(|one| one.milliseconds).collect();
        assert_eq!(times, [0, 50, 100, 200, 350, 450]);
        let deviation = &reports[4].deviations[0];
        assert_eq!((deviation.message.as_str(), deviation.member.as_str()), ("id-token", "aud"));
        assert_eq!(deviation.requirement.as_deref(), quirk("wrong-audience").map(|quirk| quirk.requirement));
        assert_eq!(reports[5].exchange.method, "TLS");
        let text = format!("{reports:?}");
        assert!(!text.contains("hush-hush-hush") && !text.contains("aGVsbG8"), "{text}");
    }

    #[test]
    fn a_logout_token_goes_from_the_provider_to_the_target() {
        let entries = [entry(0, Endpoint::LogoutToken, "", &[])];
        let reports = transcript(vec![sent("http://photos.test/api/oauth/backchannel-logout", 1..1)], &entries, &[]);
        assert_eq!(outline(&reports), ["Provider>Target /api/oauth/backchannel-logout"]);
    }

    #[test]
    fn a_vain_expectation_is_put_where_it_was_looked_for() {
        let check = |path: &str| Check {
            path: path.into(),
            level: crate::level::Level::Must,
            held: false,
            expected: Some("1".into()),
            actual: Some("2".into()),
            found: None,
        };
        let checks = [check("provider-saw.token.redirect_uri"), check("response.status"), check("account.name")];
        let entries = [entry(0, Endpoint::Token, "/token", &[])];
        let reports = transcript(vec![sent("http://photos.test/a", 0..1)], &entries, &checks);
        let found: Vec<_> = reports.iter().flat_map(|one| &one.deviations).collect();
        let told: Vec<_> = found.iter().map(|one| format!("{} {}: {}", one.message, one.member, one.text)).collect();
        assert_eq!(told, ["answer status: expected 1, found 2", "request redirect_uri: expected 1, found 2"]);
    }
}

//! The exchanges of a step in one ordered list: those of the user agent, and
//! those of the target from the journals of the providers. Pure. How a report has one
//! of them is for [`super::reported_exchange`].

use std::collections::VecDeque;
use std::time::Instant;

use mock_idp::Endpoint;

use super::reported_exchange::{exchange_of, reported};
use super::wire::{Noted, Wire};
use crate::address::is_at;
use crate::expect::{Check, endpoint_name};
use crate::redaction::Secrets;
use crate::report::{Deviation, ExchangeReport, Party};
use crate::stage::Sent;

/// Where things happened, and since when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) target: &'a str,
    pub(super) issuer: &'a str,
    /// The issuer of the second provider, if there is one.
    pub(super) other_issuer: Option<&'a str>,
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
    /// the step, in the order of their answers.
    pub(super) fn transcript(
        &self,
        entries: &[Noted<'_>],
        places: Places<'_>,
        secrets: &Secrets,
        checks: &[Check],
    ) -> Vec<ExchangeReport> {
        let mut entries: VecDeque<Noted<'_>> = entries.iter().copied().collect();
        let mut reports = Vec::new();
        let mut of_logout_token = Vec::new();
        for sent in &self.sent {
            let is_earlier = |noted: &&Noted<'_>| noted.entry.instant < sent.instant;
            while let Some(noted) = entries.front().filter(is_earlier).copied() {
                entries.pop_front();
                self.noted(noted, entries.front(), places, secrets, &mut reports, &mut of_logout_token);
            }
            let mut report = report(sent, places, secrets);
            let path = sent.exchange.path();
            let own = entries.iter().position(|Noted { entry, by }| {
                let meanwhile = (sent.instant..=sent.answered).contains(&entry.instant);
                meanwhile && *by == report.to && entry.method == sent.exchange.method && entry.path == path
            });
            if let Some(noted) = own.and_then(|position| entries.remove(position)) {
                report.endpoint = endpoint_name(noted.entry.endpoint).map(ToOwned::to_owned);
                report.deviations = self.deviations_of(noted);
            }
            if report.from == Party::Provider {
                report.deviations.append(&mut of_logout_token);
            }
            reports.push(report);
        }
        while let Some(noted) = entries.pop_front() {
            self.noted(noted, entries.front(), places, secrets, &mut reports, &mut of_logout_token);
        }
        blame(checks, &mut reports);
        reports
    }

    /// An entry that no user agent made.
    fn noted(
        &self,
        noted: Noted<'_>,
        next: Option<&Noted<'_>>,
        places: Places<'_>,
        secrets: &Secrets,
        reports: &mut Vec<ExchangeReport>,
        of_logout_token: &mut Vec<Deviation>,
    ) {
        let Noted { entry, by } = noted;
        match entry.endpoint {
            Endpoint::LogoutToken => *of_logout_token = self.deviations_of(noted),
            // A connection over which a request comes is part of that.
            Endpoint::Connection if next.is_some_and(|next| next.entry.endpoint.is_request()) => {}
            _ => {
                let mut report = reported(exchange_of(entry, places.issuer), secrets);
                (report.from, report.to) = (Party::Target, by);
                report.endpoint = endpoint_name(entry.endpoint).map(ToOwned::to_owned);
                report.deviations = self.deviations_of(noted);
                report.milliseconds = Some(places.milliseconds(entry.instant));
                reports.push(report);
            }
        }
    }

    /// What was wrong with an answer. The second provider is honest.
    fn deviations_of(&self, Noted { entry, .. }: Noted<'_>) -> Vec<Deviation> {
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
        false if places.other_issuer.is_some_and(|other| sent.exchange.url.starts_with(other)) => {
            (Party::UserAgent, Party::OtherProvider)
        }
        false => (Party::UserAgent, Party::Provider),
    };
    report
}

/// Puts what was expected in vain where it was looked for.
fn blame(checks: &[Check], reports: &mut [ExchangeReport]) {
    for check in checks.iter().filter(|check| !check.held) {
        let (message, member, found) = match check.path.split_once('.') {
            Some((seen @ ("provider-saw" | "other-provider-saw"), rest)) => {
                let (endpoint, member) = rest.split_once('.').unwrap_or((rest, "count"));
                let by = if seen == "provider-saw" { Party::Provider } else { Party::OtherProvider };
                let of_endpoint =
                    |report: &&mut ExchangeReport| report.to == by && report.endpoint.as_deref() == Some(endpoint);
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

    use mock_idp::{Deviations, Entry, Mark, quirk};
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
            instant: at(100 * sequence + 50),
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

    fn at(milliseconds: u64) -> Instant {
        began() + Duration::from_millis(milliseconds)
    }

    /// A request while the provider wrote these entries.
    fn sent(url: &str, noted: std::ops::Range<u64>) -> Sent {
        let exchange = Exchange { method: "GET".into(), url: url.into(), status: Some(200), ..Exchange::default() };
        Sent {
            agent: "browser".into(),
            exchange,
            by_administrator: false,
            instant: at(100 * noted.start),
            answered: at(100 * noted.end),
        }
    }

    fn transcript(sent: Vec<Sent>, entries: &[Entry], checks: &[Check]) -> Vec<ExchangeReport> {
        let quirks = json!({"wrong-audience": true}).as_object().cloned().unwrap_or_default();
        let deviations = Deviations::parse(&quirks, &Map::new()).unwrap_or_default();
        let wire = Wire { sent, deviations, since: Mark::before(0), other_since: None };
        // Those of the second provider have its path.
        let by = |entry: &Entry| if entry.path.starts_with("/other") { Party::OtherProvider } else { Party::Provider };
        let entries: Vec<_> = entries.iter().map(|entry| Noted { entry, by: by(entry) }).collect();
        let secrets = Secrets::default();
        secrets.add(SecretKind::Password, "hush-hush-hush");
        let places = Places {
            target: "http://photos.test",
            issuer: "http://idp.test/i",
            other_issuer: Some("http://idp.test/other"),
            began: began(),
        };
        wire.transcript(&entries, places, &secrets, checks)
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
    fn each_provider_has_its_own_requests() {
        let sent = vec![sent("http://idp.test/other/auth", 0..1), sent("http://photos.test/b", 1..3)];
        let entries = [
            entry(0, Endpoint::Authorization, "/other/auth", &[]),
            entry(1, Endpoint::Token, "/token", &[]),
            entry(2, Endpoint::Token, "/other/token", &[]),
        ];
        let reports = transcript(sent, &entries, &[]);
        let expected = [
            "UserAgent>OtherProvider /other/auth",
            "UserAgent>Target /b",
            "Target>Provider /token",
            "Target>OtherProvider /other/token",
        ];
        assert_eq!(outline(&reports), expected);
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
            alternative: None,
            level: crate::level::Level::Must,
            held: false,
            expected: Some("1".into()),
            actual: Some("2".into()),
            found: None,
            problem: None,
        };
        let checks = [check("provider-saw.token.redirect_uri"), check("response.status"), check("account.name")];
        let entries = [entry(0, Endpoint::Token, "/token", &[])];
        let reports = transcript(vec![sent("http://photos.test/a", 0..1)], &entries, &checks);
        let found: Vec<_> = reports.iter().flat_map(|one| &one.deviations).collect();
        let told: Vec<_> = found.iter().map(|one| format!("{} {}: {}", one.message, one.member, one.text)).collect();
        assert_eq!(told, ["answer status: expected 1, found 2", "request redirect_uri: expected 1, found 2"]);
    }
}

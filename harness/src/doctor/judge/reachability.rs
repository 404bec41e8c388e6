//! The way to the provider: name, port, certificate, the answer at the address of
//! the discovery document, and the clocks.

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::{DoctorEvidence, ProviderEvidence};
use crate::immich::SettingLabel;
use crate::relying_party::{Answer, FetchError, NotAnObject, discovery_address};

pub(in crate::doctor) static PROVIDER: DoctorCheck = DoctorCheck {
    name: "provider",
    looks_at: "Whether the provider answers: its name, its port, its certificate.",
    causes: &[
        ("no-host", "No host has the name of the issuer URL."),
        ("port-closed", "No program listens at the port of the issuer URL."),
        ("certificate-expired", "The provider's certificate has expired, or a clock is wrong."),
        ("certificate-name", "The provider's certificate is for another name."),
        (
            "certificate-unknown",
            "The authority of the provider's certificate is not known, or an intermediate is missing.",
        ),
        ("certificate", "The provider's certificate is not accepted for another reason."),
        ("http-at-https", "The issuer URL begins with https, and the port speaks plain http."),
        ("silent", "The provider does not answer in time."),
        ("broken", "The connection to the provider breaks."),
        ("unreadable-url", "The issuer URL is not a URL."),
        ("too-long", "The discovery document is longer than 1 MiB."),
    ],
    judge: provider,
    is_reach: true,
};

pub(in crate::doctor) static DISCOVERY: DoctorCheck = DoctorCheck {
    name: "discovery",
    looks_at: "What answers at the address of the discovery document.",
    causes: &[
        ("redirected", "A redirect answers; Immich does not follow it."),
        ("not-found", "There is no discovery document below the issuer URL."),
        ("guarded", "Something in front of the provider asks for credentials, or blocks the request."),
        ("failing", "The provider, or a proxy in front of it, fails."),
        ("web-page", "A web page answers instead of the discovery document."),
        ("not-json", "The answer is not a JSON object."),
    ],
    judge: discovery,
    is_reach: false,
};

pub(in crate::doctor) static CLOCK: DoctorCheck = DoctorCheck {
    name: "clock",
    looks_at: "Whether the clocks of server and provider agree.",
    causes: &[("clocks-differ", "The clocks differ so much that the server refuses tokens.")],
    judge: clock,
    is_reach: false,
};

fn provider(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let provider = evidence.provider.as_ref()?;
    let Err(error) = &provider.discovery else {
        return Some(CheckOutcome::ok(format!("{} answers.", address(provider))));
    };
    if evidence.is_begun() {
        let text = format!("This machine does not reach the provider, but the server does: {error}.");
        return Some(CheckOutcome::unknown(text).change("Run the doctor where the server runs, or give --ca FILE."));
    }
    Some(lost(&address(provider), error))
}

fn address(provider: &ProviderEvidence) -> String {
    discovery_address(&provider.issuer)
}

fn lost(address: &str, error: &FetchError) -> CheckOutcome {
    let (cause, text, change) = match error {
        FetchError::NoHost(_) => (
            "no-host",
            "No host has the name of the issuer URL.",
            "Correct the host in the issuer URL, or add the name to the DNS that the server uses.".to_owned(),
        ),
        FetchError::Refused(_) => (
            "port-closed",
            "No program listens at the port of the issuer URL.",
            "Start the provider, or correct host and port in the issuer URL.".to_owned(),
        ),
        FetchError::Certificate(reason) => return untrusted(address, reason),
        FetchError::NoTls(_) => (
            "http-at-https",
            "The issuer URL begins with https, and the port speaks plain http.",
            SettingLabel::ISSUER
                .to("the address of the provider's port for TLS; on a test machine, the one with http://"),
        ),
        FetchError::Late(_) => (
            "silent",
            "The provider does not answer in time.",
            "Check that the provider runs, and that no firewall is in the way.".to_owned(),
        ),
        FetchError::Broken(_) => (
            "broken",
            "The connection to the provider breaks, or what answers is not HTTP.",
            "Check host, port and scheme of the issuer URL, and the proxy in front of the provider.".to_owned(),
        ),
        FetchError::Request(_) => (
            "unreadable-url",
            "The issuer URL is not a URL.",
            SettingLabel::ISSUER.to("an address with scheme and host, such as https://id.example.org"),
        ),
        FetchError::TooLong(_) => (
            "too-long",
            "The answer at the address of the discovery document is longer than 1 MiB.",
            "Correct the issuer URL: a discovery document has a few kilobytes.".to_owned(),
        ),
    };
    let error = error.to_string();
    // The HTTP client names each layer; the last one says what is wrong.
    let last = error.rsplit(": ").next().unwrap_or(&error);
    CheckOutcome::problem(cause, text).seen(format!("{address}: {last}")).change(change)
}

fn untrusted(address: &str, reason: &str) -> CheckOutcome {
    let reason = reason.split_once("invalid peer certificate: ").map_or(reason, |(_, reason)| reason);
    let has = |words: &[&str]| words.iter().any(|word| reason.to_lowercase().contains(word));
    let (cause, text, change) = if has(&["expired", "not valid before", "notvalidyet"]) {
        (
            "certificate-expired",
            "The provider's certificate is out of date, or a clock is wrong.",
            "Renew the certificate at the provider or its proxy; check the clocks.",
        )
    } else if has(&["not valid for name", "notvalidforname"]) {
        (
            "certificate-name",
            "The provider's certificate is for another name than that of the issuer URL.",
            "Use a name from the certificate in the issuer URL, or let the certificate name this host.",
        )
    } else if has(&["unknownissuer"]) {
        (
            "certificate-unknown",
            "The authority that signed the provider's certificate is not known, or the provider omits an intermediate.",
            "Let the provider send the whole chain. For an authority of your own, let the server trust it: Immich \
             reads the file that NODE_EXTRA_CA_CERTS names. “Allow insecure requests” does not help. Give the doctor \
             --ca FILE.",
        )
    } else {
        (
            "certificate",
            "The provider's certificate is not accepted.",
            "Run `openssl s_client -connect HOST:PORT` for details.",
        )
    };
    CheckOutcome::problem(cause, text).seen(format!("{address}: {reason}")).change(change)
}

fn discovery(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let provider = evidence.provider.as_ref()?;
    let found = provider.discovery.as_ref().ok()?;
    let answer = &found.answer;
    let seen = format!("{}: {}", address(provider), kind(answer));
    let elsewhere = provider.fitting.as_deref().map(|issuer| SettingLabel::ISSUER.to(issuer));
    let or_fitting = |advice: &str| elsewhere.clone().unwrap_or_else(|| advice.to_owned());
    Some(match (answer.status, &found.document) {
        (200, Ok(_)) => CheckOutcome::ok(format!("A discovery document is at {}.", address(provider))),
        (200, Err(_)) if answer.content_type().contains("html") => CheckOutcome::problem(
            "web-page",
            "A web page answers instead of the discovery document.",
        )
        .seen(seen)
        .change(or_fitting(
            "Correct the issuer URL; it is not the address of the sign-in page. If a proxy asks people to sign in, \
             let it pass /.well-known/ through.",
        )),
        (200, Err(error)) => CheckOutcome::problem("not-json", "The answer is not a JSON object.")
            .seen(match error {
                NotAnObject::NotJson(_) => seen,
                NotAnObject::OtherType(_) => format!("{seen}, JSON of another type"),
            })
            .change(or_fitting("Correct the issuer URL, or the program that answers there.")),
        (300..=399, _) => {
            let to = answer.location().map_or_else(|| "elsewhere".to_owned(), |url| url.to_string());
            CheckOutcome::problem("redirected", format!("The provider redirects to {to}, and Immich does not follow."))
                .seen(seen)
                .change(or_fitting("Correct the issuer URL to where the redirect leads, without the suffix."))
        }
        (401 | 403 | 407 | 451, _) => {
            CheckOutcome::problem("guarded", "Something refuses the request for the discovery document.")
                .seen(seen)
                .change(
                    "Let requests without credentials through to /.well-known/ and to the token, UserInfo and key \
                         endpoints, at the firewall or the proxy in front of the provider.",
                )
        }
        (404 | 405 | 410, _) => {
            CheckOutcome::problem("not-found", "There is no discovery document below the issuer URL.")
                .seen(seen)
                .change(or_fitting(
                    "Correct the issuer URL: the provider shows it, often below a realm, tenant or slug.",
                ))
        }
        _ => CheckOutcome::problem("failing", "The provider, or a proxy in front of it, fails.")
            .seen(seen)
            .change("Read the provider's log, and that of the proxy."),
    })
}

/// Returns an answer in words: status and content type.
fn kind(answer: &Answer) -> String {
    match answer.content_type() {
        "" => answer.status.to_string(),
        kind => format!("{} with {kind}", answer.status),
    }
}

/// Clocks that are so far apart, in seconds, may disagree by the way of an
/// answer alone.
const TOLERANCE: i64 = 5;

/// Codes and ID tokens of many products live as long, in seconds.
const LIFETIME: i64 = 60;

fn clock(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let theirs = evidence.provider.as_ref()?.time?;
    let of_server = evidence.server.as_ref().and_then(|server| server.time);
    let (own, name) = of_server.map_or((evidence.now, "this machine"), |time| (time, "the server"));
    let apart = (theirs - own).abs();
    let text = format!("The clocks of {name} and the provider differ by {apart} s.");
    let change = "Synchronize the clocks of server and provider, with NTP.";
    Some(match apart {
        _ if apart <= TOLERANCE => CheckOutcome::ok(format!("The clocks of {name} and the provider agree.")),
        _ if apart < LIFETIME => CheckOutcome::warning("clocks-differ", text).change(change),
        _ => CheckOutcome::problem("clocks-differ", text).change(change),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("invalid peer certificate: Expired", "certificate-expired")]
    #[case("invalid peer certificate: NotValidForName", "certificate-name")]
    #[case("invalid peer certificate: UnknownIssuer", "certificate-unknown")]
    #[case("invalid peer certificate: BadEncoding", "certificate")]
    fn a_certificate_has_a_cause(#[case] reason: &str, #[case] cause: &str) {
        assert_eq!(untrusted("https://id.test", reason).cause, cause);
    }
}

//! The way to the provider: name, port, certificate, the answer at the address of
//! the discovery document, and the clocks.

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::{DoctorEvidence, ProviderEvidence};
use crate::immich::SettingLabel;
use crate::relying_party::{Answer, FetchError, NotAnObject, discovery_address};

pub(in crate::doctor) static PROVIDER: DoctorCheck = DoctorCheck {
    name: "provider",
    looks_at: "Checks whether the provider's host name resolves, its port answers, and its certificate is valid.",
    causes: &[
        ("no-host", "DNS does not know the host name in the issuer URL."),
        ("port-closed", "No program listens on the port in the issuer URL."),
        ("certificate-expired", "By this machine's clock, the provider's certificate has expired or is not valid yet."),
        ("certificate-name", "The provider's certificate is for a different host name than the one in the issuer URL."),
        ("certificate-unknown", "This machine does not know the authority that signed the provider's certificate."),
        ("certificate", "This machine rejects the provider's certificate for another reason."),
        ("http-at-https", "The issuer URL begins with https, but the port expects plain http."),
        ("silent", "The provider does not answer in time."),
        ("broken", "The connection to the provider breaks off, or the response is not HTTP."),
        ("unreadable-url", "The issuer URL is not a valid URL."),
        ("too-long", "The response is longer than 1 MiB, so it is not a discovery document."),
    ],
    judge: provider,
    is_reach: true,
};

pub(in crate::doctor) static DISCOVERY: DoctorCheck = DoctorCheck {
    name: "discovery",
    looks_at: "Checks whether the discovery document is at its address below the issuer URL.",
    causes: &[
        (
            "redirected",
            "The provider redirects the request for the discovery document, and Immich does not follow redirects.",
        ),
        ("not-found", "There is no discovery document below the issuer URL."),
        ("guarded", "The provider, or a proxy in front of it, refuses the request for the discovery document."),
        (
            "failing",
            "The provider, or a proxy in front of it, answers the request for the discovery document with an error.",
        ),
        ("web-page", "The response is a web page instead of the discovery document."),
        ("not-json", "The response is not a JSON object, so it is not a discovery document."),
    ],
    judge: discovery,
    is_reach: false,
};

pub(in crate::doctor) static CLOCK: DoctorCheck = DoctorCheck {
    name: "clock",
    looks_at: "Checks whether the clocks of the server and the provider agree.",
    causes: &[(
        "clocks-differ",
        "The clocks of the server and the provider differ so much that the server may refuse ID tokens.",
    )],
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
        return Some(CheckOutcome::unknown(text).change(
            "Run the doctor on the server's host. If this machine does not trust the certificate, give --ca FILE.",
        ));
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
            "DNS does not know the host name in the issuer URL.",
            "Correct the host name in the issuer URL, or add this name to the DNS that the server uses.".to_owned(),
        ),
        FetchError::Refused(_) => (
            "port-closed",
            "No program listens on the port in the issuer URL.",
            "Start the provider, or correct the host and the port in the issuer URL.".to_owned(),
        ),
        FetchError::Certificate(reason) => return untrusted(address, reason),
        FetchError::NoTls(_) => (
            "http-at-https",
            "The issuer URL begins with https, but the port expects plain http.",
            SettingLabel::ISSUER
                .to("the same URL with the provider's TLS port; on a test machine, the URL with http://"),
        ),
        FetchError::Late(_) => (
            "silent",
            "The provider does not answer in time.",
            "Check that the provider is running, and that no firewall blocks the port in the issuer URL.".to_owned(),
        ),
        FetchError::Broken(_) => (
            "broken",
            "The connection to the provider breaks off, or the response is not HTTP.",
            "Check the host, the port and the scheme in the issuer URL, and the proxy in front of the provider."
                .to_owned(),
        ),
        FetchError::Request(_) => (
            "unreadable-url",
            "The issuer URL is not a valid URL.",
            SettingLabel::ISSUER.to("a URL with a scheme and a host, such as https://id.example.org"),
        ),
        FetchError::TooLong(_) => (
            "too-long",
            "The response is longer than 1 MiB, so it is not a discovery document.",
            "Correct the issuer URL: another program answers there. A discovery document has a few kilobytes."
                .to_owned(),
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
            if has(&["expired"]) {
                "By this machine's clock, the provider's certificate has expired."
            } else {
                "By this machine's clock, the provider's certificate is not valid yet."
            },
            "Renew the certificate at the provider or its proxy. If it is still valid, correct this machine's clock.",
        )
    } else if has(&["not valid for name", "notvalidforname"]) {
        (
            "certificate-name",
            "The provider's certificate is for a different host name than the one in the issuer URL.",
            "Use a host name of the certificate in the issuer URL, or get a certificate for the host name that is \
             there.",
        )
    } else if has(&["unknownissuer"]) {
        (
            "certificate-unknown",
            "This machine does not know the authority that signed the provider's certificate.",
            "Configure the provider to send the whole chain, with the intermediate certificates. If the authority is \
             your own, set NODE_EXTRA_CA_CERTS in Immich's environment to the path of its certificate, and give the \
             doctor --ca FILE. “Allow insecure requests” does not help.",
        )
    } else {
        (
            "certificate",
            "This machine rejects the provider's certificate.",
            "Run `openssl s_client -connect HOST:PORT`: its output says what is wrong with the certificate.",
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
            "The response is a web page instead of the discovery document.",
        )
        .seen(seen)
        .change(or_fitting(
            "Correct the issuer URL: it is not the address of the sign-in page. If a login proxy sends this page, \
             configure the proxy to pass requests for /.well-known/.",
        )),
        (200, Err(error)) => CheckOutcome::problem(
            "not-json",
            "The response is not a JSON object, so it is not a discovery document.",
        )
        .seen(match error {
            NotAnObject::NotJson(_) => seen,
            NotAnObject::OtherType(_) => format!("{seen}, JSON but not an object"),
        })
        .change(or_fitting(
            "Correct the issuer URL. If the URL is right, correct the response of the provider or of its proxy.",
        )),
        (300..=399, _) => {
            let to = answer.location().map_or_else(|| "elsewhere".to_owned(), |url| url.to_string());
            CheckOutcome::problem(
                "redirected",
                format!(
                    "The provider redirects the request for the discovery document to {to}, and Immich does not follow \
                     redirects."
                ),
            )
            .seen(seen)
            .change(or_fitting(
                "Correct the issuer URL: enter the address that the redirect leads to, without \
                 /.well-known/openid-configuration.",
            ))
        }
        (401 | 403 | 407 | 451, _) => CheckOutcome::problem(
            "guarded",
            "The provider, or a proxy in front of it, refuses the request for the discovery document.",
        )
        .seen(seen)
        .change(
            "Configure the proxy or firewall in front of the provider to pass requests without credentials for \
             /.well-known/ and for the token, UserInfo and JWKS endpoints.",
        ),
        (404 | 405 | 410, _) => {
            CheckOutcome::problem("not-found", "There is no discovery document below the issuer URL.")
                .seen(seen)
                .change(or_fitting(
                    "Correct the issuer URL: copy it from the provider. It often contains a realm, a tenant or a slug.",
                ))
        }
        _ => CheckOutcome::problem(
            "failing",
            "The provider, or a proxy in front of it, answers the request for the discovery document with an error.",
        )
        .seen(seen)
        .change("Look for the error in the logs of the provider and of its proxy."),
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
    let change = "Synchronize the clocks of the server and the provider with NTP.";
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

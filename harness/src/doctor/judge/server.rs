//! The server: it answers, offers sign-in, and begins one.

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::{Beginning, SettingLabel, TargetError};

/// What to type for a provider without a server.
pub(crate) const PROVIDER_ALONE: &str =
    "For a provider without a server: `oidc-harness doctor --issuer URL --client-id ID`";

pub(in crate::doctor) static SERVER: DoctorCheck = DoctorCheck {
    name: "server",
    looks_at: "Checks whether the server answers, and is Immich-compatible.",
    causes: &[("server-lost", "The server does not answer, or not as an Immich server does.")],
    judge: server,
    is_reach: true,
};

pub(in crate::doctor) static OFFER: DoctorCheck = DoctorCheck {
    name: "offer",
    looks_at: "Checks whether OAuth is turned on at the server.",
    causes: &[("switched-off", "OAuth is turned off at the server.")],
    judge: offer,
    is_reach: false,
};

pub(in crate::doctor) static SETTINGS: DoctorCheck = DoctorCheck {
    name: "settings",
    looks_at: "Checks whether the API key can read the server's OAuth settings, and whether they are complete.",
    causes: &[
        ("key-refused", "The API key cannot read the server's settings."),
        ("no-issuer", "The issuer URL is empty."),
        ("no-client", "The client ID is empty."),
    ],
    judge: settings,
    is_reach: false,
};

pub(in crate::doctor) static BEGINNING: DoctorCheck = DoctorCheck {
    name: "beginning",
    looks_at: "Checks whether the server can begin a sign-in. To do so, it reads the provider's discovery document.",
    causes: &[
        ("server-refuses", "The server refuses to begin a sign-in."),
        (
            "server-cut-off",
            "The server does not begin a sign-in, although this machine can read the discovery document.",
        ),
    ],
    judge: beginning,
    is_reach: false,
};

fn server(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let server = evidence.server.as_ref()?;
    Some(match &server.version {
        Ok(version) => CheckOutcome::ok(format!("{} answers and calls itself {version}.", server.origin)),
        Err(error) => {
            let help = sentence(&error.help());
            let is_other = matches!(error, TargetError::NotImmich { .. });
            let change = if is_other { format!("{help} {PROVIDER_ALONE}.") } else { help };
            CheckOutcome::problem("server-lost", format!("{error}.")).change(change)
        }
    })
}

fn offer(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let server = evidence.server.as_ref().filter(|server| server.version.is_ok())?;
    Some(match &server.offers_sign_in {
        Ok(true) => CheckOutcome::ok("OAuth is turned on at the server."),
        Ok(false) => CheckOutcome::problem("switched-off", "OAuth is turned off at the server.")
            .change(SettingLabel::ENABLED.to("on")),
        Err(error) => CheckOutcome::unknown(format!("The server does not show whether OAuth is turned on: {error}.")),
    })
}

fn settings(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    if let Some(Err(error)) = evidence.server.as_ref().and_then(|server| server.settings.as_ref()) {
        let sentence_of = format!("The doctor cannot read the server's settings: {error}.");
        return Some(CheckOutcome::problem("key-refused", sentence_of).change(sentence(&error.help())));
    }
    let is_empty = |value: &Option<String>| value.as_deref().is_some_and(|value| value.trim().is_empty());
    if is_empty(&evidence.settings.issuer) {
        let change = SettingLabel::ISSUER.to("the issuer URL that the provider shows");
        return Some(CheckOutcome::problem("no-issuer", "The issuer URL is empty.").change(change));
    }
    if is_empty(&evidence.settings.client_id) {
        let change = SettingLabel::CLIENT_ID.to("the client ID that the provider shows");
        return Some(CheckOutcome::problem("no-client", "The client ID is empty.").change(change));
    }
    match &evidence.server {
        Some(server) if server.settings.is_some() => {
            Some(CheckOutcome::ok("The API key can read the server's OAuth settings."))
        }
        Some(server) if server.version.is_ok() => Some(CheckOutcome::unknown(
            "Without an API key, the doctor sees only the settings that the authorization URL shows. To check all of \
             them, give --api-key-file FILE.",
        )),
        _ => None,
    }
}

fn beginning(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let server = evidence.server.as_ref().filter(|server| matches!(server.offers_sign_in, Ok(true)))?;
    let (status, message) = match &server.beginning {
        Ok(Beginning::At(_)) => {
            return Some(CheckOutcome::ok(
                "The server reads the discovery document, and sends browsers to the provider.",
            ));
        }
        Ok(Beginning::Refused { status, message }) => (status, message),
        Err(error) => {
            let text = format!("The server does not begin a sign-in: {error}.");
            return Some(CheckOutcome::problem("server-refuses", text).change(sentence(&error.help())));
        }
    };
    let said = if message.is_empty() { format!("{status}") } else { format!("{status} “{message}”") };
    let log = "Look for the error in the server's log. `oidc-harness explain 'MESSAGE'` explains it.";
    let is_read = evidence.document().is_some() && evidence.provider.as_ref().is_some_and(|it| it.fitting.is_none());
    Some(if is_read {
        let text = "The server does not begin a sign-in, although this machine can read the discovery document.";
        let change = "Check inside the server's container that it resolves the provider's host name, reaches the \
                      provider, and trusts its certificate (NODE_EXTRA_CA_CERTS is the path of a file with additional \
                      authorities).";
        CheckOutcome::problem("server-cut-off", text).seen(said).change(format!("{change} {log}"))
    } else {
        CheckOutcome::problem("server-refuses", "The server refuses to begin a sign-in.").seen(said).change(log)
    })
}

/// Returns advice for a run as a sentence for the doctor, who has no `--target`.
fn sentence(advice: &str) -> String {
    let advice = advice.replace("--target", "the address");
    let mut letters = advice.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

//! The key set: it is there, and has a key for the server's algorithm.

use serde_json::Value;

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::relying_party::{KeyFindings, KeySet};

pub(in crate::doctor) static KEYS: DoctorCheck = DoctorCheck {
    name: "keys",
    looks_at: "Checks whether the provider's JWKS has a public key for the algorithm that the server accepts.",
    causes: &[
        ("keys-lost", "The provider does not send its JWKS."),
        ("keys-unreadable", "The response from `jwks_uri` is not a JWKS."),
        ("no-keys", "The JWKS is empty."),
        ("no-fitting-key", "No key of the JWKS is for signatures with the algorithm that the server accepts."),
        ("no-key-address", "The discovery document has no `jwks_uri`."),
        ("private-key", "The JWKS contains a private or a symmetric key."),
    ],
    judge: keys,
    is_reach: false,
};

fn keys(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let metadata = evidence.metadata()?;
    let algorithm = evidence.settings.signing_algorithm.as_deref().unwrap_or("RS256");
    let offered: Vec<&str> = metadata.list("id_token_signing_alg_values_supported").collect();
    if algorithm.starts_with("HS") || offered.iter().all(|name| name.starts_with("HS")) && !offered.is_empty() {
        return None;
    }
    let change = "Check that `jwks_uri` of the discovery document is the right address, and that the provider has a \
                  signing key for this client.";
    let Some(found) = &evidence.provider.as_ref()?.keys else {
        let text = "The discovery document has no `jwks_uri`, so the server has no keys to verify ID tokens.";
        return Some(CheckOutcome::problem("no-key-address", text).change(change));
    };
    let address = metadata.text("jwks_uri");
    let found = match found {
        Err(error) => {
            let text = "The provider does not send its JWKS.";
            return Some(CheckOutcome::problem("keys-lost", text).seen(format!("{address}: {error}")).change(change));
        }
        Ok(found) if found.answer.status != 200 => {
            let seen = format!("{address}: {}", found.answer.status);
            return Some(
                CheckOutcome::problem("keys-lost", "The provider does not send its JWKS.").seen(seen).change(change),
            );
        }
        Ok(found) => found,
    };
    let Some(keys) = list(found) else {
        let text = "The response from `jwks_uri` is not a JWKS (RFC 7517 §5).";
        return Some(CheckOutcome::problem("keys-unreadable", text).seen(address).change(change));
    };
    if keys.is_empty() {
        let text = "The JWKS is empty, so the server has no keys to verify ID tokens.";
        return Some(
            CheckOutcome::problem("no-keys", text).seen(address).change("Choose a signing key at the provider."),
        );
    }
    if keys.iter().any(|key| key.get("d").is_some() || key.get("k").is_some()) {
        let text = "The JWKS contains a private or a symmetric key. Anyone can sign ID tokens with it.";
        let change = "Replace this key at the provider at once, and publish only public keys.";
        return Some(CheckOutcome::problem("private-key", text).seen(address).change(change));
    }
    let is_fitting = |key: &&Value| {
        let findings = KeyFindings::of(key, algorithm);
        findings.is_usable && findings.is_meant() && kind_of(algorithm).is_none_or(|kind| key["kty"] == kind)
    };
    // A document that does not offer the algorithm has a check of its own.
    if !offered.is_empty() && !offered.contains(&algorithm) {
        return Some(CheckOutcome::ok("The provider sends its JWKS."));
    }
    Some(match keys.iter().filter(is_fitting).count() {
        0 => {
            let text = format!("No key of the JWKS is for signatures with {algorithm}.");
            CheckOutcome::problem("no-fitting-key", text)
                .seen(keys.iter().map(described).collect::<Vec<_>>().join("; "))
                .change(format!("Choose a signing key for {algorithm} at the provider, not an encryption key."))
        }
        _ => CheckOutcome::ok(format!("The JWKS has a key for {algorithm}.")),
    })
}

fn list(found: &KeySet) -> Option<&[Value]> {
    found.keys.as_ref().ok()?.as_deref()
}

/// Returns the type of the keys that sign with an algorithm (RFC 7518 §6.1).
fn kind_of(algorithm: &str) -> Option<&'static str> {
    match algorithm.get(..2)? {
        "RS" | "PS" => Some("RSA"),
        "ES" => Some("EC"),
        "Ed" => Some("OKP"),
        _ => None,
    }
}

/// Returns a key in words, without its material.
fn described(key: &Value) -> String {
    let members =
        ["kty", "use", "alg", "crv"].iter().filter_map(|name| Some(format!("{name} {}", key.get(*name)?.as_str()?)));
    members.collect::<Vec<_>>().join(", ")
}

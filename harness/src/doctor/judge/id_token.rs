//! The ID token of a sign-in: it can be read, and the server accepts it (OIDC Core
//! §3.1.3.7).

use jsonwebtoken::DecodingKey;

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::SettingLabel;
use crate::relying_party::{
    Comparison, Expectation, Jwt, MemberType, Moment, SigningMethod, TokenFindings, TokenKey, UnreadableJwt, verifies,
};

pub(in crate::doctor) static ID_TOKEN: DoctorCheck = DoctorCheck {
    name: "id-token",
    looks_at: "Checks whether the server accepts the ID token (`--sign-in`).",
    causes: &[
        ("id-token-encrypted", "The ID token is encrypted, and Immich cannot decrypt it."),
        ("id-token-unreadable", "The ID token is not a JWT."),
        ("id-token-algorithm", "The provider signs the ID token with a different algorithm than the server accepts."),
        ("id-token-issuer", "`iss` of the ID token is not the `issuer` of the discovery document."),
        ("id-token-audience", "`aud` or `azp` of the ID token does not name the client."),
        ("no-subject", "The ID token has no `sub`."),
        ("id-token-times", "`exp` or `iat` of the ID token is missing or not a number."),
        ("id-token-expired", "The ID token has already expired when the provider sends it."),
        ("id-token-future", "`iat` or `nbf` of the ID token is in the future."),
        ("id-token-signature", "The signature of the ID token matches no key in the provider's JWKS."),
    ],
    judge: id_token,
    is_reach: false,
};

/// Servers accept clocks that are so far apart, in seconds.
const TOLERANCE: f64 = 5.0;

fn id_token(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let seen = evidence.sign_in.as_ref()?;
    let tokens = seen.tokens()?;
    let token = tokens.text("id_token").filter(|token| !token.is_empty())?;
    let jwt = match Jwt::read(token) {
        Ok(jwt) => jwt,
        Err(UnreadableJwt::Encrypted) => {
            let text = "The ID token is encrypted, and Immich cannot decrypt it.";
            let change =
                "At the provider, turn off ID token encryption for this client, and remove its encryption key.";
            return Some(CheckOutcome::problem("id-token-encrypted", text).change(change));
        }
        Err(error) => {
            let text = format!("The ID token is not a JWT: {error}.");
            return Some(
                CheckOutcome::problem("id-token-unreadable", text)
                    .change("Look for an error in the provider's log at the time of the sign-in."),
            );
        }
    };
    let algorithm = evidence.settings.signing_algorithm.as_deref().unwrap_or("RS256");
    let expected = Expectation {
        issuer: evidence.metadata()?.text("issuer"),
        client_id: evidence.settings.client_id.as_deref().unwrap_or_default(),
        algorithm,
        media_type: "id_token+jwt",
        now: seen.now,
        access_token: tokens.text("access_token"),
        nonce: None,
    };
    let findings = TokenFindings::of(&jwt, &expected);
    if findings.algorithm != Comparison::AsExpected {
        return Some(another_algorithm(&jwt, algorithm));
    }
    let claim = |name: &str| match jwt.claims.get(name) {
        Some(value) => format!("{name}: {value}"),
        None => format!("{name} is missing"),
    };
    claims(&findings, &claim).or_else(|| times(&findings, &claim)).or_else(|| {
        let text = "The signature of the ID token matches no key in the provider's JWKS.";
        let change = "At the provider, check the signing key of this client. If the key was replaced, wait until the \
                      JWKS has the new key.";
        let kid = jwt.header_text("kid").map_or_else(|| "kid is missing".to_owned(), |kid| format!("kid: {kid}"));
        (!is_signed(evidence, token, &jwt))
            .then(|| CheckOutcome::problem("id-token-signature", text).seen(kid).change(change))
    })
    .or_else(|| Some(CheckOutcome::ok(format!("The server accepts the ID token, which is signed with {algorithm}."))))
}

fn another_algorithm(jwt: &Jwt, accepted: &str) -> CheckOutcome {
    let found = jwt.header_text("alg").unwrap_or("no algorithm");
    let text = format!("The provider signs the ID token with {found}, but the server accepts only {accepted}.");
    let at_provider = format!("At the provider, choose a signing key for {accepted} for this client.");
    let change = match found {
        "none" | "no algorithm" => at_provider,
        _ => format!("{at_provider} Or change the server's setting:\n{}", SettingLabel::SIGNING_ALGORITHM.to(found)),
    };
    CheckOutcome::problem("id-token-algorithm", text).change(change)
}

fn claims(findings: &TokenFindings<'_>, claim: &dyn Fn(&str) -> String) -> Option<CheckOutcome> {
    let audience = findings.audience;
    let is_for_client = audience.names_client
        && findings.authorized_party.fits_if_present()
        && (audience.count <= 1 || findings.authorized_party == Comparison::AsExpected);
    let (cause, text, seen, change) = match () {
        () if findings.issuer != Comparison::AsExpected => (
            "id-token-issuer",
            "`iss` of the ID token is not the `issuer` of the discovery document.",
            claim("iss"),
            "Set the provider's public URL, so that its discovery document and its ID tokens name the same issuer.",
        ),
        () if !is_for_client => (
            "id-token-audience",
            "`aud` or `azp` of the ID token does not name the client.",
            format!("{}; {}", claim("aud"), claim("azp")),
            "At the provider, remove the mapper that changes the audience of this client's ID tokens.",
        ),
        () if findings.subject != MemberType::Text => (
            "no-subject",
            "The ID token has no `sub`.",
            claim("sub"),
            "At the provider, choose a subject for this client that every end-user has, such as the user ID.",
        ),
        () => return None,
    };
    Some(CheckOutcome::problem(cause, text).seen(seen).change(change))
}

fn times(findings: &TokenFindings<'_>, claim: &dyn Fn(&str) -> String) -> Option<CheckOutcome> {
    let clocks = "Synchronize the clocks of the server and the provider with NTP.";
    let is_later = |moment: Moment| matches!(moment, Moment::Away(seconds) if seconds > TOLERANCE);
    let (cause, text, seen, change) = match (findings.issued_at, findings.expiry) {
        (issued, expiry) if !issued.is_time() || !expiry.is_time() => (
            "id-token-times",
            "`exp` or `iat` of the ID token is missing or not a number.",
            format!("{}; {}", claim("iat"), claim("exp")),
            "At the provider, remove the mapper that changes these claims.",
        ),
        (_, Moment::Away(seconds)) if seconds <= -TOLERANCE => (
            "id-token-expired",
            "The ID token has already expired when the provider sends it.",
            format!("exp is {} s ago", seconds.abs().round()),
            clocks,
        ),
        (issued, _) if is_later(issued) || is_later(findings.not_before) => (
            "id-token-future",
            "`iat` or `nbf` of the ID token is in the future.",
            format!("{}; {}", claim("iat"), claim("nbf")),
            clocks,
        ),
        _ => return None,
    };
    Some(CheckOutcome::problem(cause, text).seen(seen).change(change))
}

/// Returns whether the secret or a key of the provider verifies the token.
fn is_signed(evidence: &DoctorEvidence, token: &str, jwt: &Jwt) -> bool {
    match SigningMethod::of(jwt) {
        SigningMethod::Unknown => false,
        SigningMethod::Secret(algorithm) => {
            let secret = evidence.settings.client_secret.as_deref().unwrap_or_default();
            verifies(token, &DecodingKey::from_secret(secret.as_bytes()), algorithm)
        }
        SigningMethod::Key(algorithm) => evidence.keys().any(|key| {
            let key = TokenKey::of(key, token, jwt, algorithm);
            key.is_named() && key.findings.is_meant() && key.verifies
        }),
    }
}

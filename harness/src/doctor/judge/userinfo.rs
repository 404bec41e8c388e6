//! `UserInfo` of a sign-in: it answers, in the form that the server expects, about
//! the end-user of the ID token (OIDC Core §5.3).

use crate::doctor::check::{CheckOutcome, DoctorCheck};
use crate::doctor::evidence::DoctorEvidence;
use crate::immich::SettingLabel;
use crate::relying_party::{SubjectMatch, UserInfoBody};

pub(in crate::doctor) static USERINFO: DoctorCheck = DoctorCheck {
    name: "userinfo",
    looks_at: "Checks whether the UserInfo endpoint answers as the server expects (`--sign-in`).",
    causes: &[
        ("userinfo-lost", "The UserInfo endpoint does not answer."),
        ("userinfo-refused", "The UserInfo endpoint answers the access token with an error."),
        ("userinfo-unreadable", "The UserInfo response is neither JSON nor a JWT."),
        ("userinfo-is-signed", "The UserInfo response is signed, but the server expects an unsigned one."),
        ("userinfo-is-plain", "The UserInfo response is unsigned, but the server expects a signed one."),
        ("userinfo-subject", "The `sub` in the UserInfo response is not the `sub` in the ID token."),
    ],
    judge: userinfo,
    is_reach: false,
};

fn userinfo(evidence: &DoctorEvidence) -> Option<CheckOutcome> {
    let seen = evidence.sign_in.as_ref()?;
    let answered = seen.userinfo.as_ref()?;
    let id_token = evidence.id_token_claims().unwrap_or_default();
    // Immich asks UserInfo only where the ID token has no email.
    let judged = if id_token.contains_key("email") { CheckOutcome::warning } else { CheckOutcome::problem };
    let answered = match answered {
        Ok(answered) => answered,
        Err(error) => {
            let change = "Check that `userinfo_endpoint` of the discovery document is the right address, and that this \
                          machine reaches it.";
            return Some(
                judged("userinfo-lost", "The UserInfo endpoint does not answer.")
                    .seen(error.to_string())
                    .change(change),
            );
        }
    };
    if answered.answer.status != 200 {
        let text = "The UserInfo endpoint answers the access token with an error.";
        let change = "Configure the proxy in front of the provider to pass the `Authorization` header, and look for \
                      the error in the provider's log.";
        let status = format!("status {}", answered.answer.status);
        return Some(judged("userinfo-refused", text).seen(status).change(change));
    }
    let expected = evidence.settings.userinfo_algorithm.as_deref().filter(|name| !matches!(*name, "" | "none"));
    Some(match (&answered.body, expected) {
        (UserInfoBody::Neither(..), _) => {
            let text = "The UserInfo response is neither JSON nor a JWT.";
            let kind = format!("Content-Type: {}", answered.answer.content_type());
            judged("userinfo-unreadable", text)
                .seen(kind)
                .change("Check the proxy in front of the provider: it may answer in place of the UserInfo endpoint.")
        }
        (UserInfoBody::Token(_, jwt), None) => {
            let algorithm = jwt.header_text("alg").unwrap_or("none");
            let text = "The UserInfo response is signed, but the server expects an unsigned one.";
            judged("userinfo-is-signed", text).change(SettingLabel::USERINFO_ALGORITHM.to(algorithm))
        }
        (UserInfoBody::Claims(_), Some(algorithm)) => {
            let text =
                format!("The UserInfo response is unsigned, but the server expects one signed with {algorithm}.");
            judged("userinfo-is-plain", &text).change(SettingLabel::USERINFO_ALGORITHM.to("none"))
        }
        (UserInfoBody::Claims(claims), None) => subject(&id_token, claims),
        (UserInfoBody::Token(_, jwt), Some(_)) => subject(&id_token, &jwt.claims),
    })
}

type Claims = serde_json::Map<String, serde_json::Value>;

fn subject(id_token: &Claims, userinfo: &Claims) -> CheckOutcome {
    if matches!(SubjectMatch::of(id_token, userinfo), SubjectMatch::Same | SubjectMatch::Absent) {
        return CheckOutcome::ok("The UserInfo response is about the end-user of the ID token.");
    }
    let text = "The `sub` in the UserInfo response is not the `sub` in the ID token (OIDC Core §5.3.2).";
    let change = "At the provider, remove the mapper that changes `sub` in UserInfo or in the ID token.";
    let sub = |claims: &Claims| claims.get("sub").map_or_else(|| "missing".to_owned(), ToString::to_string);
    let seen = format!("ID token: {}; UserInfo: {}", sub(id_token), sub(userinfo));
    CheckOutcome::problem("userinfo-subject", text).seen(seen).change(change)
}

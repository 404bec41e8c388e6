//! How claims become an account (contract §3.2, §3.3), and how accounts are
//! linked to an end-user.

use serde_json::{Map, Value};
use url::Url;

use super::declaration::rules;
use crate::reference::state::{EmailSource, StoredAccount, flag};
use crate::relying_party::Answer;

rules! {
    /// How claims become an account.
    AccountRules {
        /// The subject that identifies the account.
        subject: fn(&Map<String, Value>) -> Option<String> =
            |claims| claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty()).map(ToOwned::to_owned);
        /// Whether an account belongs to a subject.
        same_subject: fn(&StoredAccount, &str) -> bool = |account, sub| account.oauth_id == sub;
        /// Whether an account has an email.
        same_email: fn(&StoredAccount, &str) -> bool = |account, email| account.email == email;
        /// Which account is the end-user's own, given where that of the
        /// subject stands and where that of the email.
        known: fn(Option<usize>, Option<usize>) -> Option<usize> = |by_subject, _| by_subject;
        /// The email of an end-user, as the provider says it.
        email_claim: fn(&Map<String, Value>) -> Option<String> = |claims| {
            let email = claims.get("email").and_then(Value::as_str).filter(|email| !email.trim().is_empty());
            email.map(ToOwned::to_owned)
        };
        /// How an email is compared and kept.
        /// Only ASCII letters have another case: some other letters become
        /// ASCII in lower case, and the email that of a stranger.
        email: fn(&str) -> String = |email| email.trim().to_ascii_lowercase();
        /// Whether the database takes a text as it came.
        storable: fn(&str) -> bool = |_| true;
        /// An email for end-users without one.
        email_without_owner: fn() -> Option<String> = || None;
        /// Whether an account of the same email may be linked.
        may_link: fn(&StoredAccount, &Map<String, Value>) -> bool =
            |account, claims| account.oauth_id.is_empty() && account.email_source == EmailSource::Authority && !is_unverified(claims);
        /// Whether unknown end-users get an account.
        may_register: fn(&Value, &Map<String, Value>) -> bool = |settings, _| flag(settings, "autoRegister");
        /// The name of a new account.
        name: fn(&Map<String, Value>, &str) -> String = name;
        /// The storage label of an end-user, as the provider says it.
        label_claim: fn(Option<&Value>) -> Option<String> =
            |claim| claim.and_then(Value::as_str).filter(|label| !label.is_empty()).map(ToOwned::to_owned);
        /// The storage label of a new account.
        label: fn(&str) -> String =
            |label| label.chars().filter(|c| c.is_alphanumeric() || "-_ @".contains(*c)).collect();
        /// Whether a label that is taken already ends the sign-in.
        label_taken_ends: bool = false;
        /// The quota, in bytes, of a new account.
        quota: fn(Option<&Value>, Option<&Value>) -> Option<f64> = quota;
        /// Whether the role claim counts at later sign-ins, too.
        role_each_time: bool = true;
        /// Whether the role claim counts at the sign-in that links an account.
        role_at_link: bool = true;
        /// Whether the role claim makes an administrator.
        role: fn(Option<&Value>) -> Option<bool> = role;
        /// Whether a sign-in takes an account out of the trash.
        undeletes: bool = false;
        /// Whether an account of the same email is in the trash, and out of
        /// reach.
        in_the_bin: fn(&StoredAccount) -> bool = |account| account.deleted;
        /// The same of an account of the same subject.
        known_in_the_bin: fn(&StoredAccount) -> bool = |account| account.deleted;
        /// What claims change of an account that is there already, given the
        /// settings; the role apart.
        renew: fn(&mut StoredAccount, &Map<String, Value>, &Value) = |_, _, _| {};
    }
}

rules! {
    /// What becomes of the picture claim.
    PictureRules {
        /// Whether a picture is fetched from this address.
        at: fn(&Url) -> bool = |url| matches!(url.scheme(), "http" | "https");
        /// Whether an answer is a picture.
        is_image: fn(&Answer) -> bool = is_image;
        /// Whether a picture that cannot be had ends the sign-in.
        failure_ends: bool = false;
        /// Whether an account that has a picture gets another one.
        again: bool = false;
        /// Whether the server ends over this claim.
        ends_server: fn(&Value) -> bool = |_| false;
    }
}

rules! {
    /// How accounts are linked and unlinked.
    LinkRules {
        /// Whether accounts are linked without a session.
        unguarded: bool = false;
        /// Whether who is linked can be linked once more.
        again: bool = true;
        /// Whether a subject of another account can be linked.
        steals: bool = false;
        /// The session at the provider that a link ties the session to.
        session_id: fn(Option<String>) -> Option<String> = |sid| sid;
        /// The email that an account gets by linking it, if any.
        email: fn(&Map<String, Value>) -> Option<String> = |_| None;
        /// Whether accounts are unlinked without a session.
        unlink_unguarded: bool = false;
        /// Whether who is not linked can be unlinked all the same.
        unlink_anyway: bool = true;
        /// Whether unlinking ends the session.
        unlink_ends: bool = false;
        /// Whether unlinking unties the session from that at the provider.
        unlink_unties: bool = true;
        /// The subject in the answer to unlinking.
        unlinked: fn() -> Value = || "".into();
        /// Whether unlinking takes the subject away.
        unlink_unlinks: bool = true;
    }
}

/// By its first bytes; what an answer says of itself proves nothing.
fn is_image(answer: &Answer) -> bool {
    let starts = |bytes: &[u8]| answer.body.starts_with(bytes);
    let webp = starts(b"RIFF") && answer.body.get(8..12) == Some(b"WEBP");
    answer.status == 200 && (starts(b"\x89PNG\r\n\x1a\n") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || webp)
}

/// Whether the provider says that the email is unverified, also as text.
pub fn is_unverified(claims: &Map<String, Value>) -> bool {
    match claims.get("email_verified") {
        Some(Value::Bool(verified)) => !verified,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Without characters that no database takes and no screen shows.
fn name(claims: &Map<String, Value>, email: &str) -> String {
    let text = |name: &str| {
        let text = claims.get(name).and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
    };
    let full = format!("{} {}", text("given_name"), text("family_name")).trim().to_owned();
    [text("name"), full, text("preferred_username")]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| email.to_owned())
}

const GIB: f64 = 1_073_741_824.0;

/// Gibibytes to bytes; what is no number falls back to the default.
pub fn quota(claim: Option<&Value>, default: Option<&Value>) -> Option<f64> {
    let number = |value: &Value| match value {
        Value::String(text) => text.trim().parse::<f64>().ok(),
        value => value.as_f64(),
    };
    let claimed = claim.and_then(number).filter(|number| *number >= 0.0);
    claimed.or_else(|| default.and_then(Value::as_f64)).map(|number| (number * GIB).round())
}

/// `admin`, `user`, or a list that holds one of them; `admin` wins.
pub fn role(claim: Option<&Value>) -> Option<bool> {
    let says = |role: &str| match claim {
        Some(Value::String(text)) => text == role,
        Some(Value::Array(list)) => list.iter().any(|item| item == role),
        _ => false,
    };
    says("admin").then_some(true).or_else(|| says("user").then_some(false))
}

/// The same of text alone, as before lists counted.
pub fn role_as_text(claim: Option<&Value>) -> Option<bool> {
    role(claim.filter(|claim| claim.is_string()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!(2), Some(2.0))]
    #[case(json!("2"), Some(2.0))]
    #[case(json!(0), Some(0.0))]
    #[case(json!(-1), Some(7.0))]
    #[case(json!("abc"), Some(7.0))]
    fn reads_quotas_in_gibibytes(#[case] claim: Value, #[case] expected: Option<f64>) {
        assert_eq!(quota(Some(&claim), Some(&json!(7))), expected.map(|number| number * GIB));
    }

    #[rstest]
    #[case(json!("admin"), Some(true))]
    #[case(json!(["x", "admin"]), Some(true))]
    #[case(json!("user"), Some(false))]
    #[case(json!("Admin"), None)]
    fn reads_roles(#[case] claim: Value, #[case] expected: Option<bool>) {
        assert_eq!(role(Some(&claim)), expected);
    }
}

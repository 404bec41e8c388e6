//! Cookies that the target sets.

use serde_json::Value;

use super::section::{Look, MemberRow, NO_ANSWER, Section, kinds, told_of};
use super::value::ValueKind::{Number, Switch, Text};
use crate::exchange::Exchange;
use crate::set_cookie::SetCookie;

pub(super) static SECTION: Section = Section {
    name: "cookies",
    text: "The cookies that the target's last response sets, by name: `value`, `http-only`, `secure`, `same-site`, \
           `path`, `max-age` in seconds (from `Max-Age`, otherwise from `Expires`; absent for a session cookie), \
           `cleared` (whether the cookie is empty or expired).",
    look: Look::Nothing,
    names: &[],
    values: || kinds(ROWS),
    lacks: |cookies, below| match below {
        _ if !cookies.is_object() => Some(NO_ANSWER),
        [name, _, ..] if cookies.get(name).is_none() => Some("the server did not set this cookie"),
        _ => None,
    },
    evidence: |seen| Ok(seen.observation.answer.as_ref().map(by_name)),
};

const ROWS: &[MemberRow<SetCookie>] = &[
    MemberRow("*.value", Text, |cookie| Some(cookie.value.clone().into())),
    MemberRow("*.http-only", Switch, |cookie| Some(cookie.http_only.into())),
    MemberRow("*.secure", Switch, |cookie| Some(cookie.secure.into())),
    MemberRow("*.same-site", Text, |cookie| Some(cookie.same_site.clone().into())),
    MemberRow("*.path", Text, |cookie| Some(cookie.path.clone().into())),
    MemberRow("*.max-age", Number, |cookie| Some(cookie.lifetime.into())),
    MemberRow("*.cleared", Switch, |cookie| Some(cookie.is_cleared().into())),
];

fn by_name(answer: &Exchange) -> Value {
    Value::Object(
        answer.set_cookies().into_iter().map(|cookie| (cookie.name.clone(), told_of(ROWS, &cookie))).collect(),
    )
}

//! Where the target sends the user agent.

use serde_json::{Map, Value, json};
use url::Url;

use super::section::{Look, MemberRow, Section, kinds, told_of};
use super::value::ValueKind::{Text, Texts};

pub(super) static SECTION: Section = Section {
    name: "redirect",
    text: "Where the target sends the browser (the authorization URL, a `Location`, the URL after logout): `url` \
           unchanged, `base` (without query and fragment), `parameters.<name>`, `fragment`, `path`.",
    look: Look::Nothing,
    names: &[],
    values: || kinds(ROWS),
    // That it leads nowhere can be expected.
    lacks: |redirect, below| {
        let is_there = redirect.is_object() || matches!(below, [] | ["url"]);
        (!is_there).then_some("the server did not redirect the browser")
    },
    evidence: |seen| Ok(seen.observation.redirect.as_deref().map(|text| told_of(ROWS, &Redirect::of(text)))),
};

const ROWS: &[MemberRow<Redirect>] = &[
    MemberRow("url", Text, |redirect| Some(redirect.text.clone().into())),
    MemberRow("base", Text, |redirect| redirect.text.split(['?', '#']).next().map(Value::from)),
    MemberRow("parameters.*", Texts, |redirect| Some(Value::Object(parameters(redirect.url.as_ref()?.query_pairs())))),
    MemberRow("fragment", Text, |redirect| redirect.url.as_ref()?.fragment().map(Value::from)),
    MemberRow("path", Text, |redirect| Some(redirect.url.as_ref()?.path().into())),
];

/// A place to which the user agent is sent.
struct Redirect {
    text: String,
    url: Option<Url>,
}

impl Redirect {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned(), url: Url::parse(text).ok() }
    }
}

/// Parameters by name; a list where one comes several times.
pub(super) fn parameters<N: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in pairs {
        let value = Value::String(value.into());
        match map.entry(name.into()) {
            serde_json::map::Entry::Vacant(slot) => {
                slot.insert(value);
            }
            serde_json::map::Entry::Occupied(mut slot) => match slot.get_mut() {
                Value::Array(list) => list.push(value),
                first => *first = json!([first, value]),
            },
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_and_takes_it_apart() {
        let evidence = told_of(ROWS, &Redirect::of("app.immich:///oauth-callback?code=a&code=b#f"));
        assert_eq!(evidence["base"], "app.immich:///oauth-callback");
        assert_eq!(evidence["parameters"]["code"], json!(["a", "b"]));
        assert_eq!(evidence["fragment"], "f");
    }
}

//! What a scenario says of the provider: its settings, and its profile with
//! what lies over it. Quirks and overlays are for [`super::deviation`].

use std::collections::BTreeSet;
use std::sync::LazyLock;

use mock_idp::{PROFILES, ProviderSettings};

use crate::diagnostic::Diagnostic;
use crate::document::{Node, path, read};
use crate::scenario::Shape;

/// The keys of `[provider]` that are no settings.
const BESIDE_SETTINGS: &[&str] = &["profile", "issuer", "tls", "redirect-uris", "client-secret", "quirks", "overlay"];

/// The placeholder for the issuer of the second provider.
const OTHER_ISSUER: &str = "{other_issuer}";

/// The names of all settings.
static PROVIDER_SETTINGS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let settings = serde_json::to_value(ProviderSettings::default()).unwrap_or_default();
    settings.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
});

/// The settings in a table in which keys of `beside` may stand, too; whether
/// all is well.
pub(super) fn provider_settings(table: Option<&Node>, beside: &[&str], problems: &mut Vec<Diagnostic>) -> bool {
    let Some(mut settings) = table.cloned() else { return true };
    let before = problems.len();
    if let Some(table) = settings.table_mut() {
        table.retain(|name, _| !beside.contains(&name.as_str()));
        table.retain(|name, entry| {
            let is_known = PROVIDER_SETTINGS.contains(name);
            if !is_known {
                let names = PROVIDER_SETTINGS.iter().map(String::as_str).chain(beside.iter().copied());
                let help = format!("allowed keys: {}", names.clone().collect::<Vec<_>>().join(", "));
                let text = format!("unknown key `{name}`");
                problems.push(Diagnostic::error(text, entry.key_span.clone()).suggest(name, names).note(help));
            }
            is_known
        });
    }
    read::<ProviderSettings>(&settings, problems).is_some() && problems.len() == before
}

/// The second provider: its settings, and what needs one.
pub(super) fn other_provider(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    let Some(own) = &shape.other_provider else {
        problems.extend(node.texts().filter(|(text, _)| text.contains(OTHER_ISSUER)).map(|(_, span)| {
            let problem = Diagnostic::error(format!("{OTHER_ISSUER} needs a second provider"), span.clone());
            problem.note("add `[other-provider]`; this table may be empty")
        }));
        return;
    };
    if provider_settings(node.get("other-provider"), &[], problems)
        && let Err(error) = ProviderSettings::default().with(own).and_then(|settings| settings.check())
    {
        let problem = Diagnostic::error(error.to_string(), node.place(&path(&["other-provider"])));
        problems.push(problem.note("run `oidc-harness explain` with the name of the setting"));
    }
}

/// The profile, and what lies over it.
pub(super) fn profile(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    let profile = match shape.provider.profile() {
        Ok(profile) => profile,
        Err(error) => {
            let name = shape.provider.profile.as_deref().unwrap_or_default();
            let problem = Diagnostic::error(error.to_string(), node.place(&path(&["provider", "profile"])));
            problems.push(
                problem.suggest(name, PROFILES.iter().copied()).note("`oidc-harness list profiles` lists all profiles"),
            );
            return;
        }
    };
    if !provider_settings(node.get("provider"), BESIDE_SETTINGS, problems) {
        return;
    }
    let issuer = path(&["provider", "issuer"]);
    if let Some(text) = node.at(&issuer).and_then(Node::text).filter(|text| !text.starts_with("{origin}")) {
        let text = format!("the issuer `{text}` is not below the provider's origin");
        let help = "begin it with `{origin}`; to change `iss` in a token, use a quirk such as `wrong-issuer`";
        problems.push(Diagnostic::error(text, node.place(&issuer)).note(help));
    }
    let span = node.place(&path(&["provider"]));
    if let Err(error) = shape.provider.settings_over(profile, "name", "client") {
        let help = "correct one of the two settings; `oidc-harness explain SETTING` describes each";
        problems.push(Diagnostic::error(error.to_string(), span.clone()).note(help));
    }
    // Other checks report mistakes in the file's own settings, with a better
    // place.
    let is_told = !shape.provider.quirks.errors_with(&shape.provider.overlay).is_empty();
    if let (false, Err(error)) = (is_told, shape.provider.deviations_over(profile)) {
        problems.push(
            Diagnostic::error(error.to_string(), span)
                .note("remove one of the two. If one comes from the profile, choose another profile"),
        );
    }
}

//! With fixed settings, the client's secret is the server's own. A scenario
//! must not show it, nor let the provider send the server elsewhere with it.
//! Pure.

use mock_idp::{Deviations, Member, Message};
use serde_json::Value;

use crate::deviation_table::Quirks;
use crate::placeholder::Texts;
use crate::scenario::Play;
use crate::step::StepShape;

/// Why a play could give the server's own secret away; nothing if it cannot.
pub(super) fn gives_away(play: &Play) -> Option<String> {
    if says_it(play) {
        return Some(
            "it uses `{client_secret}` outside of expectations, but with --fixed-settings this is the server's real \
             client secret"
                .to_owned(),
        );
    }
    let by = sends_it_elsewhere(play)?;
    Some(format!(
        "with {by}, the server may send its real client secret to another address, because --fixed-settings keeps that \
         secret"
    ))
}

/// What a scenario sends to the server, or lets the provider send, may reach
/// others.
fn says_it(play: &Play) -> bool {
    let mut says_it = false;
    play.shape.clone().each_text(&mut |text| says_it |= text.contains("{client_secret}"));
    says_it
}

/// What may lead the server, with its secret, to a different place than the
/// provider, as the file names it.
fn sends_it_elsewhere(play: &Play) -> Option<String> {
    let provider = &play.shape.provider;
    let steps = &play.shape.steps;
    let changes = || steps.iter().filter_map(StepShape::provider_change);
    let mut settings = std::iter::once(&provider.settings).chain(changes().map(|change| change.settings));
    if settings.any(|settings| settings.get("discovery").is_some_and(leads_elsewhere)) {
        return Some("`discovery`".to_owned());
    }
    let mut overlays = std::iter::once(&provider.overlay).chain(steps.iter().map(|step| &step.overlay));
    if overlays.any(|overlay| overlay.written().get(Message::Discovery.name()).is_some_and(leads_elsewhere)) {
        return Some("`overlay.discovery`".to_owned());
    }
    let resting = std::iter::once(&provider.quirks).chain(changes().filter_map(|change| change.quirks));
    let quirks = resting.chain(steps.iter().map(|step| &step.quirks)).map(Quirks::deviations);
    let mut named = quirks.flat_map(|quirks| quirks.names().into_iter().map(move |name| (quirks, name)));
    named.find_map(|(quirks, name)| readdresses(quirks, &name).then(|| format!("`quirks.{name}`")))
}

/// Whether a quirk changes the addresses in the discovery document, or answers
/// with a redirect where the server fetches that, or sends its secret.
fn readdresses(quirks: &Deviations, name: &str) -> bool {
    quirks.members_of(name).iter().any(|(message, member)| match message {
        Message::Discovery => match member {
            Member::Location => true,
            Member::Named(name) => ["_endpoint", "_uri", "_aliases"].iter().any(|end| name.ends_with(end)),
            _ => false,
        },
        Message::TokenResponse => *member == Member::Location,
        _ => false,
    })
}

/// Whether a text in there can be an address of another place, or become one
/// by its placeholders. One that begins with the provider's own origin, or an
/// issuer there, and a slash stays there whatever follows.
fn leads_elsewhere(value: &Value) -> bool {
    match value {
        Value::String(text) => {
            let stays = ["{issuer}/", "{origin}/"].iter().any(|own| text.starts_with(own));
            !stays && text.contains([':', '/', '\\', '{'])
        }
        Value::Array(list) => list.iter().any(leads_elsewhere),
        Value::Object(table) => table.values().any(leads_elsewhere),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::diagnostic::Source;
    use crate::scenario::Scenario;

    fn play(body: &str) -> Play {
        let text = format!(
            "format = 1\ntitle = 't'\nproblem = 'Fails'\nseverity = 'low'\n\
             requirement = ['OIDC Core §2']\nwhy = 'w'\n{body}\n[users.alice]\nname = '//x'\n"
        );
        match Scenario::parse("s", Source { path: "s.toml".into(), text }) {
            Ok(scenario) => scenario.cases()[0].play.clone(),
            Err(broken) => unreachable!("the file is right: {:?}", broken.problems),
        }
    }

    const SIGN_IN: &str = "steps = [{ sign-in.as = 'alice' }]";

    #[rstest]
    #[case::setting("provider.discovery.set.token_endpoint = 'http://evil.test/steal'", "`discovery`")]
    #[case::without_slashes("provider.discovery.set.token_endpoint = 'http:evil.test'", "`discovery`")]
    #[case::aliases(
        "provider.discovery.set.mtls_endpoint_aliases = { token_endpoint = 'https://evil.test' }",
        "`discovery`"
    )]
    #[case::by_a_placeholder("provider.discovery.set.token_endpoint = '{user.alice.name}'", "`discovery`")]
    #[case::by_a_longer_host("provider.discovery.set.token_endpoint = '{origin}.evil.test/steal'", "`discovery`")]
    #[case::by_credentials("provider.discovery.set.token_endpoint = '{origin}@evil.test/steal'", "`discovery`")]
    #[case::overlay("provider.overlay.discovery.set.token_endpoint = 'http://evil.test/steal'", "`overlay.discovery`")]
    #[case::quirk("provider.quirks.endpoints-on-another-host = 'evil.test'", "`quirks.endpoints-on-another-host`")]
    #[case::usual_argument("provider.quirks.endpoint-unknown-host = 'token'", "`quirks.endpoint-unknown-host`")]
    #[case::redirected("provider.quirks.token-redirect = 'http://evil.test'", "`quirks.token-redirect`")]
    #[case::other_document("provider.quirks.discovery-redirect = 'http://evil.test'", "`quirks.discovery-redirect`")]
    fn what_may_lead_elsewhere_is_found(#[case] provider: &str, #[case] by: &str) {
        let reason = gives_away(&play(&format!("{provider}\n{SIGN_IN}")));
        assert!(reason.as_ref().is_some_and(|reason| reason.contains(by)), "{reason:?}");
    }

    #[rstest]
    #[case("{ provider.settings.discovery.set.token_endpoint = 'http://evil.test/steal' }", "`discovery`")]
    #[case("{ provider.quirks.token-redirect = 'http://evil.test' }", "`quirks.token-redirect`")]
    #[case("{ sign-in.as = 'alice', quirks.token-redirect = 'http://evil.test' }", "`quirks.token-redirect`")]
    #[case("{ sign-in.as = 'alice', overlay.discovery.append.x = '//evil.test' }", "`overlay.discovery`")]
    #[case("{ sign-in.as = 'alice' }, { request.path = '/x?s={client_secret}' }", "`{client_secret}`")]
    fn a_step_is_looked_at_too(#[case] step: &str, #[case] by: &str) {
        let reason = gives_away(&play(&format!("steps = [{step}]")));
        assert!(reason.as_ref().is_some_and(|reason| reason.contains(by)), "{reason:?}");
    }

    #[rstest]
    #[case("")]
    #[case("provider.discovery.set.code_challenge_methods_supported = ['S256']")]
    #[case("provider.overlay.discovery.set.pushed_authorization_request_endpoint = '{issuer}/par'")]
    #[case("provider.discovery.set.token_endpoint = '{origin}/@evil.test/{user.alice.name}'")]
    #[case("provider.paths.token = '//evil.test/token'")]
    #[case("provider.overlay.token-response.set.scope = 'https://scope.test/all'")]
    #[case("provider.quirks.wrong-issuer = 'https://attacker.example'")]
    #[case("provider.quirks.issuer-mismatch = 'https://attacker.example'")]
    #[case("provider.quirks.pkce-not-advertised = true")]
    #[case("provider.quirks.token-status = 500")]
    fn what_stays_at_the_provider_is_played(#[case] provider: &str) {
        assert_eq!(gives_away(&play(&format!("{provider}\n{SIGN_IN}"))), None);
    }
}

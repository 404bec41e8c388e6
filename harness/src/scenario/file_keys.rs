//! What a scenario file may say, key by key. The doc comments are the texts
//! of the JSON schema.

use std::num::NonZeroU8;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::provider::ProviderShape;
use crate::checklist::List;
use crate::document::FileFormat;
use crate::immich::WantedSettings;
use crate::level::Level;
use crate::placeholder::texts;
use crate::severity::Severity;
use crate::step::StepShape;

/// A scenario: how server and provider are set up, what happens, and what
/// must be seen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scenario")]
pub struct Shape {
    /// The version of this format.
    // Looked at before all others; see [`FileFormat`].
    #[serde(rename = "format")]
    #[schemars(extend("const" = FileFormat::SCENARIO.present))]
    _format: u64,
    /// What a correct server does, as a sentence.
    pub title: String,
    /// What a failing server does: a verb in third person, no subject, no full
    /// stop, such as `Accepts an expired ID token`. Scenarios with one cause
    /// share the sentence.
    pub problem: String,
    /// How bad the problem is.
    pub severity: Severity,
    /// What an administrator can do about the problem.
    pub advice: Option<String>,
    /// The clauses that require what the title says, such as
    /// `OIDC Core §3.1.3.7 (3)`, or `immich: oauth.autoRegister`.
    pub requirement: Vec<String>,
    /// In one sentence: what an attacker gains, or which users cannot sign in.
    /// Required if the server must refuse.
    pub why: Option<String>,
    /// The word that the requirement uses, whatever servers do.
    #[serde(default)]
    pub level: Level,
    /// The field failures that the scenario covers, such as `F28`.
    #[serde(default)]
    pub field: Vec<String>,
    /// The modules of the OpenID Foundation's suite that the scenario covers,
    /// such as `invalid-aud`.
    #[serde(default)]
    pub oidf: Vec<String>,
    /// The cases of Immich's own end-to-end suite that the scenario covers,
    /// such as `E11`.
    #[serde(default)]
    pub e2e: Vec<String>,
    /// The deviations of Immich that the scenario shows, such as `D06`.
    #[serde(default)]
    pub deviation: Vec<String>,
    /// A test in which the server must refuse, such as
    /// `id-token/expired::by-ten-minutes`. It proves that the server does not
    /// pass this scenario without checking anything.
    pub proof: Option<String>,
    /// How many seconds the harness waits for a response of the server. Default:
    /// 30. For scenarios in which the server never responds.
    pub patience: Option<NonZeroU8>,
    /// Your own tags, for `--tag`. `smoke` marks tests for a first look. The
    /// harness adds `compatible` and `secure`, so do not write them.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What the target must have; otherwise the harness skips the scenario.
    #[serde(default)]
    pub requires: Requires,
    /// The server's settings.
    #[serde(default)]
    pub server: WantedSettings,
    /// The provider.
    #[serde(default)]
    pub provider: ProviderShape,
    /// The settings of a second, honest provider. It has the same client and the
    /// same end-users; `{other_issuer}` is its issuer.
    #[serde(default, rename = "other-provider")]
    #[schemars(schema_with = "crate::table_schema::provider_settings")]
    pub other_provider: Option<Map<String, Value>>,
    /// The end-users of the provider. Each key is a claim; `omit` lists default
    /// claims to leave out, `null` claims with the value `null`.
    #[serde(default)]
    pub users: IndexMap<String, Map<String, Value>>,
    /// The steps of the scenario, in order.
    #[serde(default)]
    pub steps: Vec<StepShape>,
    /// Variants of this scenario. Each case changes parts of the scenario, and
    /// is a test of its own. `omit` lists steps to leave out, by `id`.
    #[serde(default)]
    pub cases: IndexMap<String, Map<String, Value>>,
    /// Changes to this scenario after which the sign-in must work. `omit` lists
    /// steps to leave out, by `id`.
    pub control: Option<Map<String, Value>>,
}

impl Shape {
    /// The rows of a list that it says it stands for.
    pub fn stands_for(&self, list: &List) -> &[String] {
        match list.key {
            "field" => &self.field,
            "oidf" => &self.oidf,
            "e2e" => &self.e2e,
            "deviation" => &self.deviation,
            _ => &[],
        }
    }

    /// Whether server or provider know no secret of the client.
    pub fn is_of_a_public_client(&self) -> bool {
        self.server.is_of_a_public_client() || self.provider.client_secret.as_deref() == Some("")
    }
}

texts!(Shape { server, provider, other_provider, users, steps } but not {
    _format, title, problem, severity, advice, requirement, why, level, field, oidf, e2e, deviation, proof, patience, tags, requires, cases, control
});

/// What a target must have.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[expect(clippy::struct_excessive_bools, reason = "each is needed or not, whatever the others are")]
pub struct Requires {
    /// A route that must exist, such as `POST /api/oauth/backchannel-logout`.
    pub route: Option<String>,
    /// The range of versions, such as `>=3.0.0`.
    pub version: Option<String>,
    /// The target's clock must follow `advance-clock`, as the reference
    /// server's does.
    pub shared_clock: bool,
    /// The provider must be on loopback. There it has a second host name
    /// (`{other_origin}`), and an https address whose port expects plain http
    /// (`{https_origin}`).
    pub loopback: bool,
    /// The harness must reach the target over plain http, as in a home network.
    pub plain_http: bool,
    /// The provider must be on loopback, with IPv6: `{ipv6_origin}`.
    pub ipv6: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::placeholder::Placeholders;

    /// Every text that reaches server or provider.
    #[test]
    fn names_in_braces_are_filled_in_wherever_they_can_stand() {
        let set = json!({"a": "{run}"});
        let tamper = json!({"set": set, "remove": ["{run}"], "append": set, "url": "{run}", "body": set, "body-remove": ["{run}"]});
        let overlay = json!({"id-token": {"set": {"a": ["{run}"]}, "remove": ["{run}"], "append": set}});
        let document = json!({
            "format": 1,
            "title": "t",
            "problem": "Fails",
            "severity": "low",
            "requirement": [],
            "server": {"oauth": set, "passwordLogin": set},
            "users": {"alice": set},
            "provider": {
                "issuer": "{run}", "redirect-uris": ["{run}"], "client-secret": "{run}", "further-claims": set,
                "quirks": {"wrong-issuer": "{run}"}, "overlay": overlay,
            },
            "other-provider": {"further-claims": set},
            "steps": [
                {"sign-in": {"as": "a", "redirect-uri": "{run}", "state": "{run}", "deny": "{run}"},
                 "quirks": {"wrong-issuer": "{run}"}, "overlay": overlay},
                {"start-sign-in": {"redirect-uri": "{run}", "state": "{run}"}},
                {"callback": {"of": "a", "tamper": tamper}, "headers": set},
                {"link": {"redirect-uri": "{run}", "tamper": tamper}},
                {"mobile-redirect": {"query": "{run}"}},
                {"configure": {"oauth": set, "passwordLogin": set}},
                {"create-account": {"for": "a", "email": "{run}"}},
                {"password-sign-in": {"for": "a", "email": "{run}"}},
                {"provider": {"settings": set, "client-id": "{run}", "client-secret": "{run}", "quirks": {"wrong-issuer": "{run}"}, "users": {"alice": set}}},
                {"request": {"path": "{run}", "json": set, "form": set}},
            ],
        });
        let written = document.to_string().matches("{run}").count();
        let Ok(mut shape) = serde_json::from_value::<Shape>(document) else { unreachable!("the document is right") };
        let mut placeholders = Placeholders::default();
        placeholders.set("run", "r-1");
        placeholders.fill_in(&mut shape);
        let shown = format!("{shape:?}");
        assert!(!shown.contains("{run}") && shown.matches("r-1").count() >= written, "{shown}");
    }
}

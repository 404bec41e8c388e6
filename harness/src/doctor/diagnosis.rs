//! The results of all checks, as data. Scripts rely on its members: a change that
//! they would notice raises [`DIAGNOSIS_FORMAT`].

use mock_idp::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::Status;
use super::checks::CHECKS;
use super::evidence::DoctorEvidence;
use crate::address;
use crate::exit_code::ExitCode;
use crate::immich::in_words_of;
use crate::redaction::{SecretKind, Secrets};

/// The version of the format.
pub const DIAGNOSIS_FORMAT: u32 = 1;

/// What the doctor found.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Diagnosis {
    /// The version of this format.
    pub format: u32,
    /// The version of the harness.
    pub harness: String,
    /// The server's address; none where only a provider was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The issuer URL; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The provider's product, if its paths tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The results, in the order of the checks.
    pub checks: Vec<CheckResult>,
    /// Flags whose checks were not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untried: Vec<String>,
}

/// The result of one check.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct CheckResult {
    /// The name of the check.
    pub check: String,
    /// How it ends.
    pub status: Status,
    /// The cause, by its name; empty where nothing is wrong.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// What is so, in a sentence.
    pub sentence: String,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// What to change, each in a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub change: Vec<String>,
    /// Where what to change at the product is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Judges the evidence. `secrets` stay out of all texts.
pub fn diagnose(evidence: &DoctorEvidence, secrets: &Secrets) -> Diagnosis {
    let product = evidence.provider.as_ref().and_then(|provider| provider.product);
    let in_its_words = |text: &str| match &evidence.server {
        Some(server) => in_words_of(&server.dialect, text),
        None => text.to_owned(),
    };
    // The server may repeat its issuer URL in an error.
    let refused = evidence.settings.issuer.as_deref().filter(|issuer| address::has_credentials(issuer));
    if let Some(password) = refused.and_then(|issuer| Url::parse(issuer).ok()).as_ref().and_then(Url::password) {
        secrets.add(SecretKind::Password, password);
    }
    let mut checks = Vec::new();
    for check in CHECKS {
        let Some(judged) = (check.judge)(evidence) else { continue };
        let at_product = product.and_then(|product| product.remedy(judged.cause));
        let general = judged.change.iter().flat_map(|change| change.lines());
        let change = at_product.map(|(change, _)| change).into_iter().chain(general);
        checks.push(CheckResult {
            check: check.name.to_owned(),
            status: judged.status,
            cause: judged.cause.to_owned(),
            sentence: secrets.text(&judged.sentence),
            seen: judged.seen.map(|seen| secrets.text(&seen)),
            change: change.map(|text| secrets.text(&in_its_words(text))).collect(),
            source: at_product.map(|(_, source)| source.to_owned()),
        });
    }
    Diagnosis {
        format: DIAGNOSIS_FORMAT,
        harness: env!("CARGO_PKG_VERSION").to_owned(),
        server: evidence.server.as_ref().map(|server| secrets.text(&server.origin)),
        issuer: match &evidence.provider {
            Some(provider) => Some(secrets.text(&provider.issuer)),
            None => refused.map(address::shown),
        },
        product: product.map(|product| product.0.product.clone()),
        checks,
        untried: [("--probe", evidence.probe.is_none()), ("--sign-in", evidence.sign_in.is_none())]
            .into_iter()
            .filter(|(_, is_untried)| *is_untried)
            .map(|(flag, _)| flag.to_owned())
            .collect(),
    }
}

impl Diagnosis {
    /// Returns how many checks end so.
    pub fn count(&self, status: Status) -> usize {
        self.checks.iter().filter(|check| check.status == status).count()
    }

    /// Returns the exit code: a problem is 1, a server or provider that does not
    /// answer 3.
    pub fn exit_code(&self) -> ExitCode {
        let problems: Vec<_> = self.checks.iter().filter(|check| check.status == Status::Problem).collect();
        let is_reach = |name: &str| CHECKS.iter().any(|check| check.name == name && check.is_reach);
        match problems.as_slice() {
            [] => ExitCode::Good,
            problems if problems.iter().any(|check| is_reach(&check.check)) => ExitCode::Unreachable,
            _ => ExitCode::Failed,
        }
    }
}

/// Returns the JSON schema of a diagnosis.
pub fn schema() -> Value {
    schemars::schema_for!(Diagnosis).to_value()
}

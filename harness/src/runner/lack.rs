//! Finds what a scenario needs and the target lacks; the run skips such a
//! scenario. [`super::fixed_settings`] does this for fixed settings.

use mock_idp::{Deviations, Message};
use semver::{Version, VersionReq};

use super::verdict::settings_failed;
use crate::guard::Session;
use crate::immich::{ApiRoute, TargetError, names_issuer, setting};
use crate::level::Level;
use crate::report::{CaseReport, CaseResult, Need, Outcome};
use crate::scenario::Shape;
use crate::severity::Severity;
use crate::step::{Action, StepShape};

/// Why a scenario is not played.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// The target or the run may lack it.
    Excused(Need, String),
    /// Every Immich has it.
    Inexcusable(String),
    /// Many tests need it: one of them fails, and the others are skipped.
    Shared(SharedLack),
}

impl Lack {
    /// Returns the result of a test that is not played, and completes its
    /// `report`. If many tests need what the target lacks, also returns what came of
    /// this one if another reports it.
    pub(super) fn judge(self, report: &mut CaseReport) -> (CaseResult, Option<Box<CaseReport>>) {
        let mut otherwise = None;
        match &self {
            Self::Excused(need, reason) => return (CaseResult::skipped(*need, reason), None),
            Self::Shared(lack) => {
                let result = CaseResult::skipped(Need::Feature, self.reason());
                otherwise = Some(Box::new(CaseReport { result, ..report.clone() }));
                report.problem = Some(lack.problem.clone());
                report.requirement = vec![lack.requirement.clone()];
                (report.level, report.severity, report.advice) = (Level::Must, Some(lack.severity), None);
            }
            Self::Inexcusable(_) => {}
        }
        let reason = self.reason();
        report.steps = vec![settings_failed(reason.clone(), reason.clone())].into();
        (CaseResult::new(Outcome::Failed, reason), otherwise)
    }

    /// Why the scenario is not played.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Excused(_, reason) | Self::Inexcusable(reason) => reason.clone(),
            Self::Shared(lack) => lack.reason.clone(),
        }
    }
}

/// What a target lacks that many tests need.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SharedLack {
    /// What the target does, as a problem of the report.
    problem: String,
    /// The clause.
    requirement: String,
    /// How bad that is.
    severity: Severity,
    /// Why a test is not played.
    reason: String,
}

impl SharedLack {
    /// A server whose dialect says that it reads no discovery document.
    fn of_discovery() -> Self {
        Self {
            problem: "Does not read the provider's discovery document".to_owned(),
            requirement: "OIDC Discovery §4".to_owned(),
            severity: Severity::Low,
            reason: "the dialect says that the server does not read the discovery document".to_owned(),
        }
    }

    /// A server without a route that its version has.
    fn of_route(route: ApiRoute, version: &Version) -> Self {
        Self {
            problem: format!("Lacks the route {route}, which Immich {version} has"),
            requirement: format!("immich: {route}"),
            severity: Severity::Medium,
            reason: format!("the server has no route `{route}`, which Immich {version} has"),
        }
    }
}

/// Why a scenario over TLS is skipped, and what to do.
const UNTRUSTED: &str = "the server may not trust the provider's certificates: create an authority with `oidc-harness \
                         ca DIR`, configure the server to trust DIR/ca.pem, and add --idp-ca DIR";

/// What the target shares with the provider.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is there or not, whatever the others are")]
pub(super) struct Common {
    /// A clock that can be moved, and a process that can be restarted: the
    /// harness runs it.
    pub(super) process: bool,
    /// A machine, on which the provider has a second name.
    pub(super) loopback: bool,
    /// A machine, on which the provider can be reached by IPv6.
    pub(super) ipv6: bool,
    /// A certificate authority that it trusts, as far as is known.
    pub(super) authority: bool,
}

/// Looks for the first thing that is lacking.
pub(super) async fn lacking(shape: &Shape, session: &Session, common: Common) -> Result<Option<Lack>, TargetError> {
    if !session.target.dialect().discovery && is_about_discovery(shape) {
        return Ok(Some(Lack::Shared(SharedLack::of_discovery())));
    }
    // Keys that it does not have are never sent to it, so that it would be
    // judged by something else than what the scenario says.
    let changed = shape.steps.iter().flat_map(StepShape::changed_settings);
    let mut named = shape.server.named().chain(changed);
    if let Some((section, key, _)) = named.find(|(section, key, _)| !session.capabilities.has_setting(section, key)) {
        let core = setting(section, key).is_some_and(|setting| setting.core);
        let reason = format!("the server has no setting `{section}.{key}`");
        return Ok(Some(if core { Lack::Inexcusable(reason) } else { Lack::Excused(Need::Feature, reason) }));
    }
    if let Some(range) = &shape.requires.version
        && let Ok(range) = VersionReq::parse(range)
        && !range.matches(&session.capabilities.version)
    {
        let version = &session.capabilities.version;
        return Ok(Some(Lack::Excused(
            Need::Version,
            format!("the server has version {version}, but the scenario needs {range}"),
        )));
    }
    if let Some(route) = &shape.requires.route {
        let (method, path) = route.split_once(' ').unwrap_or(("GET", route));
        if !session.target.has_route(method, path).await? {
            let version = &session.capabilities.version;
            let required = ApiRoute::required_at(method, path).filter(|route| route.is_required(version));
            if let Some(route) = required {
                return Ok(Some(Lack::Shared(SharedLack::of_route(route, version))));
            }
            return Ok(Some(Lack::Excused(Need::Feature, format!("the server has no route `{route}`"))));
        }
    }
    if session.leaves_accounts() && shape.steps.iter().filter_map(StepShape::action).any(Action::deletes_account) {
        return Ok(Some(Lack::Excused(
            Need::Deletion,
            "the server cannot delete accounts, as --leave-accounts says".to_owned(),
        )));
    }
    let restarts = shape.steps.iter().filter_map(StepShape::action).any(Action::restarts_server);
    if restarts && !common.process {
        return Ok(Some(Lack::Excused(Need::Process, "the harness cannot restart the server".to_owned())));
    }
    if shape.requires.shared_clock && !common.process {
        return Ok(Some(Lack::Excused(Need::Process, "the harness cannot change the server's clock".to_owned())));
    }
    if shape.requires.loopback && !common.loopback {
        return Ok(Some(Lack::Excused(
            Need::Network,
            "the provider is not on loopback, so it has no second host name".to_owned(),
        )));
    }
    if shape.requires.plain_http && !session.target.origin().starts_with("http:") {
        return Ok(Some(Lack::Excused(
            Need::Network,
            "the harness does not reach the server over plain http".to_owned(),
        )));
    }
    if shape.requires.ipv6 && !common.ipv6 {
        return Ok(Some(Lack::Excused(Need::Network, "the provider has no IPv6 loopback address".to_owned())));
    }
    if shape.provider.tls.needs_trust() && !common.authority {
        // A server that does not know the authority refuses an expired
        // certificate for that alone, and so proves nothing.
        return Ok(Some(Lack::Excused(Need::Trust, UNTRUSTED.to_owned())));
    }
    for route in shape.steps.iter().filter_map(StepShape::action).flat_map(Action::routes) {
        let version = &session.capabilities.version;
        if route.is_required(version) && !session.target.has_route(route.method(), route.path()).await? {
            return Ok(Some(Lack::Shared(SharedLack::of_route(route, version))));
        }
    }
    Ok(None)
}

/// Whether a scenario is about what a provider publishes and a server finds by
/// its issuer: the discovery document and the JWKS.
fn is_about_discovery(shape: &Shape) -> bool {
    let alters = |deviations: &Deviations| [Message::Discovery, Message::Jwks].iter().any(|one| deviations.touch(*one));
    let by_provider = shape.provider.deviations_over(None).is_ok_and(|deviations| alters(&deviations));
    let by_a_step = shape.steps.iter().any(|step| {
        let rotates_keys = step.provider_change().is_some_and(|change| change.rotates_keys);
        rotates_keys || step.deviations().is_ok_and(|deviations| alters(&deviations))
    });
    let is_cited = shape.requirement.iter().any(|one| one.starts_with("OIDC Discovery"));
    by_provider || by_a_step || is_cited || names_issuer(&shape.server)
}

//! Finds what a scenario needs and the target lacks; the run skips such a
//! scenario. [`super::fixed_settings`] does this for fixed settings.

use semver::VersionReq;

use crate::guard::Session;
use crate::immich::{TargetError, setting};
use crate::scenario::Shape;
use crate::step::StepShape;

/// Why a scenario is not played.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// The target may lack it.
    Excused(String),
    /// Every Immich has it.
    Inexcusable(String),
}

/// Why a scenario over TLS is skipped, and what to do.
const UNTRUSTED: &str = "the target may not trust the provider's certificates: create an authority with `oidc-harness \
                         ca DIR`, let the server trust DIR/ca.pem, and give --idp-ca DIR";

/// What the target shares with the provider.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is there or not, whatever the others are")]
pub(super) struct Common {
    /// A clock that can be moved.
    pub(super) clock: bool,
    /// A machine, on which the provider has a second name.
    pub(super) loopback: bool,
    /// A machine, on which the provider can be reached by IPv6.
    pub(super) ipv6: bool,
    /// A certificate authority that it trusts, as far as is known.
    pub(super) authority: bool,
}

/// Looks for the first thing that is lacking.
pub(super) async fn lacking(shape: &Shape, session: &Session, common: Common) -> Result<Option<Lack>, TargetError> {
    // Keys that it does not have are never sent to it, so that it would be
    // judged by something else than what the scenario says.
    let changed = shape.steps.iter().flat_map(StepShape::changed_settings);
    let mut named = shape.server.named().chain(changed);
    if let Some((section, key, _)) = named.find(|(section, key, _)| !session.capabilities.has_setting(section, key)) {
        let core = setting(section, key).is_some_and(|setting| setting.core);
        let reason = format!("the target has no setting `{section}.{key}`");
        return Ok(Some(if core { Lack::Inexcusable(reason) } else { Lack::Excused(reason) }));
    }
    if let Some(range) = &shape.requires.version
        && let Ok(range) = VersionReq::parse(range)
        && !range.matches(&session.capabilities.version)
    {
        let version = &session.capabilities.version;
        return Ok(Some(Lack::Excused(format!("the target has version {version}, not {range}"))));
    }
    if let Some(route) = &shape.requires.route {
        let (method, path) = route.split_once(' ').unwrap_or(("GET", route));
        if !session.target.has_route(method, path).await? {
            return Ok(Some(Lack::Excused(format!("the target has no route `{route}`"))));
        }
    }
    if shape.requires.shared_clock && !common.clock {
        return Ok(Some(Lack::Excused("the harness cannot move the target's clock".to_owned())));
    }
    if shape.requires.loopback && !common.loopback {
        return Ok(Some(Lack::Excused("the provider is not on loopback, so it has no second host name".to_owned())));
    }
    if shape.requires.plain_http && !session.target.origin().starts_with("http:") {
        return Ok(Some(Lack::Excused("the target is not reached over plain http".to_owned())));
    }
    if shape.requires.ipv6 && !common.ipv6 {
        return Ok(Some(Lack::Excused("the provider is not on loopback, or there is no IPv6".to_owned())));
    }
    if shape.provider.tls.needs_trust() && !common.authority {
        // A server that does not know the authority refuses an expired
        // certificate for that alone, and so proves nothing.
        return Ok(Some(Lack::Excused(UNTRUSTED.to_owned())));
    }
    Ok(None)
}

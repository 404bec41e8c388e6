//! Honest sign-ins: every client, in every way in which it can be set up with
//! the provider. Where a client lacks something it must say no, so that the
//! list of what it lacks stays true.

use mock_idp::{Algorithm, ClaimsIn, ClientAuthentication, Deviations, Pkce};
use serde_json::json;

use super::client::{Client, Identity};
use super::peer::Peer;
use super::sign_in::{EMAIL, End, SUBJECT, SetUp, Stage};

/// Every combination that makes sense.
fn set_ups() -> Vec<SetUp> {
    let mut all = vec![SetUp::default()];
    let mut vary = |ways: &[fn(&mut SetUp)]| {
        let varied = all.iter().flat_map(|set_up| {
            ways.iter().map(|way| {
                let mut set_up = *set_up;
                way(&mut set_up);
                set_up
            })
        });
        all = varied.collect();
    };
    vary(&[
        |set_up| set_up.authentication = ClientAuthentication::ClientSecretPost,
        |set_up| set_up.authentication = ClientAuthentication::ClientSecretBasic,
        |set_up| set_up.authentication = ClientAuthentication::None,
    ]);
    vary(&[
        |set_up| set_up.provider_pkce = Pkce::Required,
        |set_up| (set_up.pkce, set_up.provider_pkce) = (false, Pkce::NotSupported),
    ]);
    vary(&[
        |set_up| set_up.algorithm = Algorithm::Rs256,
        |set_up| set_up.algorithm = Algorithm::Ps256,
        |set_up| set_up.algorithm = Algorithm::Es256,
        |set_up| set_up.algorithm = Algorithm::EdDsa,
        |set_up| set_up.algorithm = Algorithm::Hs256,
    ]);
    vary(&[|set_up| set_up.userinfo_algorithm = None, |set_up| set_up.userinfo_algorithm = Some(set_up.algorithm)]);
    vary(&[
        |set_up| set_up.claims_in = ClaimsIn::Userinfo,
        |set_up| set_up.claims_in = ClaimsIn::IdToken,
        |set_up| set_up.claims_in = ClaimsIn::Both,
    ]);
    // Neither has anything to do with the other.
    vary(&[
        |set_up| (set_up.iss, set_up.access_token_hash) = (true, false),
        |set_up| (set_up.iss, set_up.access_token_hash) = (false, true),
    ]);
    // The key of HS256 is the client's secret, which a public client has not.
    let keyless =
        |set_up: &SetUp| set_up.algorithm == Algorithm::Hs256 && set_up.authentication == ClientAuthentication::None;
    all.retain(|set_up| !keyless(set_up));
    // What has nothing to do with all of that.
    let usual = SetUp::default();
    all.extend([
        SetUp { by_form: true, ..usual },
        SetUp { offline: true, ..usual },
        SetUp { offline: true, authentication: ClientAuthentication::None, ..usual },
        SetUp { authentication: ClientAuthentication::PrivateKeyJwt, ..usual },
        SetUp { offline: true, authentication: ClientAuthentication::PrivateKeyJwt, ..usual },
    ]);
    all
}

/// Whether the client knows who signed in, and still does after a refresh.
fn is_alice(identity: &Identity, set_up: SetUp) -> bool {
    let sources = [&identity.id_token, &identity.userinfo, &identity.refreshed].into_iter().flatten();
    sources.into_iter().all(|claims| claims.get("sub") == Some(&json!(SUBJECT)))
        && identity.claim("sub").is_some()
        && identity.refreshed.is_some() == set_up.offline
        && identity.claim("email") == Some(&json!(EMAIL))
}

/// Signs in in every way; what went wrong.
pub fn problems(stage: &Stage, client: &dyn Client, peer: &Peer) -> Vec<String> {
    let mut problems = Vec::new();
    for set_up in set_ups() {
        let end = stage.sign_in(client, set_up, &Deviations::default()).end;
        match (peer.lacks(set_up), &end) {
            (None, End::SignedIn(identity)) if is_alice(identity, set_up) => {}
            (Some(_), End::Refused(_)) => {}
            (None, _) => problems.push(format!("{end:?} with {set_up:?}")),
            (Some(what), _) => problems.push(format!("it has {what} after all: {end:?} with {set_up:?}")),
        }
    }
    problems
}

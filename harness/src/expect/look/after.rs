//! Asks the target what a step changed.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use indexmap::IndexMap;

use super::account::account;
use super::reaction::reaction;
use super::scene::Scene;
use crate::expect::list::SECTIONS;
use crate::expect::section::Look;
use crate::expect::seen::{Looked, Seen, SessionState};
use crate::immich::{ApiRoute, Immich, TargetError};

/// Returns what the `wanted` sections need, read from the target and the
/// provider's journal.
pub async fn look<'a>(mut scene: Scene<'a>, wanted: &[&str]) -> Seen<'a> {
    let mut seen = Seen::of(scene.observation);
    let wanted = || SECTIONS.iter().filter(|section| wanted.contains(&section.name));
    if let Some(section) = wanted().find(|section| matches!(section.look, Look::Sessions)) {
        seen.sessions = sessions(&scene, section.name).await;
        scene.world.session.turn.note_sessions_seen();
    }
    let needs_accounts = wanted().any(|section| match section.look {
        Look::Account => scene.observation.end_user.is_some(),
        Look::Accounts => scene.before.accounts.is_some(),
        _ => false,
    });
    for section in wanted() {
        match section.look {
            Look::Nothing | Look::Sessions => {}
            Look::Outcome => seen.reaction = reaction(&mut scene, needs_accounts).await,
            Look::Account => seen.account = account(&mut scene).await,
            Look::Accounts => seen.accounts = scene.account_change().await,
            // A gap is an error of the whole play, which is found when its steps are done.
            Look::Requests => {
                let requests = scene.world.issuer.journal().entries_since(scene.before.mark);
                seen.requests = requests.unwrap_or_else(|forgotten| forgotten.kept);
            }
            Look::OtherRequests => {
                let other = scene.world.other_issuer.as_ref().zip(scene.before.other_mark);
                let requests = other.map(|(issuer, mark)| issuer.journal().entries_since(mark));
                let kept = requests.map(|requests| requests.unwrap_or_else(|forgotten| forgotten.kept));
                seen.other_requests = kept.unwrap_or_default();
            }
        }
    }
    seen
}

/// Asks for the session of each step that an expectation below `section`
/// names, if that step made one.
async fn sessions(scene: &Scene<'_>, section: &str) -> Looked<IndexMap<String, SessionState>> {
    let mut wanted: BTreeMap<&str, bool> = BTreeMap::new();
    for one in scene.expected.iter().filter(|one| one.path.first().is_some_and(|name| name == section)) {
        let Some(id) = one.path.get(1) else { continue };
        *wanted.entry(id).or_default() |= one.admits("ended");
    }
    let token_of = |id: &str| scene.world.memories.get(id).and_then(|memory| memory.token.clone());
    let asked = wanted.iter().filter_map(|(id, may_end)| Some((id, *may_end, token_of(id)?)));
    let target = &scene.world.session.target;
    let states = asked.map(async |(id, may_end, token)| Ok(((*id).to_owned(), state(target, &token, may_end).await?)));
    // Others wait for the answers.
    try_join_all(states).await.map(|states| Some(states.into_iter().collect()))
}

/// Asks what became of a session. If it may have ended, asks both questions at once.
async fn state(target: &Immich, token: &str, may_end: bool) -> Result<SessionState, TargetError> {
    let (owner, listed) = if may_end {
        let (owner, listed) = tokio::join!(target.session(token), target.lists_sessions(token));
        (owner, Some(listed))
    } else {
        (target.session(token).await, None)
    };
    match owner {
        Ok(Some(_)) => Ok(SessionState::Alive),
        Ok(None) => {
            let listed = match listed {
                Some(listed) => listed?,
                None => target.lists_sessions(token).await?,
            };
            let odd =
                || format!("{} refuses the session, but {} accepts it", ApiRoute::OWN_ACCOUNT, ApiRoute::SESSIONS);
            Ok(if listed { SessionState::Odd(odd()) } else { SessionState::Ended })
        }
        Err(error) if error.is_answer() => Ok(SessionState::Odd(error.to_string())),
        Err(error) => Err(error),
    }
}

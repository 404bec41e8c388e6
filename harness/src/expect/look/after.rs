//! Asks the target what a step changed.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::account::account;
use super::reaction::reaction;
use super::scene::Scene;
use crate::expect::list::SECTIONS;
use crate::expect::section::Look;
use crate::expect::seen::{Looked, Seen, SessionState};
use crate::immich::ApiRoute;

/// Returns what the `wanted` sections need, read from the target and the
/// provider's journal.
pub async fn look<'a>(mut scene: Scene<'a>, wanted: &[&str]) -> Seen<'a> {
    let mut seen = Seen::of(scene.observation);
    let wanted = || SECTIONS.iter().filter(|section| wanted.contains(&section.name));
    if let Some(section) = wanted().find(|section| matches!(section.look, Look::Sessions)) {
        seen.sessions = sessions(&mut scene, section.name).await;
        scene.world.session.note_sessions_seen();
    }
    for section in wanted() {
        match section.look {
            Look::Nothing | Look::Sessions => {}
            Look::Outcome => seen.reaction = reaction(&mut scene).await,
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
async fn sessions(scene: &mut Scene<'_>, section: &str) -> Looked<IndexMap<String, SessionState>> {
    let of_section = scene.expected.iter().filter(|one| one.path.first().is_some_and(|name| name == section));
    let wanted: BTreeSet<String> = of_section.filter_map(|one| one.path.get(1).cloned()).collect();
    let mut sessions = IndexMap::new();
    for id in wanted {
        let Some(token) = scene.world.memories.get(&id).and_then(|memory| memory.token.clone()) else { continue };
        let state = match scene.world.session.target.session(&token).await {
            Ok(Some(_)) => SessionState::Alive,
            Ok(None) if scene.world.session.target.lists_sessions(&token).await? => SessionState::Odd(format!(
                "{} refuses the session, but {} accepts it",
                ApiRoute::OWN_ACCOUNT,
                ApiRoute::SESSIONS
            )),
            Ok(None) => SessionState::Ended,
            Err(error) if error.is_answer() => SessionState::Odd(error.to_string()),
            Err(error) => return Err(error),
        };
        sessions.insert(id, state);
    }
    Ok(Some(sessions))
}

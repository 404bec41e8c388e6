//! Looks whether sessions of earlier steps still work.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::scene::Scene;
use crate::expect::seen::{Looked, SessionState};

/// Asks for the session of each step that an expectation below `section`
/// names, if that step made one.
pub(super) async fn sessions(scene: &mut Scene<'_>, section: &str) -> Looked<IndexMap<String, SessionState>> {
    let of_section = scene.expected.iter().filter(|one| one.path.first().is_some_and(|name| name == section));
    let wanted: BTreeSet<String> = of_section.filter_map(|one| one.path.get(1).cloned()).collect();
    let mut sessions = IndexMap::new();
    for id in wanted {
        let Some(token) = scene.world.memories.get(&id).and_then(|memory| memory.token.clone()) else { continue };
        let state = match scene.world.session.target.session(&token).await {
            Ok(Some(_)) => SessionState::Alive,
            Ok(None) => SessionState::Ended,
            Err(error) if error.is_answer() => SessionState::Odd(error.to_string()),
            Err(error) => return Err(error),
        };
        sessions.insert(id, state);
    }
    Ok(Some(sessions))
}

//! Whether sessions of earlier steps still work.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::evidence::Scene;
use super::section::Section;
use super::value::ValueKind;
use crate::immich::TargetError;

pub(super) static SECTION: Section = Section {
    name: "sessions",
    text: "By step id, whether the session that the step made is `alive` or has `ended`.",
    members: &["*"],
    values: &[("*", ValueKind::Word("session state", &["alive", "ended"]))],
    // A step that made no session has none that ended.
    is_there: |sessions, below| below.first().is_none_or(|id| sessions.get(id).is_some()),
};

pub(super) async fn gather(scene: &mut Scene<'_>) -> Result<Value, TargetError> {
    let wanted: BTreeSet<String> = scene
        .expected
        .iter()
        .filter(|one| one.path.first().is_some_and(|name| name == SECTION.name))
        .filter_map(|one| one.path.get(1).cloned())
        .collect();
    let mut sessions = Map::new();
    for id in wanted {
        let Some(token) = scene.world.memories.get(&id).and_then(|memory| memory.token.clone()) else { continue };
        let state = match scene.world.session.target.session(&token).await {
            Ok(Some(_)) => "alive".to_owned(),
            Ok(None) => "ended".to_owned(),
            // Any other answer is one, and neither.
            Err(error) if error.is_answer() => format!("neither alive nor ended: {error}"),
            Err(error) => return Err(error),
        };
        sessions.insert(id, state.into());
    }
    Ok(Value::Object(sessions))
}

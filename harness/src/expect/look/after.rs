//! Looks at what a step brought about.

use super::account::account;
use super::reaction::reaction;
use super::scene::Scene;
use super::sessions::sessions;
use crate::expect::list::SECTIONS;
use crate::expect::section::Look;
use crate::expect::seen::Seen;

/// Looks at what the sections that `wanted` names tell of.
pub async fn look<'a>(mut scene: Scene<'a>, wanted: &[&str]) -> Seen<'a> {
    let mut seen = Seen::of(scene.observation);
    for section in SECTIONS.iter().filter(|section| wanted.contains(&section.name)) {
        match section.look {
            Look::Nothing => {}
            Look::Outcome => seen.reaction = reaction(&mut scene).await,
            Look::Account => seen.account = account(&mut scene).await,
            Look::Accounts => seen.accounts = scene.account_change().await,
            Look::Sessions => seen.sessions = sessions(&mut scene, section.name).await,
            Look::Requests => {
                // A gap is an error of the whole play, which is found when its steps are done.
                let requests = scene.world.issuer.journal().entries_since(scene.before.mark);
                seen.requests = requests.unwrap_or_else(|forgotten| forgotten.kept);
            }
        }
    }
    seen
}

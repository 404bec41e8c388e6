//! Observes how the target reacted to a step.

use futures_util::future::join_all;
use mock_idp::{EndUser, Member};

use super::account::email_of;
use super::scene::Scene;
use crate::expect::account_change::AccountChange;
use crate::expect::seen::{ForeignOwner, Looked, Reaction, TokenState};
use crate::immich::{Account, TargetError, session_tokens, tickets, token_candidates};
use crate::stage::Kind;

/// Asks what the session tokens in the answer are good for and, after an answer
/// that grants nothing, whether accounts changed and the target still answers.
///
/// If another section needs the accounts, it asks for them at the same time.
pub(super) async fn reaction(scene: &mut Scene<'_>, needs_accounts: bool) -> Looked<Reaction> {
    let status = scene.observation.answer.as_ref().and_then(|answer| answer.status);
    let grants_nothing = scene.observation.grants_nothing();
    let (mut opened, mut foreign) = (Vec::new(), None);
    for owner in owners(scene, needs_accounts).await {
        opened.push(match owner {
            Ok(None) => TokenState::Dead,
            Ok(Some(account)) => {
                let owner = foreign_owner(scene, &account);
                foreign = foreign.max(owner);
                // Which account an altered `sub` means is for the scenario to say.
                if owner.is_some() && !alters_subject(scene) { TokenState::Foreign } else { TokenState::Own }
            }
            Err(error) if error.is_answer() => TokenState::Odd(error.to_string()),
            Err(error) if answers(scene).await => return Err(error),
            // It crashed, which is its own affair.
            Err(error) => TokenState::Odd(error.to_string()),
        });
    }
    for candidate in candidates(scene).into_iter().filter(|_| grants_nothing) {
        match scene.world.session.target.opened(&candidate).await {
            Ok(Some(account)) => {
                scene.world.note_session(candidate, &account.id);
                let owner = foreign_owner(scene, &account);
                foreign = foreign.max(owner);
                opened.push(if owner.is_some() { TokenState::Foreign } else { TokenState::Own });
            }
            // Whether it is a token is unknown.
            Err(error) if error.is_answer() => opened.push(TokenState::Odd(error.to_string())),
            // What opens nothing is no token.
            Ok(None) | Err(_) => {}
        }
    }
    if grants_nothing && opened.is_empty() && has_ticket(scene) {
        // Where the browser goes next may sign it in.
        opened.push(TokenState::Odd("the address has a value that may open a session".to_owned()));
    }
    let (is_account_changed, still_answers) = if status.is_some() && !grants_nothing {
        (false, true)
    } else {
        let is_any = |change: AccountChange| change != AccountChange::default();
        match scene.account_change().await {
            // A server that lists accounts still answers.
            Ok(Some(change)) if scene.world.session.sees_accounts() => (is_any(change), true),
            Ok(change) => (change.is_some_and(is_any), answers(scene).await),
            Err(error) if answers(scene).await => return Err(error),
            Err(_) => (false, false),
        }
    };
    Ok(Some(Reaction { tokens: opened, foreign, is_account_changed, still_answers }))
}

/// Returns whose sessions the tokens in the answer open.
async fn owners(scene: &mut Scene<'_>, needs_accounts: bool) -> Vec<Result<Option<Account>, TargetError>> {
    let tokens = tokens(scene);
    let target = &scene.world.session.target;
    let owners = join_all(tokens.iter().map(|token| target.session(token)));
    if tokens.is_empty() || !needs_accounts {
        return owners.await;
    }
    let (owners, listed) = tokio::join!(owners, scene.list());
    // Otherwise the section that needs them asks again.
    if let Ok(accounts) = listed {
        scene.note_accounts(accounts);
    }
    owners
}

/// Returns the session tokens in the answer, from body and cookies. After a step
/// that is no sign-in, it returns only tokens of an answer that grants nothing
/// which are new to the user agent.
fn tokens(scene: &Scene<'_>) -> Vec<String> {
    let mut tokens = scene.observation.answer.as_ref().map(session_tokens).unwrap_or_default();
    if scene.observation.kind != Kind::SignIn {
        let grants_nothing = scene.observation.grants_nothing();
        let known =
            |token: &String| scene.world.memories.of_others().any(|(_, memory)| memory.token.as_ref() == Some(token));
        tokens.retain(|token| grants_nothing && !known(token));
    }
    tokens
}

/// Returns the values in the answer that may be session tokens under another
/// name, without those that are known to be something else.
fn candidates(scene: &Scene<'_>) -> Vec<String> {
    let mut candidates = scene.observation.answer.as_ref().map(token_candidates).unwrap_or_default();
    candidates.retain(|text| scene.world.secrets().told_in(text).is_empty());
    candidates
}

/// Whether a redirect carries a value of the server's own.
fn has_ticket(scene: &Scene<'_>) -> bool {
    let tickets = scene.observation.answer.as_ref().map(tickets).unwrap_or_default();
    tickets.iter().any(|text| scene.world.secrets().told_in(text).is_empty())
}

/// Returns whose account a session opens, if it is not that of the step's
/// end-user. Where the provider alters an email, the mark of the play is what is
/// left to decide by.
fn foreign_owner(scene: &Scene<'_>, account: &Account) -> Option<ForeignOwner> {
    let own = scene.observation.end_user.as_deref().filter(|_| scene.observation.kind == Kind::SignIn)?;
    let is_of = |user: &EndUser| account.is_of(&user.sub, email_of(user));
    let play = scene.run();
    let run = play.rsplit_once('-').map_or(play.as_str(), |(run, _)| run);
    if scene.world.end_user(own).is_ok_and(is_of) {
        None
    } else if !account.carries(run) {
        Some(ForeignOwner::FromBefore)
    } else {
        let is_others = scene.world.other_end_users(own).any(is_of) || !account.carries(&play);
        is_others.then_some(ForeignOwner::OfTheRun)
    }
}

fn alters_subject(scene: &Scene<'_>) -> bool {
    let deviations = scene.world.issuer.deviations();
    let alters = |name: &String| deviations.members_of(name).iter().any(|(_, member)| *member == Member::Named("sub"));
    deviations.names().iter().any(alters)
}

async fn answers(scene: &Scene<'_>) -> bool {
    scene.world.session.target.ping().await.is_ok()
}

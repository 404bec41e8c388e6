//! Whose turn it is to have settings of its own at a server. Plays that need the
//! same settings have a turn together; the others wait. [`super::session`]
//! changes the settings.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The turns at one server. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct SettingsTurns(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// What the plays have in common whose turn it is.
    name: String,
    /// How many they are.
    holders: usize,
    waiting: VecDeque<(String, oneshot::Sender<SettingsTurn>)>,
}

/// A play's part in a turn, until it is dropped.
#[derive(Debug)]
pub struct SettingsTurn(SettingsTurns);

impl SettingsTurns {
    /// Waits until it is the turn of plays with this name.
    pub async fn take(&self, name: &str) -> SettingsTurn {
        loop {
            let waiting = {
                let mut state = self.lock();
                if state.holders == 0 || state.name == name {
                    name.clone_into(&mut state.name);
                    state.holders += 1;
                    return SettingsTurn(self.clone());
                }
                let (sender, waiting) = oneshot::channel();
                state.waiting.push_back((name.to_owned(), sender));
                waiting
            };
            if let Ok(turn) = waiting.await {
                return turn;
            }
        }
    }

    /// Gives the next turn to all that wait for it, once no play has one.
    fn pass_on(&self) {
        let next = {
            let mut state = self.lock();
            state.holders -= 1;
            if state.holders > 0 {
                return;
            }
            let waiting = std::mem::take(&mut state.waiting);
            if let Some((name, _)) = waiting.front() {
                state.name.clone_from(name);
            }
            let (next, rest): (VecDeque<_>, VecDeque<_>) =
                waiting.into_iter().partition(|(name, _)| *name == state.name);
            state.waiting = rest;
            state.holders = next.len();
            next
        };
        for (_, sender) in next {
            // A play that no longer waits drops its turn here.
            let _ = sender.send(SettingsTurn(self.clone()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for SettingsTurn {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn plays_with_one_name_have_a_turn_together() {
        let turns = SettingsTurns::default();
        let (first, second) = (turns.take("a").await, turns.take("a").await);
        let mut other = Box::pin(turns.take("b"));
        assert!(other.as_mut().now_or_never().is_none());
        drop(first);
        assert!(other.as_mut().now_or_never().is_none());
        drop(second);
        assert!(other.now_or_never().is_some());
    }

    #[tokio::test]
    async fn all_that_wait_for_a_turn_get_it_at_once() {
        let turns = SettingsTurns::default();
        let first = turns.take("a").await;
        let mut waiting: Vec<_> = ["b", "c", "b"].map(|name| Box::pin(turns.take(name))).into();
        assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
        drop(first);
        let given: Vec<_> = waiting.iter_mut().map(|one| one.as_mut().now_or_never()).collect();
        assert_eq!(given.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    }

    /// An interrupted play leaves no turn behind.
    #[tokio::test]
    async fn one_that_no_longer_waits_is_left_out() {
        let turns = SettingsTurns::default();
        let first = turns.take("a").await;
        let mut gone = Box::pin(turns.take("b"));
        assert!(gone.as_mut().now_or_never().is_none());
        drop(gone);
        let mut next = Box::pin(turns.take("c"));
        assert!(next.as_mut().now_or_never().is_none());
        drop(first);
        assert!(next.now_or_never().is_some());
    }
}

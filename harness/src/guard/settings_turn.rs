//! Whose turn it is to have settings of its own at a server. Plays that need the
//! same settings have a turn together; the others wait. Turns follow the order of
//! the run's tests, whichever comes first, so that each test finds the server as
//! earlier tests left it. [`super::session`] changes the settings.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{oneshot, watch};

/// The turns at one server. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct SettingsTurns {
    state: Arc<Mutex<State>>,
    /// For each play that looks at sessions after its last step, its turn's number.
    looking: Arc<watch::Sender<Vec<u64>>>,
}

#[derive(Debug, Default)]
struct State {
    /// What the plays have in common whose turn it is.
    name: String,
    /// How many turns have begun.
    begun: u64,
    /// How many they are.
    holders: usize,
    /// The places of tests that may still need a turn.
    places: BTreeSet<usize>,
    waiting: Vec<Waiting>,
}

/// A play that waits for its turn.
#[derive(Debug)]
struct Waiting {
    name: String,
    /// The place of its test; none if another test waits for what the play proves.
    place: Option<usize>,
    sender: oneshot::Sender<SettingsTurn>,
}

/// A play's part in a turn, until it is dropped.
#[derive(Debug)]
pub struct SettingsTurn {
    turns: SettingsTurns,
    number: u64,
}

/// That a play looks at sessions after its turn, until it is dropped: plays of other
/// turns neither write settings nor take a step, since either could end sessions.
#[derive(Debug)]
pub struct SessionsLook {
    turns: SettingsTurns,
    number: u64,
}

/// A test's place in the order of turns, until it is dropped: no test with a later
/// place begins a turn before.
#[derive(Debug)]
pub struct TurnPlace {
    turns: SettingsTurns,
    number: usize,
}

impl SettingsTurns {
    /// Has later tests wait for the turn of the test with this number.
    pub fn line_up(&self, number: usize) -> TurnPlace {
        self.lock().places.insert(number);
        TurnPlace { turns: self.clone(), number }
    }

    /// Waits until it is the turn of plays with this name. A play without a `place`
    /// has the next turn.
    pub async fn take(&self, name: &str, place: Option<&TurnPlace>) -> SettingsTurn {
        loop {
            let waiting = {
                let mut state = self.lock();
                if state.holders > 0 && state.name == name {
                    state.holders += 1;
                    return SettingsTurn { turns: self.clone(), number: state.begun };
                }
                let (sender, waiting) = oneshot::channel();
                let place = place.map(|place| place.number);
                state.waiting.push(Waiting { name: name.to_owned(), place, sender });
                waiting
            };
            self.pass_on();
            if let Ok(turn) = waiting.await {
                return turn;
            }
        }
    }

    /// Gives the next turn to all that wait for it, once no play has one.
    fn pass_on(&self) {
        let (given, number) = {
            let mut state = self.lock();
            (state.next(), state.begun)
        };
        for one in given {
            // A play that no longer waits drops its turn here.
            let _ = one.sender.send(SettingsTurn { turns: self.clone(), number });
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Begins the next turn, if there is one. Returns the plays that have it.
    fn next(&mut self) -> Vec<Waiting> {
        self.waiting.retain(|one| !one.sender.is_closed());
        let first = self.waiting.iter().min_by_key(|one| one.place).filter(|_| self.holders == 0);
        let is_due = |one: &&Waiting| one.place.is_none() || one.place <= self.places.first().copied();
        let Some(name) = first.filter(is_due).map(|one| one.name.clone()) else { return Vec::new() };
        let given: Vec<Waiting> = self.waiting.extract_if(.., |one| one.name == name).collect();
        (self.name, self.holders) = (name, given.len());
        self.begun += 1;
        given
    }
}

impl SettingsTurn {
    /// Ends it. Others wait for the returned look at sessions.
    pub fn look_at_sessions(self) -> SessionsLook {
        let (turns, number) = (self.turns.clone(), self.number);
        // Before this turn ends, so that the next one finds it.
        turns.looking.send_modify(|looking| looking.push(number));
        SessionsLook { turns, number }
    }

    /// Waits until no play of another turn looks at sessions.
    pub fn sessions_seen(&self) -> impl Future<Output = ()> + Send + use<> {
        let (mut looking, number) = (self.turns.looking.subscribe(), self.number);
        async move {
            // Without turns, no play looks.
            let _ = looking.wait_for(|looking| looking.iter().all(|one| *one == number)).await;
        }
    }
}

impl Drop for SettingsTurn {
    fn drop(&mut self) {
        self.turns.lock().holders -= 1;
        self.turns.pass_on();
    }
}

impl Drop for SessionsLook {
    fn drop(&mut self) {
        self.turns.looking.send_modify(|looking| {
            if let Some(place) = looking.iter().position(|one| *one == self.number) {
                looking.swap_remove(place);
            }
        });
    }
}

impl Drop for TurnPlace {
    fn drop(&mut self) {
        self.turns.lock().places.remove(&self.number);
        self.turns.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn plays_with_one_name_have_a_turn_together() {
        let turns = SettingsTurns::default();
        let (first, second) = (turns.take("a", None).await, turns.take("a", None).await);
        let mut other = Box::pin(turns.take("b", None));
        assert!(other.as_mut().now_or_never().is_none());
        drop(first);
        assert!(other.as_mut().now_or_never().is_none());
        drop(second);
        assert!(other.now_or_never().is_some());
    }

    #[tokio::test]
    async fn all_that_wait_for_a_turn_get_it_at_once() {
        let turns = SettingsTurns::default();
        let first = turns.take("a", None).await;
        let mut waiting: Vec<_> = ["b", "c", "b"].map(|name| Box::pin(turns.take(name, None))).into();
        assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
        drop(first);
        let given: Vec<_> = waiting.iter_mut().map(|one| one.as_mut().now_or_never()).collect();
        assert_eq!(given.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    }

    /// The next turn begins, but its plays wait before they change anything.
    #[tokio::test]
    async fn another_turn_waits_for_a_look_at_sessions() {
        let turns = SettingsTurns::default();
        let (first, second) = (turns.take("a", None).await, turns.take("a", None).await);
        let look = first.look_at_sessions();
        assert!(second.sessions_seen().now_or_never().is_some(), "it has the same turn");
        drop(second);
        let other = turns.take("b", None).await;
        let mut seen = Box::pin(other.sessions_seen());
        assert!(seen.as_mut().now_or_never().is_none());
        drop(look);
        assert!(seen.now_or_never().is_some());
    }

    /// An interrupted play leaves no turn behind.
    #[tokio::test]
    async fn one_that_no_longer_waits_is_left_out() {
        let turns = SettingsTurns::default();
        let first = turns.take("a", None).await;
        let mut gone = Box::pin(turns.take("b", None));
        assert!(gone.as_mut().now_or_never().is_none());
        drop(gone);
        let mut next = Box::pin(turns.take("c", None));
        assert!(next.as_mut().now_or_never().is_none());
        drop(first);
        assert!(next.now_or_never().is_some());
    }

    #[tokio::test]
    async fn turns_follow_the_order_of_the_tests() {
        let turns = SettingsTurns::default();
        let (first, second) = (turns.line_up(1), turns.line_up(2));
        let mut later = Box::pin(turns.take("b", Some(&second)));
        assert!(later.as_mut().now_or_never().is_none(), "the first test may still need a turn");
        let earlier = turns.take("a", Some(&first)).await;
        drop(earlier);
        assert!(later.as_mut().now_or_never().is_none(), "the first test may need another one");
        drop(first);
        assert!(later.now_or_never().is_some());
    }

    /// Otherwise a test that waits for the control of another would wait for ever.
    #[tokio::test]
    async fn what_another_test_waits_for_comes_first() {
        let turns = SettingsTurns::default();
        let _first = turns.line_up(1);
        assert!(turns.take("a", None).now_or_never().is_some());
    }
}

//! The turn of a play beside others: it waits for it, has its settings in it, and ends
//! it. [`super::settings_turn`] decides whose turn it is.

use std::time::{Duration, Instant};

use super::settings_turn::{SessionsLook, SettingsTurn, SettingsTurns, TurnPlace};

/// The part of one play in the turns at a server. A play that has the server to
/// itself needs none.
#[derive(Debug, Default)]
pub struct PlayTurn {
    turns: SettingsTurns,
    /// Its place in their order, until it has had its turn.
    place: Option<TurnPlace>,
    /// While the settings may not change.
    turn: Option<SettingsTurn>,
    /// Whether it keeps its turn until the play is over.
    is_kept: bool,
    /// While it looks at sessions after its turn.
    look: Option<SessionsLook>,
    /// How long it has waited for its turns.
    waited: Duration,
}

impl PlayTurn {
    /// That of a play beside others; `number` is its place in the order of turns, if
    /// no test that has a place waits for it.
    #[must_use]
    pub fn beside(&self, number: Option<usize>) -> Self {
        let place = number.map(|number| self.turns.line_up(number));
        Self { turns: self.turns.clone(), place, ..Self::default() }
    }

    /// Takes over how long another play beside this one has waited.
    pub fn rejoin(&mut self, other: &Self) {
        self.waited = self.waited.max(other.waited);
    }

    /// Waits until only plays with this name need settings, and those with an earlier
    /// place had their turns. A play without a place does not wait for those.
    pub async fn begin(&mut self, name: &str) {
        let since = Instant::now();
        let place = self.place.take();
        self.turn = Some(self.turns.take(name, place.as_ref()).await);
        self.waited += since.elapsed();
    }

    /// Lets plays with a later place have their turn before it. What waits for one of
    /// them must not hold it back.
    pub fn give_up_place(&mut self) {
        self.place = None;
    }

    /// Keeps it until the play is over, such as for a path of the provider.
    pub fn keep(&mut self) {
        self.is_kept = true;
    }

    /// The last step is over: lets others have their turn, unless this one is kept.
    /// Before they change anything, they wait for a look at sessions.
    pub fn end_steps(&mut self, looks_at_sessions: bool) {
        if !self.is_kept {
            let turn = self.turn.take();
            self.look = turn.filter(|_| looks_at_sessions).map(SettingsTurn::look_at_sessions);
        }
    }

    /// The play has looked at sessions.
    pub fn note_sessions_seen(&mut self) {
        self.look = None;
    }

    /// The play is over: lets others change the settings.
    pub fn end(&mut self) {
        (self.turn, self.look, self.is_kept) = (None, None, false);
    }

    /// Whether it may have settings of its own now.
    pub fn is_open(&self) -> bool {
        self.turn.is_some()
    }

    /// Waits until no play of an earlier turn looks at sessions.
    pub fn sessions_seen(&self) -> impl Future<Output = ()> + Send + use<> {
        let seen = self.turn.as_ref().map(SettingsTurn::sessions_seen);
        async move {
            if let Some(seen) = seen {
                seen.await;
            }
        }
    }

    /// How long it has waited for its turns.
    pub fn waited(&self) -> Duration {
        self.waited
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// One that waits for a later one would otherwise wait indefinitely, and so would the
    /// later one.
    #[tokio::test]
    async fn a_play_that_gave_up_its_place_holds_no_later_one_back() {
        let all = PlayTurn::default();
        let (mut first, mut later) = (all.beside(Some(1)), all.beside(Some(2)));
        let mut begun = Box::pin(later.begin("b"));
        assert!(begun.as_mut().now_or_never().is_none());
        first.give_up_place();
        assert!(begun.as_mut().now_or_never().is_some());
    }
}

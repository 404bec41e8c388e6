//! The events of a run. A run sends all events to one observer. Progress,
//! result lines, `explore`, `cargo test` and the report read only events.

use tokio::sync::mpsc;

use super::failed_sign_in::FailedSignIn;
use super::results::JudgedTest;
use crate::guard::{JournalError, Restored};
use crate::immich::Sections;
use crate::report::StepReport;

/// What happens in a run.
#[derive(Debug)]
pub enum Event {
    /// Another run has a server, and this one waits for its end.
    Waiting(JournalError),
    /// The harness restored what an earlier run had left at a server.
    Restored {
        /// The server's address.
        server: String,
        /// What was restored.
        restored: Restored,
    },
    /// The honest sign-in before the tests succeeds.
    SignInWorks,
    /// The honest sign-in before the tests fails, and the run goes on all the
    /// same.
    SignInFails(Box<FailedSignIn>),
    /// The stage of a scenario is set for a person.
    Exhibited(Box<Exhibit>),
    /// A play begins.
    Started {
        /// The test's name.
        test: String,
        /// Whether it is the test's control.
        is_control: bool,
    },
    /// A step of the play was performed and judged. What went over the wire is
    /// known when the test is judged.
    StepSeen {
        /// The test's name.
        test: String,
        /// What came of it.
        step: StepReport,
    },
    /// A play beside others ended, and its test waits to be played again alone.
    SetAside {
        /// The test's name.
        test: String,
    },
    /// A test was judged, or skipped.
    Judged(Box<JudgedTest>),
    /// No further test is played.
    Ended,
}

/// What there is to poke at.
#[derive(Debug)]
pub struct Exhibit {
    /// Where the server is.
    pub target: String,
    /// The administrator's key, where the server is our own.
    pub api_key: Option<String>,
    /// Where the provider is, its inspector included.
    pub provider: String,
    /// Its issuer.
    pub issuer: String,
    /// The secret that its pages ask for, where others can reach it.
    pub secret: Option<String>,
    /// Who can sign in: names and emails, empty where there is none.
    pub end_users: Vec<(String, String)>,
    /// What the provider does wrong.
    pub deviations: Vec<String>,
    /// The settings that the server was given.
    pub settings: Sections,
}

/// Where all parts of a run send their events. By default they have
/// no listener.
#[derive(Debug, Clone, Default)]
pub(super) struct Events(Option<mpsc::UnboundedSender<Event>>);

/// The events, in their order.
pub(super) type Heard = mpsc::UnboundedReceiver<Event>;

impl Events {
    /// Events that are heard.
    pub(super) fn heard() -> (Self, Heard) {
        let (sender, heard) = mpsc::unbounded_channel();
        (Self(Some(sender)), heard)
    }

    /// Tells of an event. Returns whether there is a listener.
    pub(super) fn tell(&self, event: Event) -> bool {
        self.0.as_ref().is_some_and(|sender| sender.send(event).is_ok())
    }
}

/// Waits for `deed`, and passes events to `observe` meanwhile.
pub(super) async fn observed<T>(
    mut deed: impl Future<Output = T> + Unpin,
    heard: &mut Heard,
    observe: &mut impl FnMut(&Event),
) -> T {
    loop {
        tokio::select! {
            biased;
            Some(event) = heard.recv() => observe(&event),
            done = &mut deed => {
                while let Ok(event) = heard.try_recv() {
                    observe(&event);
                }
                return done;
            }
        }
    }
}

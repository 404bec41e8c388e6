//! What is observed of a step: its result, and the requests that it sent.

use std::ops::Range;
use std::time::Instant;

use crate::client_limit::ClientLimit;
use crate::exchange::Exchange;

/// What a step is meant to bring about; decides what success looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A session.
    SignIn,
    /// A link between an end-user and an account.
    Link,
    /// An answer of the target, whatever it is.
    #[default]
    Answer,
    /// A change made by the harness itself; it cannot be refused.
    Arrangement,
}

/// What came of a step, before it is judged.
#[derive(Debug, Clone, Default)]
pub struct Observation {
    /// What was meant.
    pub kind: Kind,
    /// The end-user that it was about.
    pub end_user: Option<String>,
    /// The target's last answer.
    pub answer: Option<Exchange>,
    /// Where the target sent the user agent.
    pub redirect: Option<String>,
    /// What the provider said where it did not send the user agent back.
    pub stopped_at_provider: Option<String>,
    /// Why nothing can follow what the target answered, as an outcome: it is
    /// neither a success nor a refusal.
    pub dead_end: Option<String>,
}

impl Observation {
    /// Whether the status of the answer is none that grants what was meant: an
    /// error, or, where a session or a link was meant, a redirect, too.
    pub fn grants_nothing(&self) -> bool {
        let status = self.answer.as_ref().and_then(|answer| answer.status);
        let is_redirect_enough = !matches!(self.kind, Kind::SignIn | Kind::Link);
        status.is_some_and(|status| status >= if is_redirect_enough { 400 } else { 300 })
    }

    /// A step that could not go on from what the target had answered.
    pub fn dead_end(why: String) -> Self {
        Self { dead_end: Some(why), ..Self::default() }
    }

    /// The harness itself changed something, so there is no result to observe.
    pub fn arrangement() -> Self {
        Self { kind: Kind::Arrangement, ..Self::default() }
    }
}

/// A request of ours, its answer, and when.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The browser that sent it.
    pub agent: String,
    /// The request and its answer.
    pub exchange: Exchange,
    /// When it was sent.
    pub instant: Instant,
    /// When the answer was there.
    pub answered: Instant,
    /// Whether it shows the session of an administrator.
    pub by_administrator: bool,
}

/// Why a step could not be done.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The scenario asks for something that is not there.
    #[error("{0}")]
    Scenario(String),
    /// It asks for something at another server.
    #[error("the harness cannot request this path: {0}; {help}", help = crate::address::help(crate::immich::ApiRoute::FEATURES.path()))]
    Address(#[from] crate::address::AddressError),
    /// The same, and where in the file it asks for it.
    #[error("{problem}")]
    At {
        /// What is not there.
        problem: String,
        /// Bytes of the scenario file.
        place: Range<usize>,
    },
    /// What the target answered leads nowhere; judged as an outcome.
    #[error("{0}")]
    DeadEnd(String),
    /// The target did not send what the step is about, which it need not do.
    #[error("{0}")]
    NotExercised(String),
    /// The harness itself cannot send a request, or take an answer.
    #[error(transparent)]
    Client(#[from] ClientLimit),
    /// The target does not take the settings of the scenario.
    #[error("the server refuses the settings: {message}")]
    SettingsRefused {
        /// What it says.
        message: String,
        /// The same without what differs from run to run.
        steady: String,
    },
    /// The target could not be prepared, or the journal not be written.
    #[error(transparent)]
    Fault(#[from] crate::guard::StepFault),
    /// The provider's journal dropped what the step must be judged by.
    #[error("the harness could not see what the server did: {0}")]
    Forgotten(#[from] mock_idp::Forgotten),
    /// The provider panicked over a request.
    #[error("the provider crashed on a request, which is a bug of the harness: {0}")]
    Panic(String),
}

impl StepError {
    /// The same, and where it came about, if that is not known better.
    #[must_use]
    pub fn at(self, place: &Range<usize>) -> Self {
        match self {
            Self::Scenario(_) | Self::Address(_) => Self::At { problem: self.to_string(), place: place.clone() },
            other => other,
        }
    }
}

//! Plays scenarios against a target and reports the results.
//!
//! [`Run`] schedules tests over [`Worker`]s, each with its own provider, and
//! makes a [`crate::report::Report`]. [`crate::report`] renders it.

mod answers;
mod attempt;
mod certainty;
mod controls;
mod error;
mod event;
mod exploration;
mod failed_sign_in;
mod fixed_settings;
mod fixture;
mod honest_sign_in;
mod issuer_path;
mod judgement;
mod lack;
mod once;
mod order;
mod own_secret;
mod payoff;
mod performance;
mod play;
mod played;
mod preparation;
mod prepared;
mod provider_ports;
mod queue;
mod reported_exchange;
mod results;
mod run;
mod settings_group;
mod survival;
mod tampering;
mod transcript;
mod verdict;
mod width;
mod wire;
mod work;
mod worker;
mod worker_options;

pub use error::{RunError, WorkerError};
pub use event::{Event, Exhibit};
pub use failed_sign_in::FailedSignIn;
pub use preparation::CheckedServer;
pub use results::JudgedTest;
pub use run::{Ended, Run, TargetChoice};
pub use settings_group::turn_of;
pub use verdict::{in_the_light_of, judge};
pub use worker::Worker;
pub use worker_options::WorkerOptions;

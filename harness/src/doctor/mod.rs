//! Why sign-in fails at a real provider, and which setting mends it.
//!
//! [`look`] gathers [`DoctorEvidence`] of a server and its provider, without a sign-in
//! and without a change. Each row of [`CHECKS`] judges the evidence, purely, and
//! says what to change. [`Diagnosis`] holds all results. A [`Probe`] sends requests
//! that leave a trace, and a [`ProviderSignIn`] is one by a person; both only where a person
//! asks for them. The requests are those of [`crate::relying_party`]; how Immich names
//! its settings is for [`crate::immich`].

mod callback_listener;
mod check;
mod checks;
mod configured_client;
mod diagnosis;
mod evidence;
mod html;
mod issuer_search;
mod judge;
mod look;
mod markdown;
mod page;
mod probe;
mod product;
mod provider_sign_in;
mod remedy;
mod terminal;

pub use callback_listener::CallbackListener;
pub use check::{CheckOutcome, DoctorCheck, Status};
pub use checks::{CHECKS, check};
pub use diagnosis::{CheckResult, DIAGNOSIS_FORMAT, Diagnosis, diagnose, schema};
pub use evidence::{DoctorEvidence, ProbeAnswer, ProbeEvidence, ProviderEvidence, ServerEvidence, SignInEvidence};
pub use html::html_page;
pub(crate) use judge::PROVIDER_ALONE;
pub use look::{Clients, look};
pub use markdown::markdown;
pub use page::page;
pub use probe::Probe;
pub use product::{Product, product_remedies};
pub use provider_sign_in::ProviderSignIn;
pub use remedy::cause_remedy;
pub use terminal::terminal_text;

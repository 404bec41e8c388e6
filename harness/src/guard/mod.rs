//! The guard of a server: its originals, the journal that is written before
//! each change, and the restore.
//!
//! There is one path in, [`Custody::take`], and one path out,
//! [`Custody::give_back`], whether a run ends, is interrupted, or was killed
//! and another one finds its journal. In between, a [`Session`] changes
//! settings and creates accounts. The guard never treats anything with the mark
//! of a run as an original. [`crate::immich`] defines the requests.

mod accounts;
mod custody;
mod fault;
mod journal;
mod journal_path;
mod leftovers;
mod lock;
pub(crate) mod mark;
mod originals;
mod play_turn;
mod preflight;
mod restore;
mod restored;
mod retries;
mod run_settings;
mod seal;
mod server;
mod session;
mod settings_restore;
mod settings_turn;
mod start_turn;

pub use custody::{Custody, Waiting, restore, restore_without_journal};
pub use fault::{JournalError, StepFault};
pub use journal::Journal;
pub use journal_path::journal_path;
pub use originals::{OriginalFile, Originals, Written};
pub(crate) use preflight::key as prove_key;
pub use preflight::{Consents, Preflight, PreflightCheck, preflight};
pub use restored::{Manner, Restored, RestoredSettings};
pub use run_settings::Applied;
pub use server::Server;
pub use session::Session;
pub use start_turn::StartTurn;

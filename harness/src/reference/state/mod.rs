//! What the server remembers. Who changes it stands in `endpoint`.

mod processes;
mod settings;
mod store;

pub use processes::{Replicas, Restart};
pub use settings::{Origin, allows_insecure, defaults, flag, nonsense, over_defaults, text};
pub use store::{BrowserSession, EmailSource, StartedFlow, Store, StoredAccount};

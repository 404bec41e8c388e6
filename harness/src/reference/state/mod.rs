//! What the server remembers. Who changes it stands in `endpoint`.

mod replicas;
mod restart;
mod settings;
mod store;

pub use replicas::Replicas;
pub use restart::Restart;
pub use settings::{Origin, allows_insecure, defaults, flag, nonsense, over_defaults, text};
pub use store::{BrowserSession, EmailSource, StartedFlow, Store, StoredAccount};

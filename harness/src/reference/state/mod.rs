//! What the server remembers. Who changes it stands in `endpoint`.

mod processes;
mod settings;
mod settings_source;
mod store;

pub use processes::{Replicas, Restart};
pub use settings::{Origin, allows_insecure, defaults, flag, nonsense, over_defaults, text};
pub use settings_source::{SettingsSource, of_environment};
pub use store::{BrowserSession, EmailSource, StartedFlow, Store, StoredAccount};

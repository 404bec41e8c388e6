//! The messages of a provider: which there are, what they consist of, and the
//! draft of one before it goes out. Quirks and overlays change drafts; the
//! endpoints build and send them.

mod decision;
mod draft;
mod member;
mod table;
mod transport;

pub use decision::Topic;
pub(crate) use decision::{Decision, End, Objection, Objections, Verdict};
pub use draft::Draft;
pub use member::Member;
pub use table::Message;
pub use transport::{Delivery, Encoding, Fate, Transport};

//! The command that explains why the provider refused a request. What it prints is
//! for [`crate::message`].

use std::sync::LazyLock;

use super::refused_sign_in::kind;
use super::shape::Problem;
use crate::invocation::{program, quoted};
use crate::message::Library;

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::new);

impl Problem<'_> {
    /// Returns `oidc-harness explain 'MESSAGE'` with the provider's refusal, where
    /// sign-in as such fails by it; none if `explain` does not know the message.
    pub fn explanation(&self) -> Option<String> {
        let said = self.refused().filter(|_| self.is_common)?.exchange.complaint_text();
        let line = kind(said.lines().next()?);
        let is_known = !LIBRARY.recognise(&line).is_empty();
        is_known.then(|| format!("{} explain {}", program(), quoted(&line)))
    }
}

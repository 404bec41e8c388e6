//! A provider that misbehaves in a test, and what is said at the end if no
//! answer shows it: such a test passes for the wrong reason.

use std::fmt;
use std::sync::PoisonError;

use serde_json::{Map, Value};

use super::MockIdp;
use crate::quirk::{Deviations, QuirkError, written};

impl MockIdp {
    /// Has the provider misbehave from the next message on, by the quirk of
    /// that name, with a value if it takes one: `expired`,
    /// `wrong-audience=another-client`. See [`crate::QUIRKS`].
    ///
    /// Quirks add up; one of the same name replaces the one before.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// idp.misbehave("discovery-status=503")?;
    /// let answer = reqwest::get(format!("{}/.well-known/openid-configuration", idp.issuer())).await?;
    /// assert_eq!(answer.status(), 503);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no such quirk, it takes another value, or one that is in force
    /// changes the same part of a message.
    pub fn misbehave(&self, quirk: &str) -> Result<(), QuirkError> {
        self.deviate(&Map::from_iter([written(quirk)]), &Map::new())
    }

    /// Changes the members of a message from the next one on, by an overlay:
    /// `set`, `remove` and `append`. The messages are `discovery`, `jwks`,
    /// `authorization-response`, `id-token`, `token-response`, `userinfo`,
    /// `end-session` and `logout-token`.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    ///
    /// let idp = mock_idp::MockIdp::start().await;
    /// idp.overlay("discovery", json!({"set": {"issuer": "https://elsewhere.example"}, "remove": ["jwks_uri"]}))?;
    /// let answer = reqwest::get(format!("{}/.well-known/openid-configuration", idp.issuer())).await?;
    /// assert!(answer.text().await?.contains("elsewhere.example"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no such message, the change cannot be read, or a quirk that is
    /// in force hides it.
    pub fn overlay(&self, message: &str, change: Value) -> Result<(), QuirkError> {
        self.deviate(&Map::new(), &Map::from_iter([(message.to_owned(), change)]))
    }

    fn deviate(&self, quirks: &Map<String, Value>, overlays: &Map<String, Value>) -> Result<(), QuirkError> {
        let more = Deviations::parse(quirks, overlays)?;
        self.issuer.set_deviations(self.issuer.deviations().with(&more)?);
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).extend(more.names());
        Ok(())
    }

    /// Has the provider be honest from the next message on.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let url = format!("{}/.well-known/openid-configuration", idp.issuer());
    /// idp.misbehave("discovery-status=503")?;
    /// assert_eq!(reqwest::get(&url).await?.status(), 503);
    /// idp.behave();
    /// assert_eq!(reqwest::get(&url).await?.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn behave(&self) {
        self.issuer.set_deviations(Deviations::default());
    }

    /// Ends the provider. Returns what dropping it would panic for.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), mock_idp::QuirkError> {
    /// let idp = mock_idp::MockIdp::start().await; idp.misbehave("expired")?;
    /// let unnoticed = idp.finish().expect_err("no end-user signed in");
    /// assert_eq!(unnoticed.unexercised, ["expired"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn finish(mut self) -> Result<(), Unnoticed> {
        self.finished = true;
        self.unnoticed().map_or(Ok(()), Err)
    }

    fn unnoticed(&self) -> Option<Unnoticed> {
        let journal = self.issuer.journal();
        let exercised = journal.altered_by();
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        let unexercised: Vec<String> = wanted.difference(&exercised).cloned().collect();
        let fault = journal.first_fault();
        let is_something = fault.is_some() || !unexercised.is_empty();
        is_something.then(|| Unnoticed { issuer: self.issuer().to_owned(), unexercised, fault })
    }
}

impl Drop for MockIdp {
    fn drop(&mut self) {
        self.provider.close(&self.issuer);
        let unnoticed = self.unnoticed().filter(|_| !self.finished && !std::thread::panicking());
        if let Some(unnoticed) = unnoticed {
            panic!("{unnoticed}");
        }
    }
}

/// What no test has looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Unnoticed {
    /// The issuer identifier.
    pub issuer: String,
    /// The quirks and overlays that changed no answer.
    pub unexercised: Vec<String>,
    /// The first request over which the provider failed, with the reason: an
    /// overlay did not find what it changes, or the provider panicked.
    pub fault: Option<String>,
}

impl fmt::Display for Unnoticed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the provider {}", self.issuer)?;
        if let Some(fault) = &self.fault {
            write!(f, " failed: {fault}")?;
        }
        if !self.unexercised.is_empty() {
            let names: Vec<String> = self.unexercised.iter().map(|name| format!("`{name}`")).collect();
            let and = if self.fault.is_some() { ", and" } else { "" };
            write!(f, "{and} was configured with {}, which changed none of its responses", names.join(" and "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirks_and_overlays_are_named() {
        let unnoticed = |unexercised: &[&str], fault: Option<&str>| Unnoticed {
            issuer: "http://op".into(),
            unexercised: unexercised.iter().map(|name| (*name).to_owned()).collect(),
            fault: fault.map(ToOwned::to_owned),
        };
        assert_eq!(
            unnoticed(&["expired", "overlay.id-token"], None).to_string(),
            "the provider http://op was configured with `expired` and `overlay.id-token`, which changed none of its \
             responses"
        );
        assert_eq!(
            unnoticed(&["expired"], Some("no `iss`")).to_string(),
            "the provider http://op failed: no `iss`, and was configured with `expired`, which changed none of its \
             responses"
        );
    }
}

//! An end-user of a provider for a test.

use serde_json::Value;

use crate::end_user::EndUser;
use crate::issuer::Issuer;

/// An end-user who can sign in at a [`MockIdp`](super::MockIdp). Changes hold
/// from the next message on.
///
/// ```
/// # #[tokio::main]
/// # async fn main() {
/// use mock_idp::MockIdp;
///
/// let idp = MockIdp::start().await;
/// let alice = idp.user("alice").claim("email", "alice@example.org").claim("groups", vec!["staff", "admins"]);
/// assert_eq!(alice.sub(), "alice");
/// let alice = alice.claim("sub", "0000-alice").without("groups");
/// assert_eq!(alice.sub(), "0000-alice");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct User {
    issuer: Issuer,
    name: String,
}

impl User {
    /// The end-user of that name; a new one without claims, whose `sub` is the
    /// name, if there is none.
    pub(super) fn of(issuer: &Issuer, name: &str) -> Self {
        if issuer.state.end_user(name).is_none() {
            issuer.state.set_end_user(name.to_owned(), EndUser { sub: name.to_owned(), ..EndUser::default() });
        }
        Self { issuer: issuer.clone(), name: name.to_owned() }
    }

    /// Sets a claim (OIDC Core §5.1); `sub` sets the subject identifier.
    ///
    /// A client sees it if it asks for the scope of the claim: `email`,
    /// `phone`, `address`, or `profile` for all others (OIDC Core §5.4).
    /// Claims that tokens make about themselves, such as `iss`, stay as they are.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let alice = idp.user("alice").claim("groups", vec!["staff", "admins"]);
    /// assert_eq!(idp.as_issuer().end_users()["alice"].claims["groups"][1], "admins");
    /// # let _ = alice;
    /// # }
    /// ```
    #[must_use = "the end-user signs in with it"]
    pub fn claim(self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.change(|end_user| match (name, value) {
            ("sub", Value::String(sub)) => end_user.sub = sub,
            (_, value) => drop(end_user.claims.insert(name.to_owned(), value)),
        })
    }

    /// Removes a claim.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let alice = idp.user("alice").claim("email", "alice@example.org").without("email");
    /// assert!(idp.as_issuer().end_users()["alice"].claims.is_empty());
    /// # let _ = alice;
    /// # }
    /// ```
    #[must_use = "the end-user signs in with it"]
    pub fn without(self, name: &str) -> Self {
        self.change(|end_user| drop(end_user.claims.shift_remove(name)))
    }

    /// The subject identifier (OIDC Core §2).
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// let alice = idp.user("alice");
    /// assert_eq!(alice.sub(), "alice");
    /// assert_eq!(alice.claim("sub", "0000-alice").sub(), "0000-alice");
    /// # }
    /// ```
    pub fn sub(&self) -> String {
        self.issuer.state.end_user(&self.name).map_or_else(|| self.name.clone(), |end_user| end_user.sub.clone())
    }

    /// The name by which the test calls the end-user.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// let idp = mock_idp::MockIdp::start().await;
    /// assert_eq!(idp.user("alice").claim("sub", "0000-alice").name(), "alice");
    /// # }
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    fn change(self, change: impl FnOnce(&mut EndUser)) -> Self {
        let mut end_user =
            self.issuer.state.end_user(&self.name).map(|end_user| (*end_user).clone()).unwrap_or_default();
        change(&mut end_user);
        self.issuer.state.set_end_user(self.name.clone(), end_user);
        self
    }
}

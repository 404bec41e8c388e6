//! The open issuers of a provider, and which path leads to which of their
//! endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use crate::issuer::Issuer;
use crate::protocol::Endpoint;

/// The open issuers.
#[derive(Debug, Default)]
pub(crate) struct Issuers {
    open: Vec<Issuer>,
    routes: HashMap<String, (Issuer, Endpoint)>,
}

impl Issuers {
    /// All of them, those with the longest path first.
    pub(crate) fn open(&self) -> &[Issuer] {
        &self.open
    }

    /// Adds an issuer.
    ///
    /// # Errors
    /// A path of its that leads somewhere already.
    pub(crate) fn add(&mut self, issuer: &Issuer) -> Result<(), String> {
        let routes = issuer.state.routes();
        for (index, (_, path)) in routes.iter().enumerate() {
            let twice = routes[..index].iter().any(|(_, earlier)| earlier == path);
            if twice || self.routes.contains_key(path) {
                return Err(path.clone());
            }
        }
        self.routes.extend(routes.into_iter().map(|(endpoint, path)| (path, (issuer.clone(), endpoint))));
        self.open.push(issuer.clone());
        // The longest path is tried first.
        self.open.sort_by_key(|issuer| std::cmp::Reverse(issuer.state.path.len()));
        Ok(())
    }

    /// Takes an issuer out; its paths are free again.
    pub(crate) fn remove(&mut self, issuer: &Issuer) {
        let other = |one: &Issuer| !Arc::ptr_eq(&one.state, &issuer.state);
        self.open.retain(other);
        self.routes.retain(|_, (one, _)| other(one));
    }

    /// The endpoint at a path.
    pub(crate) fn endpoint(&self, path: &str) -> Option<(Issuer, Endpoint)> {
        self.routes.get(path).cloned()
    }

    /// The issuer that a path is at or below, if it is no endpoint.
    pub(crate) fn above(&self, path: &str) -> Option<Issuer> {
        let is_above = |issuer: &&Issuer| {
            let base = issuer.state.path.trim_end_matches('/');
            path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.open.iter().find(is_above).cloned()
    }
}

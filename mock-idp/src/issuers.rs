//! The open issuers of a provider, and which path leads to which of their
//! endpoints.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::request::Parts;

use crate::guest::Guest;
use crate::issuer::Issuer;
use crate::protocol::Endpoint;

/// The open issuers.
#[derive(Debug, Default)]
pub(crate) struct Issuers {
    open: Vec<Issuer>,
    routes: HashMap<String, (Issuer, Endpoint)>,
    guests: Vec<Guest>,
}

impl Issuers {
    /// All that have a path to themselves, and the hosts of guests, those with
    /// the longest path first.
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

    /// Returns the host at the path of `issuer`, if guests are there that
    /// publish the same.
    pub(crate) fn host_of(&self, issuer: &Issuer) -> Option<Issuer> {
        let hosts = self.guests.iter().map(|guest| &guest.host);
        let mut fitting =
            hosts.filter(|host| host.state.url == issuer.state.url && host.state.publishes_as(&issuer.state));
        fitting.next().cloned()
    }

    /// Adds a guest, whose host is open.
    pub(crate) fn receive(&mut self, guest: Guest) {
        self.guests.push(guest);
    }

    /// Takes an issuer out; its paths are free again, unless other guests are
    /// there.
    pub(crate) fn remove(&mut self, issuer: &Issuer) {
        let is_same = |one: &Issuer, other: &Issuer| Arc::ptr_eq(&one.state, &other.state);
        let guest = self.guests.iter().position(|guest| is_same(guest.issuer(), issuer));
        let leaves = match guest.map(|position| self.guests.swap_remove(position).host) {
            Some(host) if self.guests.iter().any(|guest| is_same(&guest.host, &host)) => return,
            Some(host) => host,
            None => issuer.clone(),
        };
        self.open.retain(|one| !is_same(one, &leaves));
        self.routes.retain(|_, (one, _)| !is_same(one, &leaves));
    }

    /// The endpoint at a path, of the issuer there.
    pub(crate) fn endpoint(&self, path: &str) -> Option<(Issuer, Endpoint)> {
        self.routes.get(path).cloned()
    }

    /// The same, of the guest who owns the request, if one does.
    pub(crate) fn asked(&self, parts: &Parts, body: &[u8]) -> Option<(Issuer, Endpoint)> {
        let (issuer, endpoint) = self.routes.get(parts.uri.path())?;
        let mut guests = self.guests.iter().filter(|guest| Arc::ptr_eq(&guest.host.state, &issuer.state));
        let owner = guests.find(|guest| guest.owns(*endpoint, parts, body));
        Some((owner.map_or(issuer, Guest::issuer).clone(), *endpoint))
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

//! The accounts at the server: listed, made, deleted and restored. What one is
//! stands in [`super::account`].

use std::time::Instant;

use serde_json::json;

use super::answer::{accounts_of, answered, json_of, refusal};
use super::known_accounts::whole;
use super::shared_listing::SentBy;
use super::{Account, ApiRoute, Immich, NewAccount, TargetError};
use crate::exchange::Exchange;
use crate::redaction::SecretKind;
use crate::user_agent::Body;

/// An id that no account has.
const NO_ACCOUNT: &str = "00000000-0000-4000-8000-000000000000";

impl Immich {
    /// All accounts, including those in the trash. A list that lacks an account
    /// that there must be is an error: what it lacks is not gone.
    pub async fn accounts(&self) -> Result<Vec<Account>, TargetError> {
        self.listed(async |path| self.ask(self.request_at(ApiRoute::ACCOUNTS.method(), path, Body::Empty)?).await).await
    }

    /// The same, by one request for all plays that wait for it. Each of them
    /// judges the answer.
    pub async fn accounts_beside_others(&self) -> Result<Vec<Account>, TargetError> {
        self.listed(async |path| {
            let since = Instant::now();
            let request = self.request_at(ApiRoute::ACCOUNTS.method(), path, Body::Empty)?;
            let (exchange, sent_by) = self.listing.answer(self.ask(request)).await?;
            if sent_by == SentBy::Another {
                self.note_wait(since.elapsed());
                self.note_answer(&exchange);
            }
            Ok(exchange)
        })
        .await
    }

    /// The accounts in the answer to a request for all of them at a path.
    async fn listed(
        &self,
        ask: impl AsyncFnOnce(&str) -> Result<Exchange, TargetError>,
    ) -> Result<Vec<Account>, TargetError> {
        let owner = self.known.owner.get_or_try_init(|| self.owner()).await?;
        let mut made = self.known.standing();
        let path = format!("{}?withDeleted=true", ApiRoute::ACCOUNTS.path());
        let list = accounts_of(self.success(&path, &ask(&path).await?)?)?;
        // What was deleted in the meantime need not be there.
        let standing = self.known.standing();
        made.retain(|id| standing.contains(id));
        whole(list, owner.as_deref(), &made)
    }

    /// The id of the owner of the key; `None` where the server does not name
    /// it, as to a key that may not read its own account.
    async fn owner(&self) -> Result<Option<String>, TargetError> {
        let exchange = self.ask(self.request(ApiRoute::OWN_ACCOUNT)?).await?;
        match answered(self.secrets(), &exchange)? {
            200 => Ok(json_of(self.secrets(), &exchange).ok().and_then(|me| Account::of(me).ok()).map(|me| me.id)),
            _ => Ok(None),
        }
    }

    /// Makes a local account.
    pub async fn create_account(&self, account: &NewAccount) -> Result<Account, TargetError> {
        self.secrets().add(SecretKind::Password, &account.password);
        let body = json!({ "email": account.email, "password": account.password, "name": account.name });
        let made = self.call(ApiRoute::CREATE_ACCOUNT, Body::Json(body)).await?;
        let made = Account::of(made).map_err(|found| TargetError::Unreadable { what: "new account", found })?;
        self.known.made(&made.id);
        Ok(made)
    }

    /// Puts an account into the bin, or (`force`) has it removed for good,
    /// which a job of the server does in its own time.
    pub async fn delete_account(&self, id: &str, force: bool) -> Result<(), TargetError> {
        self.known.deleting(id);
        let body = Body::Json(json!({ "force": force }));
        let route = ApiRoute::DELETE_ACCOUNT;
        self.call_at(route.method(), &route.path_of(id), body).await.map(drop)
    }

    /// Takes an account out of the bin.
    pub async fn undelete_account(&self, id: &str) -> Result<(), TargetError> {
        let route = ApiRoute::RESTORE_ACCOUNT;
        self.call_at(route.method(), &route.path_of(id), Body::Empty).await.map(drop)
    }

    /// Tries to delete an account that does not exist, which a server that can
    /// delete accounts says.
    pub async fn try_deletion(&self) -> Result<(), TargetError> {
        let route = ApiRoute::DELETE_ACCOUNT;
        let path = route.path_of(NO_ACCOUNT);
        let exchange = self.ask(self.request_at(route.method(), &path, Body::Json(json!({ "force": true })))?).await?;
        let status = answered(self.secrets(), &exchange)?;
        // A server without the route says so in these words.
        let lacks_route = exchange.complaint().contains("Cannot DELETE");
        match status {
            400 | 404 if !lacks_route => Ok(()),
            401 | 403 => Err(refusal(self.secrets(), &exchange, &path, status)),
            status => Err(TargetError::CannotDelete(status)),
        }
    }
}

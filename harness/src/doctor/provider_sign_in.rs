//! One sign-in by a person, with a state and a verifier of the doctor's own: the
//! server takes no part and keeps nothing of it. How the browser's answer gets here
//! is for [`super::callback_listener`] and the command line.

use mock_idp::Url;
use serde_json::{Map, Value};

use super::configured_client::ConfiguredClient;
use super::evidence::{DoctorEvidence, ProbeAnswer, SignInEvidence};
use super::look::Clients;
use crate::immich::Immich;
use crate::redaction::{SecretKind, Secrets};
use crate::relying_party::{AuthorizationResponse, Comparison, Metadata, Tokens, UserInfoBody, userinfo};

/// A sign-in that has not begun.
#[derive(Debug, Clone)]
pub struct ProviderSignIn {
    client: ConfiguredClient,
    redirect_uri: String,
    metadata: Metadata,
}

impl ProviderSignIn {
    /// Plans it. `random` becomes state and verifier.
    ///
    /// # Errors
    /// Why the client secret may not be sent.
    pub fn of(evidence: &DoctorEvidence, redirect_uri: &str, random: &str) -> Result<Self, &'static str> {
        let client = ConfiguredClient::of(evidence, random)?;
        let metadata = evidence.metadata().cloned().unwrap_or_default();
        Ok(Self { client, redirect_uri: redirect_uri.to_owned(), metadata })
    }

    /// Returns the address that the person opens.
    pub fn url(&self) -> Url {
        self.client.authorization_url(&self.redirect_uri)
    }

    /// Redeems what the browser came back with at `arrived`; `None` stands for a
    /// sign-in that was given up. `now` is in seconds since 1970. Codes and tokens are
    /// added to `secrets`.
    pub async fn finish(self, clients: &Clients, arrived: Option<&Url>, now: i64, secrets: &Secrets) -> SignInEvidence {
        let mut seen = SignInEvidence { now, ..SignInEvidence::default() };
        let Some(arrived) = arrived else { return seen };
        let parameters = arrived.query_pairs().into_owned().collect();
        let response = AuthorizationResponse::of(parameters, self.client.random(), &self.metadata);
        let is_ours = response.state == Comparison::AsExpected && response.issuer.fits_if_present();
        let code = response.first("code").filter(|_| is_ours && response.first("error").is_none());
        let code = code.map(ToOwned::to_owned);
        seen.response = Some(response);
        let Some(code) = code else { return seen };
        secrets.add(SecretKind::Code, &code);
        let redeem = async |credentials| self.client.redeem(clients, &code, &self.redirect_uri, credentials).await;
        let own = redeem(self.client.credentials()).await;
        let is_refused = own.as_ref().is_ok_and(|response| ProbeAnswer::of(Ok(&response.answer)).is_client_refused());
        seen.own_method = Some(own);
        if is_refused && !self.client.is_public() {
            seen.other_method = Some(redeem(self.client.other_credentials()).await);
        }
        let Some(tokens) = seen.tokens() else { return seen };
        let of_token = |name: &str| tokens.text(name).unwrap_or_default().to_owned();
        let (access_token, id_token) = (of_token("access_token"), of_token("id_token"));
        secrets.add(SecretKind::AccessToken, &access_token);
        secrets.add(SecretKind::Signature, id_token.rsplit('.').next().unwrap_or_default());
        let endpoint = self.metadata.text("userinfo_endpoint");
        if !endpoint.is_empty() && !access_token.is_empty() {
            seen.userinfo = Some(userinfo(clients.fetcher(), endpoint, &access_token, Vec::new()).await);
        }
        seen
    }
}

impl SignInEvidence {
    /// Adds the accounts of the server. Nothing is changed.
    pub async fn add_accounts(&mut self, server: &Immich) {
        if !server.key().secret().is_empty() {
            self.accounts = Some(server.accounts().await);
        }
    }

    /// Returns the tokens, by whichever method they came.
    pub(super) fn tokens(&self) -> Option<&Tokens> {
        let answers = [&self.own_method, &self.other_method].into_iter().flatten().flatten();
        answers.filter(|response| response.answer.status == 200).find_map(|response| response.tokens.as_ref().ok())
    }

    /// Returns the claims of `UserInfo`, signed or not; they are not verified.
    pub(super) fn userinfo_claims(&self) -> Option<&Map<String, Value>> {
        let answered = self.userinfo.as_ref()?.as_ref().ok().filter(|it| it.answer.status == 200)?;
        match &answered.body {
            UserInfoBody::Claims(claims) => Some(claims),
            UserInfoBody::Token(_, jwt) => Some(&jwt.claims),
            UserInfoBody::Neither(..) => None,
        }
    }
}

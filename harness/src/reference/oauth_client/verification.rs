//! Which JWT counts as one of the provider.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

use super::client::OAuthClient;
use crate::reference::rules::{Purpose, TokenChecks};
use crate::relying_party::{Expectation, Jwt, Metadata, SigningMethod, TokenFindings, TokenKey, key_set, verifies};

impl OAuthClient<'_> {
    /// A JWT, if it can be read.
    pub fn read(&self, token: &str) -> Option<Jwt> {
        (self.rules.id_token.read)(token, Jwt::read(token).ok()?)
    }

    /// What a token of the provider is compared with, whatever its kind.
    pub(super) fn expectation<'a>(&'a self, metadata: &'a Metadata) -> Expectation<'a> {
        Expectation {
            issuer: metadata.text("issuer"),
            client_id: self.setting("clientId"),
            algorithm: self.setting("signingAlgorithm"),
            media_type: "",
            now: self.server.now(),
            access_token: None,
            nonce: None,
        }
    }

    /// Whether a logout token is one of the provider.
    pub async fn is_logout_token(&self, token: &str, jwt: &Jwt, metadata: &Metadata) -> bool {
        let expected = Expectation { media_type: "logout+jwt", ..self.expectation(metadata) };
        self.is_right(token, jwt, &self.rules.logout_token.checks, &expected, metadata).await
    }

    /// Whether a token passes, signature and all.
    pub(super) async fn is_right(
        &self,
        token: &str,
        jwt: &Jwt,
        checks: &TokenChecks,
        expected: &Expectation<'_>,
        metadata: &Metadata,
    ) -> bool {
        checks.hold(&TokenFindings::of(jwt, expected))
            && (!checks.signature || self.signature_is_right(token, jwt, metadata).await)
    }

    /// Whether the signature is the provider's. HMAC uses the client secret.
    async fn signature_is_right(&self, token: &str, jwt: &Jwt, metadata: &Metadata) -> bool {
        if (self.rules.id_token.counts_unsigned)(token, jwt) {
            return true;
        }
        let (algorithm, is_own) = match SigningMethod::of(jwt) {
            SigningMethod::Unknown => return false,
            SigningMethod::Secret(algorithm) => {
                let key = DecodingKey::from_secret(self.setting("clientSecret").as_bytes());
                (algorithm, verifies(token, &key, algorithm))
            }
            SigningMethod::Key(algorithm) => (algorithm, self.key_verifies(token, jwt, algorithm, metadata).await),
        };
        is_own || self.foreign_key_verifies(token, jwt, algorithm, metadata).await
    }

    /// Whether a key of the provider's set verifies a token. The set is fetched
    /// for each token: new keys act at once.
    async fn key_verifies(&self, token: &str, jwt: &Jwt, algorithm: Algorithm, metadata: &Metadata) -> bool {
        let Some(uri) = self.permitted(metadata.text("jwks_uri"), metadata) else { return false };
        let rules = &self.rules.keys;
        let kept = self.server.store().key_sets.get(uri).cloned().filter(|_| rules.kept);
        let keys = match kept {
            Some(keys) => keys,
            None => self.keys(uri).await,
        };
        let all = keys.iter().map(|key| TokenKey::of(key, token, jwt, algorithm)).collect();
        let looked_at = (rules.of_set)(all);
        if rules.kept {
            self.server.store().key_sets.insert(uri.to_owned(), keys);
        }
        looked_at.iter().any(|key| (rules.fits)(key) && key.verifies)
    }

    /// The keys of the set at `uri`.
    pub(super) async fn keys(&self, uri: &str) -> Vec<Value> {
        match key_set(self.fetcher(Purpose::Keys), uri).await {
            Ok(set) if set.answer.status == 200 => set.keys.ok().flatten().unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

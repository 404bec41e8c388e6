//! The one cookie of the sign-in page. It ties forms to the browser that got
//! them and remembers whom it signed in last and that it knew the secret.
//! Nothing is kept at the provider.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use url::form_urlencoded;

use crate::protocol::is_same_secret;

const NAME: &str = "mock-idp-browser";

/// What a browser brings back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BrowserCookie {
    /// Only this browser knows it, so that no other page can forge its forms.
    pub(super) nonce: String,
    /// Whom it signed in last.
    pub(super) last: Option<String>,
    /// Proof that the secret was typed there.
    proof: Option<String>,
}

impl BrowserCookie {
    /// A browser that was never here.
    pub(super) fn fresh(nonce: String) -> Self {
        Self { nonce, ..Self::default() }
    }

    /// Reads a `Cookie` header.
    pub(super) fn read(header: Option<&str>) -> Option<Self> {
        let pairs = header?.split(';').filter_map(|pair| pair.trim().split_once('='));
        let value = pairs.into_iter().find(|(name, _)| *name == NAME)?.1;
        let mut cookie = Self::default();
        for (name, value) in form_urlencoded::parse(value.as_bytes()) {
            match &*name {
                "nonce" => cookie.nonce = value.into_owned(),
                "last" => cookie.last = Some(value.into_owned()),
                "proof" => cookie.proof = Some(value.into_owned()),
                _ => {}
            }
        }
        (!cookie.nonce.is_empty()).then_some(cookie)
    }

    /// A `Set-Cookie` header. Lax: the relying party may send the browser
    /// here, but no other site can post a form.
    pub(super) fn write(&self, is_https: bool) -> String {
        let mut value = form_urlencoded::Serializer::new(String::new());
        value.append_pair("nonce", &self.nonce);
        value.extend_pairs(self.last.iter().map(|last| ("last", last)));
        value.extend_pairs(self.proof.iter().map(|proof| ("proof", proof)));
        let secure = if is_https { "; Secure" } else { "" };
        format!("{NAME}={}; Path=/; HttpOnly; SameSite=Lax{secure}", value.finish())
    }

    /// What a form must hold that this browser posts about this request.
    pub(super) fn form_token(&self, secret: &str, parameters: &[(String, String)]) -> String {
        let request = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        sign(secret, &["form", &self.nonce, &request])
    }

    /// Notes that the secret was typed in this browser.
    pub(super) fn prove(&mut self, secret: &str) {
        self.proof = Some(sign(secret, &["proof", &self.nonce]));
    }

    /// Whether it was.
    pub(super) fn is_proven(&self, secret: &str) -> bool {
        let right = sign(secret, &["proof", &self.nonce]);
        self.proof.as_ref().is_some_and(|proof| is_same_secret(proof, &right))
    }
}

/// Neither labels nor requests hold the line feed that joins them.
fn sign(secret: &str, parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&key, parts.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use super::*;

    #[test]
    fn comes_back_as_it_went() {
        let mut cookie = BrowserCookie { last: Some("a; b=c é".into()), ..BrowserCookie::fresh("n".into()) };
        cookie.prove("secret");
        let header = cookie.write(false);
        let sent = format!("other=1; {}", header.split(';').next().unwrap());
        let back = BrowserCookie::read(Some(&sent)).unwrap();
        assert_eq!(back, cookie);
        assert!(back.is_proven("secret") && !back.is_proven("another"));
    }

    #[test]
    fn forms_are_of_one_browser_and_one_request() {
        let request = |state: &str| vec![("state".to_owned(), state.to_owned())];
        let cookie = BrowserCookie::fresh("n".into());
        let token = cookie.form_token("secret", &request("a"));
        assert_eq!(token, cookie.form_token("secret", &request("a")));
        assert_ne!(token, cookie.form_token("secret", &request("b")));
        assert_ne!(token, cookie.form_token("another", &request("a")));
        assert_ne!(token, BrowserCookie::fresh("m".into()).form_token("secret", &request("a")));
        // Nor is it a proof of the secret, which the page does not have.
        let forged = BrowserCookie { proof: Some(token), ..cookie };
        assert!(!forged.is_proven("secret"));
    }

    #[test]
    fn what_is_no_cookie_of_ours_is_none() {
        for header in [None, Some(""), Some("mock-idp-browser="), Some("mock-idp-browser=last=a"), Some("x=y")] {
            assert_eq!(BrowserCookie::read(header), None);
        }
    }
}

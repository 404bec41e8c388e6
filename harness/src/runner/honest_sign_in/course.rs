//! How far a sign-in came, and what that says of its cause. Pure; why a server
//! does not come to the provider at all is for [`super::unreached`].

use url::Url;

use crate::exchange::Exchange;
use crate::immich::ApiRoute;
use crate::report::{ExchangeReport, Party};
use crate::runner::sign_in_failure::{SignInFailure, answer, said};

/// A sign-in that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'a> {
    /// What went over the wire, in its order.
    pub(super) exchanges: &'a [&'a ExchangeReport],
    /// How it ended.
    pub(super) outcome: &'a str,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// No request of the server came to the provider.
    Unreached {
        /// What the server says.
        message: String,
        /// Whether the server broke off a TLS handshake.
        is_certificate: bool,
    },
    /// It failed on its way.
    Failed(SignInFailure),
}

/// What a person can read on.
const LOG: &str = "The provider does nothing wrong here, so the cause lies in the server or its OAuth settings. Look into the server's log for the reason; `oidc-harness explain 'MESSAGE'` tells what a message means.";

/// What servers say of an answer at the issuer's address, and its cause: no
/// request for the discovery document came.
const FOUND_ELSEWHERE: &[(&str, &str)] = &[
    ("status code", ANOTHER_PATH),
    ("content-type", ANOTHER_PATH),
    ("invalid response", ANOTHER_PATH),
    ("parsing error", ANOTHER_PATH),
    ("Invalid URL", "The server makes no address out of the issuer URL."),
];

const ANOTHER_PATH: &str = "Something answered the server, but not the provider's discovery document: the server asks \
                            at another path than the issuer URL with /.well-known/openid-configuration (OpenID \
                            Connect Discovery §4), or another program answers there.";

/// What the provider says when it refuses a request, and its cause.
const REFUSALS: &[(&str, &str)] = &[
    (
        "verifier",
        "The server sends a code challenge when the sign-in begins, and no code verifier that fits it (RFC 7636 §4.5).",
    ),
    ("redirect URI", "The server changes the redirect URI on its way, or encodes it twice (RFC 6749 §3.1.2, §4.1.3)."),
    ("two ways", "The server sends the client secret in the header and in the body (RFC 6749 §2.3)."),
    ("invalid_client", "The server does not authenticate with the client id and secret that the run had set."),
    ("invalid_scope", "The server asks for a scope that the provider does not have."),
    ("invalid_grant", "The server sends a code that the provider did not give for this sign-in, or sends it twice."),
    ("invalid_token", "The server does not send the access token that it got (RFC 6750 §2)."),
];

fn cause_of_refusal(why: &str) -> &'static str {
    let known = REFUSALS.iter().find(|(words, _)| why.contains(words)).map(|(_, cause)| *cause);
    known.unwrap_or("The server sends something in this request that an honest provider does not accept.")
}

/// How a sign-in ends that the server accepts and that still fails, with what
/// the server does and the cause.
const ACCEPTED: &[(&str, &str, &str)] = &[
    (
        "somebody else's",
        "the server opens a session of another account",
        "A person who signs in gets into the account of another one. Switch OAuth off until the server is mended.",
    ),
    (
        "without a session",
        "the server accepts the sign-in and opens no session",
        "The answer holds neither the access token nor the cookie that Immich sends.",
    ),
    (
        "does not work",
        "the server accepts the sign-in and opens a session that does not work",
        "The server refuses the access token that it gave a moment ago; several replicas may not share their sessions.",
    ),
    (
        "not every session",
        "the server accepts the sign-in, and not every session in its answer works",
        "The access token in the body and the one in the cookie are not the same.",
    ),
];

/// What to do where something else than the server answers.
const FRONT: &str = "Give --target the address behind the proxy, or let the API through it. With Authelia, oauth2-proxy \
                     and their like, run the harness inside of them.";

fn failed(sentence: String, cause: impl Into<String>, advice: impl Into<String>) -> Ending {
    Ending::Failed(SignInFailure {
        sentence,
        exchanges: Vec::new(),
        cause: cause.into(),
        advice: advice.into(),
        is_unreached: false,
    })
}

impl<'a> Course<'a> {
    /// Returns the last request of the server to an endpoint.
    fn asked(&self, endpoint: &str) -> Option<&'a Exchange> {
        let is_meant =
            |report: &&&ExchangeReport| report.from == Party::Target && report.endpoint.as_deref() == Some(endpoint);
        self.exchanges.iter().rfind(is_meant).map(|report| &report.exchange)
    }

    /// Returns the server's answer at a route.
    fn answered(&self, route: ApiRoute) -> Option<&'a Exchange> {
        let is_meant = |report: &&&ExchangeReport| report.to == Party::Target && report.exchange.path() == route.path();
        self.exchanges.iter().rfind(is_meant).map(|report| &report.exchange)
    }

    /// Returns the requests of the server to the provider. A TLS handshake
    /// without one is none.
    fn requests(&self) -> impl Iterator<Item = &'a Exchange> {
        let of_server = self.exchanges.iter().filter(|report| report.from == Party::Target);
        of_server.map(|report| &report.exchange).filter(|exchange| exchange.status.is_some())
    }

    /// Returns how it ended, by the first thing that is not as it should be.
    pub(super) fn ending(&self) -> Ending {
        let Some(authorize) = self.answered(ApiRoute::AUTHORIZE) else { return self.otherwise() };
        let begun = authorize.status.is_some_and(|status| (200..300).contains(&status));
        let asked = self.requests().next().is_some();
        match (begun, asked) {
            (false, false) => self.unasked(authorize),
            (false, true) => self.not_begun(authorize),
            (true, _) => self.begun(authorize),
        }
    }

    /// The server did not ask the provider.
    fn unasked(&self, authorize: &Exchange) -> Ending {
        let message = said(authorize).unwrap_or_default();
        let is_certificate = self.exchanges.iter().any(|report| report.from == Party::Target);
        let is_fault = matches!(authorize.status, Some(500) if !message.is_empty()) || authorize.timed_out();
        if let Some((_, cause)) = FOUND_ELSEWHERE.iter().find(|(words, _)| message.contains(words)) {
            let sentence = format!("the server does not find the provider's discovery document: {}", answer(authorize));
            return failed(sentence, *cause, LOG);
        }
        if is_fault || is_certificate {
            return Ending::Unreached { message, is_certificate };
        }
        if message.contains("OAuth is not enabled") {
            let cause = "The run switched OAuth on a moment ago. The server has several replicas that do not all know \
                         it yet, or it did not keep the change.";
            let advice = "With several replicas behind the address, give --replicas N: the run waits after each \
                          change until all have it. Otherwise look whether another program sets the OAuth settings.";
            return failed(self.sentence(authorize), cause, advice);
        }
        let (cause, advice) = foreign(authorize)
            .unwrap_or(("The server answered before it asked the provider, and not as Immich does.", LOG));
        failed(self.sentence(authorize), cause, advice)
    }

    fn sentence(&self, authorize: &Exchange) -> String {
        format!("the server answers {} {} with {}", authorize.method, authorize.path(), answer(authorize))
    }

    /// The server asked the provider, and does not say where to sign in.
    fn not_begun(&self, authorize: &Exchange) -> Ending {
        if authorize.timed_out() {
            return failed(
                self.sentence(authorize),
                "The server read the discovery document and then waits for something else.",
                LOG,
            );
        }
        if self.asked("discovery").is_none() {
            let path = self.requests().next().map(Exchange::path).unwrap_or_default();
            let cause = format!(
                "The server asks the provider for {path}, where there is no discovery document. It makes the address \
                 from the issuer URL in another way than OpenID Connect Discovery §4 says."
            );
            return failed("the server does not find the discovery document".to_owned(), cause, LOG);
        }
        let sentence = format!("the server refuses the provider's discovery document: {}", answer(authorize));
        failed(sentence, "The server read the document and does not accept something in it.", LOG)
    }

    /// The server said where to sign in.
    fn begun(&self, authorize: &Exchange) -> Ending {
        let at_provider = |report: &&&ExchangeReport| {
            report.from == Party::UserAgent && report.endpoint.as_deref() == Some("authorization")
        };
        let Some(page) = self.exchanges.iter().find(at_provider).map(|report| &report.exchange) else {
            let (cause, advice) = foreign(authorize).unwrap_or((
                "The server did not send the browser to the provider whose issuer the run had set. It has another \
                 issuer, or its answer is not that of Immich.",
                "Look at the answer. With several replicas behind the address, give --replicas N.",
            ));
            return failed(format!("the server {}", self.outcome), cause, advice);
        };
        if let Some(why) = refusal(page) {
            return failed(
                format!("the provider refuses the server's authorization request: {why}"),
                cause_of_refusal(&why),
                LOG,
            );
        }
        match self.answered(ApiRoute::CALLBACK) {
            Some(callback) => self.called_back(callback),
            None => self.otherwise(),
        }
    }

    /// The browser brought the provider's answer to the server.
    fn called_back(&self, callback: &Exchange) -> Ending {
        let refused = format!("the server refuses the sign-in with {}", answer(callback));
        for (endpoint, name) in [("token", "token request"), ("userinfo", "UserInfo request")] {
            if let Some(answered) = self.asked(endpoint).filter(|one| one.status.is_some_and(|status| status >= 400)) {
                let why = answer(answered);
                let sentence = format!("the provider refuses the server's {name}: {why}");
                return failed(sentence, cause_of_refusal(&why), LOG);
            }
        }
        let is_refused = callback.status.is_none_or(|status| status >= 300);
        let is_read = |endpoint: &str| self.asked(endpoint).is_some();
        let cause = match (is_refused, is_read("token"), is_read("userinfo")) {
            (false, ..) => return self.otherwise(),
            (true, false, _) => return self.without_token(callback),
            (true, true, false) if is_read("jwks") => {
                "The server read the tokens and the key set, and never UserInfo: it refuses the ID token."
            }
            (true, true, false) => {
                "The server got the tokens, and never read the key set or UserInfo: it refuses the token response or \
                 the ID token in it."
            }
            (true, true, true) => {
                "The server read the tokens and UserInfo: it refuses a claim, or it cannot create the account."
            }
        };
        let (cause, advice) = foreign(callback).unwrap_or((cause, LOG));
        failed(refused, cause, advice)
    }

    /// The server refused before it asked for a token.
    fn without_token(&self, callback: &Exchange) -> Ending {
        let is_cookie = said(callback).is_some_and(|said| said.contains("state") || said.contains("verifier"));
        let (cause, advice) = if is_cookie {
            (
                "The server did not get the cookies back that it set when the sign-in began: a proxy removes them, or \
                 they are for TLS only and the run came without.",
                "Look at `set-cookie` in the answer to the first request. Where the cookies are `Secure`, give \
                 --target the https address.",
            )
        } else {
            foreign(callback)
                .unwrap_or(("The server refuses the provider's answer before it asks the provider for a token.", LOG))
        };
        failed(format!("the server never asks for a token and answers {}", answer(callback)), cause, advice)
    }

    /// What no other case knows.
    fn otherwise(&self) -> Ending {
        match ACCEPTED.iter().find(|(words, ..)| self.outcome.contains(words)) {
            Some((_, sentence, cause)) => failed((*sentence).to_owned(), *cause, LOG),
            None => {
                let cause = "The exchanges look right, and what came of them does not.";
                failed(format!("it ends with “{}”", self.outcome), cause, LOG)
            }
        }
    }
}

/// Returns why an answer does not look like one of an Immich server, with what
/// to do.
fn foreign(exchange: &Exchange) -> Option<(&'static str, &'static str)> {
    let is_html = exchange.header("content-type").is_some_and(|kind| kind.contains("html"));
    match exchange.status {
        _ if is_html => Some((
            "Something in front of the server answers in its place with a web page, such as the sign-in page of a \
             proxy.",
            FRONT,
        )),
        Some(300..=399) => Some((
            "Something in front of the server sends requests elsewhere, such as to https or to a sign-in page.",
            "Give --target the address to which it leads, or the address behind the proxy.",
        )),
        Some(401 | 403) => {
            Some(("Something in front of the server asks for credentials that people who sign in do not have.", FRONT))
        }
        Some(404 | 405 | 501) => Some((
            "The server does not have this route of Immich, or a proxy does not let it through.",
            "Compare the server's routes with those of Immich 1.118 and later.",
        )),
        Some(502..=504) => Some((
            "A proxy in front of the server does not get its answer.",
            "See that the server runs, and that the proxy waits long enough for it.",
        )),
        None => Some((
            "The server did not answer, or broke the connection off.",
            "See in the server's log whether it crashed.",
        )),
        _ => None,
    }
}

/// Returns why the provider refuses to sign people in, by its page or by what
/// it sends back (RFC 6749 §4.1.2.1).
fn refusal(page: &Exchange) -> Option<String> {
    if page.status.is_some_and(|status| status >= 400) {
        let first = page.response_body.lines().next().unwrap_or_default();
        return Some(said(page).unwrap_or_else(|| first.to_owned()));
    }
    let location = Url::parse(page.header("location")?).ok()?;
    let value = |name: &str| location.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let error = value("error")?;
    Some(value("error_description").map_or(error.clone(), |description| format!("{error}: {description}")))
}

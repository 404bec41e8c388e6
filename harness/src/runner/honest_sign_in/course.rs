//! Finds how far a sign-in came, and what that says about the cause. Pure.
//! [`super::unreached`] explains why a server does not reach the provider.

use url::Url;

use super::cause::{ACCEPTED, ANSWERED, FOUND_ELSEWHERE, LOG, SUFFIX, cause_of_refusal, foreign};
use crate::exchange::Exchange;
use crate::immich::ApiRoute;
use crate::report::{ExchangeReport, Party};
use crate::runner::failed_sign_in::{FailedSignIn, answer, said};

/// A sign-in that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Course<'a> {
    /// What went over the wire, in its order.
    pub(super) exchanges: &'a [&'a ExchangeReport],
    /// How it ended.
    pub(super) outcome: &'a str,
}

/// How it ended.
#[derive(Debug, Clone)]
pub(super) enum Ending {
    /// No request of the server came to the provider.
    Unreached {
        /// What the server says.
        message: String,
        /// Whether the server broke off a TLS handshake.
        is_certificate: bool,
    },
    /// It failed on its way.
    Failed(FailedSignIn),
}

fn failed(sentence: String, cause: impl Into<String>, advice: impl Into<String>) -> Ending {
    Ending::Failed(FailedSignIn {
        sentence,
        target: None,
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

    /// Returns where a person finds the reason. That the provider answered is said
    /// only where its journal shows it.
    fn log(&self) -> &'static str {
        let is_answer = |report: &&ExchangeReport| report.from == Party::Target && report.endpoint.is_some();
        let mut answers = self.exchanges.iter().filter(|report| is_answer(report));
        if answers.any(|report| report.exchange.status.is_some()) { ANSWERED } else { LOG }
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
            return failed(sentence, *cause, self.log());
        }
        if is_fault || is_certificate {
            return Ending::Unreached { message, is_certificate };
        }
        if message.contains("OAuth is not enabled") {
            let cause = "The run has just turned OAuth on. Either a replica of the server still uses the old settings, \
                         or the server lost the change.";
            let advice = "If several replicas share the address, add --replicas N: the run then waits until all of \
                          them use the new settings. Otherwise check whether another program changes the OAuth \
                          settings.";
            return failed(sentence(authorize), cause, advice);
        }
        let (cause, advice) = foreign(authorize).unwrap_or((
            "The server answered without a request to the provider, and differently from Immich.",
            self.log(),
        ));
        failed(sentence(authorize), cause, advice)
    }

    /// The server asked the provider, and does not say where to sign in.
    fn not_begun(&self, authorize: &Exchange) -> Ending {
        if authorize.timed_out() {
            return failed(
                sentence(authorize),
                "The server read the discovery document, and then did not answer.",
                self.log(),
            );
        }
        if self.asked("discovery").is_none() {
            let path = self.requests().next().map(Exchange::path).unwrap_or_default();
            let cause =
                format!("The server requests {path} from the provider, but the discovery document is at another path.");
            let sentence = format!("the server does not find the provider's discovery document: {}", answer(authorize));
            return failed(sentence, cause, format!("{SUFFIX} {LOG}"));
        }
        let sentence = format!("the server refuses the provider's discovery document: {}", answer(authorize));
        failed(sentence, "The server read the discovery document, but does not accept one of its members.", self.log())
    }

    /// The server said where to sign in.
    fn begun(&self, authorize: &Exchange) -> Ending {
        let at_provider = |report: &&&ExchangeReport| {
            report.from == Party::UserAgent && report.endpoint.as_deref() == Some("authorization")
        };
        let Some(page) = self.exchanges.iter().find(at_provider).map(|report| &report.exchange) else {
            let (cause, advice) = foreign(authorize).unwrap_or(if self.outcome.contains("without a `url`") {
                (
                    "The response lacks `url`, in which Immich returns the authorization URL.",
                    "Compare the response with that of an Immich server; a proxy in front of the server may change it.",
                )
            } else {
                (
                    "The server did not send the browser to the provider that the run configured. Perhaps it still \
                     uses another issuer.",
                    "Look at the address in the response. If several replicas share the server's address, add \
                     --replicas N.",
                )
            });
            return failed(format!("the server {}", self.outcome), cause, advice);
        };
        if let Some(why) = refusal(page) {
            return failed(
                format!("the provider refuses the server's authorization request: {why}"),
                cause_of_refusal(&why),
                self.log(),
            );
        }
        match self.answered(ApiRoute::CALLBACK) {
            Some(callback) => self.called_back(callback),
            None => self.otherwise(),
        }
    }

    /// The browser brought the provider's answer to the server.
    fn called_back(&self, callback: &Exchange) -> Ending {
        let refused = match callback.status {
            Some(_) => format!("the server refuses the sign-in with {}", answer(callback)),
            None => sentence(callback),
        };
        for (endpoint, name) in [("token", "token request"), ("userinfo", "UserInfo request")] {
            if let Some(answered) = self.asked(endpoint).filter(|one| one.status.is_some_and(|status| status >= 400)) {
                let why = answer(answered);
                let sentence = format!("the provider refuses the server's {name}: {why}");
                return failed(sentence, cause_of_refusal(&why), self.log());
            }
        }
        let is_refused = callback.status.is_none_or(|status| status >= 300);
        let is_read = |endpoint: &str| self.asked(endpoint).is_some();
        let cause = match (is_refused, is_read("token"), is_read("userinfo")) {
            (false, ..) => return self.otherwise(),
            (true, false, _) => return self.without_token(callback),
            (true, true, false) if is_read("jwks") => {
                "The server received the tokens and the JWKS, but did not request UserInfo: it refuses the ID token."
            }
            (true, true, false) => {
                "The server received the tokens, but requested neither the JWKS nor UserInfo: it refuses the token \
                 response or the ID token in it."
            }
            (true, true, true) => {
                "The server received the tokens and UserInfo: it refuses a claim, or it cannot create the account."
            }
        };
        let (cause, advice) = foreign(callback).unwrap_or((cause, self.log()));
        failed(refused, cause, advice)
    }

    /// The server refused before it asked for a token.
    fn without_token(&self, callback: &Exchange) -> Ending {
        let is_cookie = said(callback).is_some_and(|said| said.contains("state") || said.contains("verifier"));
        let (cause, advice) = if is_cookie {
            (
                "The server did not get back the cookies that it set when the sign-in began. Either a proxy removes \
                 them, or they have `Secure` and the run uses http.",
                "Look at `set-cookie` in the response to the first request. If the cookies have `Secure`, pass the \
                 https address to --target.",
            )
        } else {
            foreign(callback)
                .unwrap_or(("The server refuses the callback, before it redeems the code at the provider.", self.log()))
        };
        let answered = match callback.status {
            Some(_) => format!("and answers {}", answer(callback)),
            None => format!("and gives {} to the callback", answer(callback)),
        };
        failed(format!("the server never asks for a token {answered}"), cause, advice)
    }

    /// What no other case knows.
    fn otherwise(&self) -> Ending {
        if let Some((_, sentence, cause)) = ACCEPTED.iter().find(|(words, ..)| self.outcome.contains(words)) {
            return failed((*sentence).to_owned(), *cause, self.log());
        }
        let cause = "The requests and responses look correct, but the sign-in does not succeed.";
        failed(format!("it ends with “{}”", self.outcome), cause, self.log())
    }
}

/// Returns what the server does at a request.
fn sentence(exchange: &Exchange) -> String {
    let request = format!("{} {}", exchange.method, exchange.path());
    match exchange.status {
        Some(_) => format!("the server answers {request} with {}", answer(exchange)),
        None => format!("the server gives {} to {request}", answer(exchange)),
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// An exchange as `FROM>TO PLACE STATUS BODY`; `b`, `s` and `p` are browser,
    /// server and provider.
    fn exchange(text: &str) -> ExchangeReport {
        let mut words = text.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (parties, place, status, body) = (word(), word(), word(), word());
        let party = |letter: &str| match letter {
            "b" => Party::UserAgent,
            "s" => Party::Target,
            _ => Party::Provider,
        };
        let (from, to) = parties.split_once('>').unwrap_or_default();
        let kind = if body.starts_with('<') { "text/html" } else { "application/json" };
        ExchangeReport {
            from: party(from),
            to: party(to),
            endpoint: (to == "p" && place != "elsewhere").then(|| place.to_owned()),
            exchange: Exchange {
                method: "POST".into(),
                url: format!("http://photos.test/api/oauth/{place}"),
                status: status.parse().ok(),
                response_headers: vec![("content-type".into(), kind.into())],
                response_body: body.to_owned(),
                ..Exchange::default()
            },
            ..ExchangeReport::default()
        }
    }

    const BEGUN: &[&str] = &["b>s authorize 201 {}", "s>p discovery 200", "b>p authorization 302"];

    fn ending(exchanges: &[&str], outcome: &str) -> Ending {
        let reports: Vec<ExchangeReport> = exchanges.iter().map(|text| exchange(text)).collect();
        let exchanges: Vec<&ExchangeReport> = reports.iter().collect();
        Course { exchanges: &exchanges, outcome }.ending()
    }

    #[rstest]
    #[case(&["b>s authorize 500 {\"message\":\"fetch failed\"}"], "fetch failed", false)]
    #[case(&["b>s authorize 500 {\"message\":\"fetch failed\"}", "s>p - -"], "fetch failed", true)]
    fn no_request_came(#[case] exchanges: &[&str], #[case] message: &str, #[case] is_certificate: bool) {
        let ending = ending(exchanges, "refused");
        let Ending::Unreached { message: found, is_certificate: broken_off } = &ending else { panic!("{ending:?}") };
        assert_eq!((found.as_str(), *broken_off), (message, is_certificate));
    }

    #[rstest]
    #[case(&["b>s authorize 200 <p>"], "web page")]
    #[case(&["b>s authorize 302"], "redirects the request")]
    #[case(&["b>s authorize 401 {}"], "requires credentials")]
    #[case(&["b>s authorize 502 {}"], "does not receive the server's response")]
    #[case(&["b>s authorize 422 {}"], "differently from Immich")]
    #[case(&["b>s authorize 500 {\"message\":\"no\"}", "s>p discovery 200"], "does not accept one of its members")]
    fn it_does_not_begin(#[case] exchanges: &[&str], #[case] cause: &str) {
        let ending = ending(exchanges, "refused");
        assert!(matches!(&ending, Ending::Failed(failure) if failure.cause.contains(cause)), "{ending:?}");
    }

    /// The help says of the provider only what its journal shows.
    #[rstest]
    #[case(&["b>s authorize 500 {\"message\":\"unexpected HTTP response status code\"}"], "received no request", LOG)]
    #[case(&["b>s authorize 500 {\"message\":\"no\"}", "s>p elsewhere 404"], "/api/oauth/elsewhere", SUFFIX)]
    #[case(&["b>s authorize 500 {\"message\":\"no\"}", "s>p discovery 200"], "read the discovery document", ANSWERED)]
    fn help_uses_what_the_provider_saw(#[case] exchanges: &[&str], #[case] cause: &str, #[case] advice: &str) {
        let ending = ending(exchanges, "refused");
        let is_told = |failure: &FailedSignIn| failure.cause.contains(cause) && failure.advice.starts_with(advice);
        assert!(matches!(&ending, Ending::Failed(failure) if is_told(failure)), "{ending:?}");
    }

    #[rstest]
    #[case(&["b>s callback 500 {}"], "before it redeems the code")]
    #[case(&["b>s callback 400 {\"message\":\"OAuth state is missing\"}"], "cookies")]
    #[case(&["b>s callback 500 {}", "s>p token 400 {\"error\":\"invalid_client\"}"], "the client ID and the client secret")]
    #[case(&["b>s callback 500 {}", "s>p token 200"], "requested neither the JWKS")]
    #[case(&["b>s callback 500 {}", "s>p token 200", "s>p jwks 200"], "it refuses the ID token")]
    #[case(&["b>s callback 500 {}", "s>p token 200", "s>p userinfo 401 {\"error\":\"invalid_token\"}"], "access token")]
    #[case(&["b>s callback 500 {}", "s>p token 200", "s>p userinfo 200"], "cannot create the account")]
    #[case(&["b>s callback 201 {}", "s>p token 200"], "the account of another end-user")]
    fn it_does_not_end_well(#[case] exchanges: &[&str], #[case] cause: &str) {
        let ending = ending(&[BEGUN, exchanges].concat(), "accepted, but the session belongs to another account");
        assert!(matches!(&ending, Ending::Failed(failure) if failure.cause.contains(cause)), "{ending:?}");
    }
}

//! Sends requests to the provider with an HTTP client that the caller gives,
//! within limits. The client must not follow redirects; they are followed here,
//! as far as the limit allows.

use std::fmt;
use std::time::Duration;

use reqwest::Client;
use reqwest::header::AUTHORIZATION;

use super::answer::{Answer, FetchError};

/// What a request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long an answer may take, from the connection to its last byte; as
    /// long as the client allows if it is none.
    pub time: Option<Duration>,
    /// How many bytes of an answer are read, after it is unpacked.
    pub bytes: usize,
    /// How many redirects are followed. Each gets the whole request again.
    pub redirects: usize,
}

/// A request to the provider. It is a POST if it has a form, else a GET.
#[derive(Clone, Default)]
pub struct ProviderRequest {
    /// The address, as the provider or the administrator wrote it.
    pub address: String,
    /// Parameters that are added to the query of the address.
    pub query: Vec<(&'static str, String)>,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The parameters of the body.
    pub form: Vec<(&'static str, String)>,
}

impl fmt::Debug for ProviderRequest {
    /// Without parameters and header, which hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderRequest").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A client and its limits.
#[derive(Debug, Clone, Copy)]
pub struct Fetcher<'a> {
    /// Sends the requests.
    pub client: &'a Client,
    /// What each may cost.
    pub limits: Limits,
}

impl Fetcher<'_> {
    /// Returns the answer to a request.
    pub async fn send(self, mut request: ProviderRequest) -> Result<Answer, FetchError> {
        let mut answer = self.send_once(&request).await?;
        for _ in 0..self.limits.redirects {
            let Some(location) = answer.location() else { break };
            request.address = location.into();
            answer = self.send_once(&request).await?;
        }
        Ok(answer)
    }

    /// Returns the answer to a GET without credentials.
    pub async fn get(self, address: &str) -> Result<Answer, FetchError> {
        self.send(ProviderRequest { address: address.to_owned(), ..ProviderRequest::default() }).await
    }

    async fn send_once(self, request: &ProviderRequest) -> Result<Answer, FetchError> {
        let address = request.address.as_str();
        let mut builder = match request.form.as_slice() {
            [] => self.client.get(address),
            form => self.client.post(address).form(form),
        };
        if let Some(authorization) = &request.authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        if !request.query.is_empty() {
            builder = builder.query(&request.query);
        }
        if let Some(time) = self.limits.time {
            builder = builder.timeout(time);
        }
        let mut response = builder.send().await?;
        let (address, status) = (response.url().clone(), response.status().as_u16());
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > self.limits.bytes {
                return Err(FetchError::TooLong(self.limits.bytes));
            }
        }
        Ok(Answer { address, status, headers, body })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::response::Redirect;
    use axum::routing::{any, get};
    use rstest::rstest;
    use tokio::net::TcpListener;

    use super::*;
    use crate::http_client::of_the_system;

    const LIMITS: Limits = Limits { time: Some(Duration::from_secs(5)), bytes: 1000, redirects: 0 };

    /// Starts a provider that tells what it got. Returns host and port.
    async fn provider() -> String {
        let echo = async |headers: HeaderMap, body: String| format!("{:?} {body}", headers.get("authorization"));
        let routes = Router::new()
            .route("/echo", any(echo))
            .route("/moved", any(async || Redirect::temporary("/moved-again")))
            .route("/moved-again", any(async || Redirect::temporary("/echo")))
            .route("/long", get(async || "x".repeat(1001)))
            .route("/silent", get(std::future::pending::<()>));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, routes).await });
        address.to_string()
    }

    async fn sent(limits: Limits, request: ProviderRequest) -> Result<Answer, FetchError> {
        let client = of_the_system(b"").unwrap();
        Fetcher { client: &client, limits }.send(request).await
    }

    #[rstest]
    #[case(0, 307, "/moved", "")]
    #[case(1, 307, "/moved-again", "")]
    #[case(5, 200, "/echo", "Some(\"Basic x\") code=c")]
    #[tokio::test]
    async fn redirects_are_followed_to_the_limit(
        #[case] redirects: usize,
        #[case] status: u16,
        #[case] path: &str,
        #[case] body: &str,
    ) {
        let request = ProviderRequest {
            address: format!("http://{}/moved", provider().await),
            authorization: Some("Basic x".to_owned()),
            form: vec![("code", "c".to_owned())],
            ..ProviderRequest::default()
        };
        let answer = sent(Limits { redirects, ..LIMITS }, request).await.unwrap();
        assert_eq!((answer.status, answer.address.path(), answer.body.as_slice()), (status, path, body.as_bytes()));
    }

    #[rstest]
    #[case("http://HOST/long", |error| error == FetchError::TooLong(1000))]
    #[case("http://HOST/silent", |error| matches!(error, FetchError::Late(_)))]
    #[case("https://HOST/echo", |error| matches!(error, FetchError::NoTls(_)))]
    #[case("http://127.0.0.1:1/", |error| matches!(error, FetchError::Refused(_)))]
    #[case("http://idp.invalid/", |error| matches!(error, FetchError::NoHost(_)))]
    #[case("idp.test/a", |error| matches!(error, FetchError::Request(_)))]
    #[tokio::test]
    async fn what_exceeds_a_limit_or_cannot_be_reached_is_an_error(
        #[case] address: &str,
        #[case] is_expected: fn(FetchError) -> bool,
    ) {
        let address = address.replace("HOST", &provider().await);
        let limits = Limits { time: Some(Duration::from_millis(300)), ..LIMITS };
        let error = sent(limits, ProviderRequest { address, ..ProviderRequest::default() }).await.unwrap_err();
        assert!(is_expected(error.clone()), "{error:?}");
    }
}

//! A browser with its own cookies; it opens the addresses it gets. It never
//! follows redirects; steps do that and look at each hop.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, HOST};
use url::Url;

use super::cookie_jar::CookieJar;
use super::request::Request;
use super::route::Routes;
use crate::client_limit::{self, ClientLimit, named};
use crate::exchange::Exchange;
use crate::http_client::causes;

/// A browser.
#[derive(Debug)]
pub struct UserAgent {
    client: reqwest::Client,
    routes: Option<Routes>,
    cookies: CookieJar,
    patience: Option<Duration>,
}

impl UserAgent {
    /// A browser with no cookies. `client` must not follow redirects.
    pub fn new(client: reqwest::Client, routes: Option<Routes>) -> Self {
        Self { client, routes, cookies: CookieJar::default(), patience: None }
    }

    /// How long an answer may take, if not as long as the client waits.
    #[must_use]
    pub fn with_patience(self, patience: Option<Duration>) -> Self {
        Self { patience, ..self }
    }

    /// A cookie that would be sent to `url`.
    pub fn cookie(&self, url: &str, name: &str) -> Option<String> {
        self.cookies.value(&Url::parse(url).ok()?, name)
    }

    /// Drops the cookies without a lifetime, as a browser does that is closed
    /// (RFC 6265 §5.3).
    pub fn restart(&mut self) {
        self.cookies.drop_session_cookies();
    }

    /// Changes the value of a cookie that would be sent to `url`. Returns
    /// whether there is one.
    pub fn change_cookie(&mut self, url: &Url, name: &str, change: impl Fn(&str) -> String) -> bool {
        self.cookies.change(url, name, change)
    }

    /// Sends a request. That no answer came stands in the exchange.
    ///
    /// # Errors
    /// The client itself cannot send the request, or take the answer.
    pub async fn send(&mut self, request: Request) -> Result<Exchange, ClientLimit> {
        let mut exchange = Exchange { method: request.method, url: request.url, ..Exchange::default() };
        exchange.request_headers = request.headers;
        let wrong = |exchange: &Exchange, reason: String| ClientLimit::Request {
            request: named(&exchange.method, &exchange.url),
            reason,
        };
        let url = Url::parse(&exchange.url).map_err(|error| wrong(&exchange, error.to_string()))?;
        if let Some(limit) = ClientLimit::of_address(&exchange.method, url.as_str()) {
            return Err(limit);
        }
        if request.cookies {
            let cookies = self.cookies.header(&url);
            exchange.request_headers.extend(cookies.map(|cookies| (COOKIE.to_string(), cookies)));
        }
        let (kind, body) = request.body.encode();
        exchange.request_headers.extend(kind.map(|kind| (CONTENT_TYPE.to_string(), kind.to_owned())));
        exchange.request_body = body;
        if self.routed(&url).is_some() {
            exchange.request_headers.extend(self.routes.iter().filter_map(|routes| routes.header.clone()));
        }
        let method = exchange.method.parse::<reqwest::Method>();
        let method = method.map_err(|error| wrong(&exchange, error.to_string()))?;
        let mut builder = match self.routed(&url) {
            Some((client, address)) => {
                let host = url.host_str().unwrap_or_default();
                let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
                client.request(method, address).header(HOST, host)
            }
            None => self.client.request(method, url.clone()),
        };
        for (name, value) in &exchange.request_headers {
            builder = builder.header(name, value);
        }
        if !exchange.request_body.is_empty() {
            builder = builder.body(exchange.request_body.clone());
        }
        if let Some(patience) = self.patience {
            builder = builder.timeout(patience);
        }
        receive(builder, &mut exchange).await?;
        if request.cookies {
            let cookies = exchange.response_headers.iter().filter(|(name, _)| name == "set-cookie");
            self.cookies.store(&url, cookies.map(|(_, text)| text.as_str()));
        }
        Ok(exchange)
    }

    /// For a URL of the provider: where it really is, and the client for it.
    fn routed(&self, url: &Url) -> Option<(&reqwest::Client, Url)> {
        let routes = self.routes.as_ref()?;
        let route = routes.all.iter().find(|route| route.leads_to(url))?;
        let mut address = url.clone();
        // All are there in any http URL, so that none can fail.
        let _ = address.set_scheme(if route.tls { "https" } else { "http" });
        let _ = address.set_ip_host(route.address.ip());
        let _ = address.set_port(Some(route.address.port()));
        Some((&routes.client, address))
    }
}

/// Sends a built request and notes what came back.
async fn receive(builder: reqwest::RequestBuilder, exchange: &mut Exchange) -> Result<(), ClientLimit> {
    let request = named(&exchange.method, &exchange.url);
    let response = match builder.send().await {
        Ok(response) => response,
        Err(error) => {
            exchange.error = Some(causes(&error));
            return ClientLimit::of_failure(request, &error).map_or(Ok(()), Err);
        }
    };
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    exchange.response_headers = headers
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    match body_of(response).await {
        Ok(Some(body)) => {
            exchange.status = Some(status);
            // A byte order mark may be ignored (RFC 8259 §8.1).
            let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body);
            exchange.is_garbled = str::from_utf8(text).is_err();
            exchange.response_body = String::from_utf8_lossy(text).into_owned();
        }
        Ok(None) => return Err(ClientLimit::AnswerBody { request }),
        Err(error) => exchange.error = Some(causes(&error)),
    }
    Ok(())
}

/// The whole body; `None` if it is longer than anything that is read, so that
/// no server takes the memory of the run.
async fn body_of(mut response: reqwest::Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > client_limit::ANSWER {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::{Value, json};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::Body;
    use super::*;

    /// Serves one answer that begins with `head`, and then `more` as long as
    /// the client takes it; how much it took.
    async fn serve(head: Vec<u8>, more: bool) -> (String, tokio::task::JoinHandle<usize>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut taken = 0;
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            let _ = stream.write_all(&head).await;
            while more && let Ok(count) = stream.write(&[b'x'; 8192]).await {
                taken += count;
            }
            taken
        });
        (url, served)
    }

    async fn sent(url: String) -> Result<Exchange, ClientLimit> {
        let client = crate::http_client::indifferent().unwrap();
        UserAgent::new(client, None).send(Request::new("GET", url, Body::Empty, false)).await
    }

    #[tokio::test]
    async fn an_answer_without_an_end_is_more_than_the_client_takes() {
        let (url, served) = serve(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), true).await;
        assert_eq!(sent(url.clone()).await, Err(ClientLimit::AnswerBody { request: format!("GET {url}") }));
        assert!(served.await.unwrap() < 2 * client_limit::ANSWER);
    }

    #[tokio::test]
    async fn too_many_headers_are_more_than_the_client_takes() {
        let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(500));
        let (url, _served) = serve(head.into_bytes(), false).await;
        assert_eq!(sent(url.clone()).await, Err(ClientLimit::AnswerHead { request: format!("GET {url}") }));
    }

    /// What a server answers, however odd, is no limit of the client's.
    #[tokio::test]
    async fn what_is_no_http_is_no_answer() {
        let (url, _served) = serve(b"SSH-2.0-OpenSSH_9\r\n".to_vec(), false).await;
        let exchange = sent(url).await.unwrap();
        assert_eq!((exchange.status, exchange.error.is_some()), (None, true));
    }

    #[rstest]
    #[case("not a url", "relative URL without a base")]
    #[case("javascript:alert(1)", "URL scheme is not allowed")]
    #[tokio::test]
    async fn what_cannot_be_sent_is_said(#[case] url: &str, #[case] reason: &str) {
        let request = format!("GET {url}");
        assert_eq!(sent(url.to_owned()).await, Err(ClientLimit::Request { request, reason: reason.to_owned() }));
    }

    #[rstest]
    #[case(b"{}", Some(json!({})))]
    #[case(b"\xef\xbb\xbf{}", Some(json!({})))]
    #[case(b"\"\xfc\"", None)]
    #[tokio::test]
    async fn json_is_utf_8_with_or_without_a_mark(#[case] body: &[u8], #[case] expected: Option<Value>) {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        let (url, _served) = serve([head.as_bytes(), body].concat(), false).await;
        assert_eq!(sent(url).await.unwrap().json(), expected);
    }
}

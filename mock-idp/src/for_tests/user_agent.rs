//! The browser of an end-user who signs in at a provider for a test: real HTTP,
//! from the authorization request to the URL that leads back to the client.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Origin, Url};

use super::SignInError;
use crate::end_user::{DENY, END_USER, SECRET};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often the provider may redirect to itself.
const REDIRECTS: usize = 10;

/// Where the provider sends the browser.
#[derive(Debug)]
pub(super) enum Arrival {
    /// To a URL.
    Url(Url),
    /// To a URL to which a form is posted, with its fields (OAuth 2.0 Form
    /// Post Response Mode §2).
    Form(Url, Vec<(String, String)>),
}

/// A browser that knows one provider.
#[derive(Debug)]
pub(super) struct UserAgent<'a> {
    /// The issuer identifier, for messages.
    pub(super) issuer: &'a str,
    /// The origins of the provider, over http and over https.
    pub(super) origins: Vec<Origin>,
    /// Where the provider listens without TLS. All of its origins answer alike,
    /// so the certificate that one of them shows is not looked at.
    pub(super) address: SocketAddr,
    /// The secret without which the provider gives no codes.
    pub(super) secret: &'a str,
}

impl UserAgent<'_> {
    /// Sends the authorization request as the end-user of that name, who says
    /// no if `denial` is an error. Returns what leads away from the provider.
    pub(super) async fn sign_in(
        &self,
        request: &str,
        name: &str,
        denial: Option<&str>,
    ) -> Result<Arrival, SignInError> {
        let mut url = parse(request)?;
        for _ in 0..REDIRECTS {
            if !self.origins.contains(&url.origin()) {
                return Err(SignInError::Elsewhere { url: Box::new(url), issuer: self.issuer.to_owned() });
            }
            let answer = timeout(PATIENCE, self.get(&url, name, denial)).await;
            let answer =
                answer.map_err(|_| SignInError::Connection(format!("timed out after {} s", PATIENCE.as_secs())))??;
            let status = answer.status().as_u16();
            let Some(location) = answer.headers().get(header::LOCATION) else {
                let page = answer.into_body().collect().await.map_err(connection)?.to_bytes();
                let page = String::from_utf8_lossy(&page).into_owned();
                return form(&page).ok_or(SignInError::Stays { status, page });
            };
            let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
            let next = url.join(&location).map_err(|_| SignInError::NotAUrl(location))?;
            // A client may well be below the provider's own origin, but never at this path.
            if next.origin() != url.origin() || next.path() != url.path() {
                return Ok(Arrival::Url(next));
            }
            url = next;
        }
        Err(SignInError::Stays { status: 302, page: format!("{REDIRECTS} redirects to {url}") })
    }

    async fn get(
        &self,
        url: &Url,
        name: &str,
        denial: Option<&str>,
    ) -> Result<axum::http::Response<Incoming>, SignInError> {
        let value =
            |text: &str| HeaderValue::from_bytes(text.as_bytes()).map_err(|_| SignInError::Name(name.to_owned()));
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = Request::get(target)
            .header(header::HOST, url.authority())
            .header(SECRET, value(self.secret)?)
            .header(END_USER, value(name)?);
        if let Some(denial) = denial {
            request = request.header(DENY, value(denial)?);
        }
        let request = request.body(Body::empty()).map_err(connection)?;
        let stream = TcpStream::connect(self.address).await.map_err(connection)?;
        let (mut sender, connected) = http1::handshake(TokioIo::new(stream)).await.map_err(connection)?;
        tokio::spawn(connected);
        sender.send_request(request).await.map_err(connection)
    }
}

/// The form of a page that the provider wrote, if it has one that posts itself.
fn form(page: &str) -> Option<Arrival> {
    let unescape = |text: &str| {
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        text.replace("&amp;", "&")
    };
    let (_, rest) = page.split_once("<form method=\"post\" action=\"")?;
    let (action, rest) = rest.split_once('"')?;
    let fields = rest.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
        let (name, rest) = input.split_once("\" value=\"")?;
        Some((unescape(name), unescape(rest.split_once('"')?.0)))
    });
    Some(Arrival::Form(Url::parse(&unescape(action)).ok()?, fields.collect::<Option<_>>()?))
}

fn parse(text: &str) -> Result<Url, SignInError> {
    Url::parse(text).map_err(|_| SignInError::NotAUrl(text.to_owned()))
}

fn connection(error: impl std::fmt::Display) -> SignInError {
    SignInError::Connection(error.to_string())
}

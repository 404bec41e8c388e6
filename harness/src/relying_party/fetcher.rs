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

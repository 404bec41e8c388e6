//! A test with a quirk: the provider is down for a while, then recovers. What
//! fetches the discovery document here stands for the code under test.

use std::error::Error;

use mock_idp::{Endpoint, MockIdp};
use reqwest::StatusCode;

/// The code under test: asks again until it gets the document, three times at
/// most.
async fn discover(issuer: &str) -> Result<reqwest::Response, reqwest::Error> {
    let http = reqwest::Client::builder().build()?;
    let mut answer = http.get(format!("{issuer}/.well-known/openid-configuration")).send().await?;
    for _ in 0..2 {
        if answer.status().is_success() {
            break;
        }
        answer = http.get(answer.url().clone()).send().await?;
    }
    Ok(answer)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let idp = MockIdp::start().await;
    idp.misbehave("discovery-status=503")?;
    assert_eq!(discover(idp.issuer()).await?.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(idp.requests(Endpoint::Discovery).len(), 3);
    assert_eq!(idp.requests(Endpoint::Discovery)[0].altered_by, ["discovery-status"]);

    idp.behave();
    assert_eq!(discover(idp.issuer()).await?.status(), StatusCode::OK);
    assert_eq!(idp.requests(Endpoint::Discovery).len(), 4);

    // A quirk that no answer shows proves nothing: dropped, the provider would panic.
    idp.misbehave("expired")?;
    let unnoticed = idp.finish().map_err(|unnoticed| unnoticed.unexercised);
    assert_eq!(unnoticed, Err(vec!["expired".to_owned()]));
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_provider_recovers() {
        assert!(super::main().map_err(|error| error.to_string()).is_ok());
    }
}

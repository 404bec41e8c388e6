//! A client that knows two issuers of one provider, and a code of the one that
//! is brought to the other (RFC 9700 §4.4): the second knows nothing of it.

use std::error::Error;

use mock_idp::{Endpoint, MockIdp};

/// Signs Alice in; returns the code.
async fn code(idp: &MockIdp) -> Result<String, Box<dyn Error>> {
    let (issuer, id) = (idp.issuer(), idp.client_id());
    let redirect_uri = "http://localhost/callback";
    let request =
        format!("{issuer}/authorize?response_type=code&scope=openid&client_id={id}&redirect_uri={redirect_uri}");
    let callback = idp.sign_in(&request, &idp.user("alice")).await?;
    // Both are at one origin, so only `iss` shows which one answers (RFC 9207).
    assert!(callback.query_pairs().any(|(name, value)| name == "iss" && value == issuer));
    let code = callback.query_pairs().find(|(name, _)| name == "code").ok_or("no code")?;
    Ok(code.1.into_owned())
}

/// The status of the answer to a code.
async fn redeem(idp: &MockIdp, code: &str) -> Result<u16, reqwest::Error> {
    let form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "http://localhost/callback")];
    let request = reqwest::Client::builder().build()?.post(format!("{}/token", idp.issuer()));
    let request = request.basic_auth(idp.client_id(), Some(idp.client_secret()));
    Ok(request.form(&form).send().await?.status().as_u16())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let staff = MockIdp::builder().path("/staff").client("staff-client", "its secret").start().await;
    let guests = staff.beside().path("/guests").start().await;

    assert_eq!(redeem(&guests, &code(&guests).await?).await?, 200);
    assert_eq!(redeem(&guests, &code(&staff).await?).await?, 400);

    // Each has a journal of its own.
    assert_eq!(guests.requests(Endpoint::Token).len(), 2);
    assert_eq!(staff.requests(Endpoint::Token).len(), 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn issuers_are_apart() {
        assert!(super::main().map_err(|error| error.to_string()).is_ok());
    }
}

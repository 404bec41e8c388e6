//! One sign-in with a code: an authorization request and a token request,
//! both answers checked.

use std::io;
use std::net::SocketAddr;

use serde_json::Value;
use url::form_urlencoded;

use super::DISCOVERY;
use super::connection::{Answer, Connection};
use super::peer::{CLIENT_ID, CLIENT_SECRET, HEADERS, REDIRECT_URI, SignIn};

// The example of RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The requests of a flow, made once.
pub struct Flow {
    authorize: Vec<u8>,
    token_path: String,
    signatures: u8,
}

/// Base64 of the 256 bytes that RSA with 2048 bits makes.
const SIGNATURE_LENGTH: usize = 342;

impl Flow {
    /// Finds the endpoints and, where there must be one, makes a session.
    pub async fn prepare(address: SocketAddr, sign_in: SignIn, signatures: u8) -> io::Result<Self> {
        let mut connection = Connection::new(address);
        let metadata: Value = serde_json::from_slice(connection.exchange(DISCOVERY).await?.body)?;
        let path = |name: &str| {
            let url = metadata[name].as_str().and_then(|url| url.splitn(4, '/').nth(3));
            url.map(|path| format!("/{path}")).ok_or_else(|| io::Error::other(format!("there is no {name}")))
        };
        let redirect_uri = encoded(REDIRECT_URI);
        let query = format!(
            "client_id={CLIENT_ID}&redirect_uri={redirect_uri}&response_type=code&scope=openid%20email%20profile\
             &state=of-the-benchmark&nonce=of-the-benchmark&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let target = format!("{}?{query}", path("authorization_endpoint")?);
        let authorize = match sign_in {
            SignIn::AtOnce => get(&target, HEADERS),
            SignIn::Form => post(&target, "sub=alice"),
            SignIn::Session => get(&target, &session(&mut connection, &target).await?),
        };
        Ok(Self { authorize, token_path: path("token_endpoint")?, signatures })
    }

    /// Signs in once.
    pub async fn run(&self, connection: &mut Connection) -> io::Result<()> {
        let answer = connection.exchange(&self.authorize).await?;
        let code = code(&answer).ok_or_else(|| wrong("authorization", &answer))?;
        let form = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={}\
             &client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&code_verifier={VERIFIER}",
            encoded(REDIRECT_URI)
        );
        let answer = connection.exchange(&post(&self.token_path, &form)).await?;
        let is_right = answer.status == 200
            && is_signed(&answer, "id_token")
            && is_signed(&answer, "access_token") == (self.signatures == 2);
        if is_right { Ok(()) } else { Err(wrong("token", &answer)) }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn get(target: &str, headers: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n").into_bytes()
}

fn post(target: &str, form: &str) -> Vec<u8> {
    let head = "host: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded";
    format!("POST {target} HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{form}", form.len()).into_bytes()
}

fn code<'a>(answer: &'a Answer<'_>) -> Option<&'a str> {
    let location = answer.headers("location").first().copied()?;
    location.split(['?', '&']).find_map(|pair| pair.strip_prefix("code="))
}

/// Whether that member is a JWT with a signature of RSA with 2048 bits. The
/// signature is not verified: that would cost more than everything else here.
fn is_signed(answer: &Answer<'_>, member: &str) -> bool {
    let signed = || {
        let (_, rest) = std::str::from_utf8(answer.body).ok()?.split_once(&format!("\"{member}\""))?;
        let token = rest.split('"').nth(1)?;
        let parts: Vec<&str> = token.split('.').collect();
        Some(parts.len() == 3 && parts[2].len() == SIGNATURE_LENGTH)
    };
    signed().unwrap_or(false)
}

fn wrong(endpoint: &str, answer: &Answer<'_>) -> io::Error {
    let body = String::from_utf8_lossy(answer.body);
    io::Error::other(format!("the {endpoint} endpoint answered {}: {body}", answer.status))
}

/// Follows redirects to the first code; returns the cookies of the session as
/// a header line.
async fn session(connection: &mut Connection, target: &str) -> io::Result<String> {
    let mut cookies: Vec<(String, String)> = Vec::new();
    let mut target = target.to_owned();
    for _ in 0..8 {
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let header = format!("cookie: {}\r\n", pairs.join("; "));
        let answer = connection.exchange(&get(&target, &header)).await?;
        for cookie in answer.headers("set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        if code(&answer).is_some() {
            let session = cookies.iter().filter(|(name, _)| name.starts_with("_session"));
            let pairs: Vec<String> = session.map(|(name, value)| format!("{name}={value}")).collect();
            return Ok(format!("cookie: {}\r\n", pairs.join("; ")));
        }
        let location = answer.headers("location").first().copied().ok_or_else(|| wrong("authorization", &answer))?;
        target = match location.strip_prefix("http://") {
            Some(rest) => format!("/{}", rest.split_once('/').map_or("", |(_, path)| path)),
            None => location.to_owned(),
        };
    }
    Err(io::Error::other("redirects without end"))
}

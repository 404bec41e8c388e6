//! Addresses at an origin. A scenario file and a server's answer say where a
//! request goes; what carries credentials goes to one origin alone.

use url::Url;

/// Why a text is no path at an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is relative to nothing.
    #[error("it does not begin with `/`")]
    NoPath,
    /// It leads elsewhere.
    #[error("it points to another server, {0}")]
    AnotherServer(String),
    /// Nothing can be found by it.
    #[error("it is not a valid path: {0}")]
    NoAddress(#[from] url::ParseError),
}

/// What to do about an [`AddressError`]; `example` is a path of the server.
pub fn help(example: &str) -> String {
    format!("write only the path and the query, such as `{example}`: requests go only to the target")
}

/// The URL of a path, perhaps with a query, at `origin`.
pub fn join(origin: &str, path: &str) -> Result<Url, AddressError> {
    let origin = Url::parse(origin)?;
    let url = origin.join(path)?;
    if url.origin() != origin.origin() || !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::AnotherServer(url.host_str().map_or_else(|| url.to_string(), ToOwned::to_owned)));
    }
    if path.starts_with('/') { Ok(url) } else { Err(AddressError::NoPath) }
}

/// Whether a text can be the path of a request, wherever the server is.
pub fn check(path: &str) -> Result<(), AddressError> {
    join("http://server.invalid", path).map(drop)
}

/// An address as messages may show it, even where it is none: dots stand for
/// name and password, query and fragment, because each may be a secret.
pub fn shown(text: &str) -> String {
    let (text, rest) = match text.find(['?', '#']) {
        Some(at) => (&text[..at], format!("{}…", &text[at..=at])),
        None => (text, String::new()),
    };
    let start = text.find("//").map_or(0, |at| at + 2);
    match text.rfind('@') {
        Some(end) if end >= start => format!("{}…{}{rest}", &text[..start], &text[end..]),
        _ => format!("{text}{rest}"),
    }
}

/// Whether an address has a user name or a password, also where it is none.
pub fn has_credentials(text: &str) -> bool {
    match Url::parse(text) {
        Ok(url) if url.has_host() => !url.username().is_empty() || url.password().is_some(),
        _ => text.contains('@'),
    }
}

/// Whether a URL leads to `origin`.
pub fn is_at(origin: &str, url: &str) -> bool {
    let origin_of = |text: &str| Url::parse(text).map(|url| url.origin());
    matches!((origin_of(origin), origin_of(url)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/api/server/features", Some("https://photos.test/api/server/features"))]
    #[case("/a?b=http://evil.test", Some("https://photos.test/a?b=http://evil.test"))]
    #[case("/a/@evil.test", Some("https://photos.test/a/@evil.test"))]
    #[case("/", Some("https://photos.test/"))]
    #[case("@127.0.0.1:39999/steal", None)]
    #[case(":1/steal", None)]
    #[case(".evil.test/steal", None)]
    #[case("//evil.test/x", None)]
    #[case("/\\evil.test/x", None)]
    #[case("\\\\evil.test/x", None)]
    #[case("/\t/evil.test/x", None)]
    #[case(" //evil.test/x", None)]
    #[case("http://evil.test/", None)]
    #[case("https://photos.test@evil.test/", None)]
    #[case("https:evil", None)]
    #[case("//user@photos.test/x", None)]
    #[case("javascript:alert(1)", None)]
    #[case("api/server/features", None)]
    #[case("?a", None)]
    #[case("", None)]
    fn a_path_stays_at_its_server(#[case] path: &str, #[case] expected: Option<&str>) {
        let joined = join("https://photos.test", path);
        assert_eq!(joined.as_ref().ok().map(Url::as_str), expected, "{joined:?}");
        assert_eq!(check(path).is_ok(), expected.is_some());
    }

    #[rstest]
    #[case("https://photos.test/x", "https://photos.test/x")]
    #[case("https://me:hush@photos.test/?token=x", "https://…@photos.test/?…")]
    #[case("https://photos.test/#token=x", "https://photos.test/#…")]
    #[case("https://me:hu@sh@photos.test/x", "https://…@photos.test/x")]
    #[case("https://me:hu//sh@photos.test/x", "https://…@photos.test/x")]
    #[case("me:hush@photos.test", "…@photos.test")]
    #[case("http:/me:hush@photos.test?x", "…@photos.test?…")]
    #[case("http://me:hush@", "http://…@")]
    fn an_address_is_shown_without_secrets(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(shown(text), expected);
    }

    #[rstest]
    #[case("http://u:secret@id.test/realm", true)]
    #[case(" https://u@id.test", true)]
    #[case("u:secret@id.test", true)]
    #[case("http://u:secret@id.test:port", true)]
    #[case("https://id.test/@me?a=b@c", false)]
    #[case("id.test", false)]
    fn credentials_are_seen(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(has_credentials(text), expected);
    }

    #[rstest]
    #[case("https://photos.test/x", true)]
    #[case("HTTPS://Photos.test:443?x", true)]
    #[case("https://photos.test.evil/", false)]
    #[case("https://photos.test@evil.test/", false)]
    #[case("https://photos.test:1/", false)]
    #[case("http://photos.test/", false)]
    #[case("data:text/html,x", false)]
    fn an_origin_is_scheme_host_and_port(#[case] url: &str, #[case] expected: bool) {
        assert_eq!(is_at("https://photos.test", url), expected);
    }
}

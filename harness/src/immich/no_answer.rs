//! Why no answer came from a server, as the HTTP client tells it, and what to
//! do. What an answer means is for [`super::answer`].

/// Why no answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// No program listens at the port.
    Refused,
    /// No host has the name.
    NoHost,
    /// Another reason, in the client's words.
    Other(String),
}

/// What resolvers say of a name that does not exist, by operating system.
const NO_HOST: &[&str] =
    &["Name or service not known", "No address associated", "nodename nor servname", "Name does not resolve"];

impl NoAnswer {
    /// The reason in what the HTTP client says.
    pub(super) fn of(reason: &str) -> Self {
        if reason.contains("Connection refused") {
            Self::Refused
        } else if NO_HOST.iter().any(|words| reason.contains(words)) {
            Self::NoHost
        } else {
            // The address stands before it already.
            let rest = reason.strip_prefix("error sending request for url (").and_then(|rest| rest.split_once("): "));
            Self::Other(rest.map_or(reason, |(_, rest)| rest).to_owned())
        }
    }

    /// Whether it is about the server, whatever was asked for.
    pub(super) const fn is_of_the_server(&self) -> bool {
        matches!(self, Self::Refused | Self::NoHost)
    }

    /// The reason in words.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Refused => "connection refused",
            Self::NoHost => "DNS does not know this host name",
            Self::Other(reason) => reason,
        }
    }

    /// What to do about it.
    pub(super) const fn help(&self) -> &'static str {
        match self {
            Self::Refused => "start the server, or correct the host and the port in --target",
            Self::NoHost => "correct the host name in --target",
            Self::Other(_) => "check that the server is running, and that no firewall blocks its port",
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("client error (Connect): tcp connect error: Connection refused (os error 111)", "connection refused")]
    #[case(
        "dns error: failed to lookup address information: Name or service not known",
        "DNS does not know this host name"
    )]
    #[case("connection closed before message completed", "connection closed before message completed")]
    fn a_reason_stands_in_plain_words(#[case] said: &str, #[case] expected: &str) {
        let said = format!("error sending request for url (http://a/api/server/ping): {said}");
        assert_eq!(NoAnswer::of(&said).text(), expected);
    }
}

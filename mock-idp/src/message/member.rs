//! The parts of a message that a quirk or an overlay can change, and the one
//! table of their names and places. Which parts hide others is in [`crate::quirk`].

use std::fmt;

use super::Topic;

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member<'a> {
    /// A metadata value, claim, parameter or body member, by its name.
    Named(&'a str),
    /// A parameter of the JOSE header, by its name.
    Header(&'a str),
    /// The signature of a JWT.
    Signature,
    /// What a JWT signs, as a whole.
    Payload,
    /// The body of the answer, as a whole.
    Body,
    /// The status of the answer.
    Status,
    /// The header `Content-Type`.
    ContentType,
    /// The header `Location`.
    Location,
    /// The header `Retry-After`.
    RetryAfter,
    /// The header `Content-Encoding`.
    ContentEncoding,
    /// The header `Transfer-Encoding`.
    TransferEncoding,
    /// The response mode of an authorization response.
    ResponseMode,
    /// How long the answer waits.
    Delay,
    /// Whether the connection breaks off.
    Cut,
    /// Whether the connection stays open without an answer.
    Hang,
    /// Whether the provider accepts the authorization request.
    Accept,
    /// The page on which the provider ends the authorization request.
    Page,
    /// The objection to a token request on this topic.
    Objection(Topic),
}

/// Where a member stands in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Beside the body: it shows whatever the body is, as status, headers and
    /// time do.
    BesideBody,
    /// In a JWT beside the payload: it shows whatever the payload is.
    BesidePayload,
    /// A replaced body or payload hides it.
    Within,
}

impl<'a> Member<'a> {
    /// The one row of each: its own name, and where it stands.
    const fn row(self) -> (&'a str, Place) {
        match self {
            Self::Named(name) => (name, Place::Within),
            Self::Header(name) => (name, Place::BesidePayload),
            Self::Signature => ("signature", Place::BesidePayload),
            Self::Payload => ("payload", Place::Within),
            Self::Body => ("body", Place::Within),
            Self::Status => ("status", Place::BesideBody),
            Self::ContentType => ("content-type", Place::BesideBody),
            Self::Location => ("location", Place::BesideBody),
            Self::RetryAfter => ("retry-after", Place::BesideBody),
            Self::ContentEncoding => ("content-encoding", Place::BesideBody),
            Self::TransferEncoding => ("transfer-encoding", Place::BesideBody),
            Self::ResponseMode => ("delivery", Place::Within),
            Self::Delay => ("delay", Place::BesideBody),
            Self::Cut => ("cut", Place::Within),
            Self::Hang => ("hang", Place::Within),
            Self::Accept => ("accept", Place::Within),
            Self::Page => ("page", Place::Within),
            Self::Objection(topic) => (topic.name(), Place::Within),
        }
    }

    /// Whether it shows whatever the body is: status, headers, and time.
    pub(crate) const fn is_beside_body(self) -> bool {
        matches!(self.row().1, Place::BesideBody)
    }

    /// Whether it is a part of a JWT beside the payload.
    pub(crate) const fn is_beside_payload(self) -> bool {
        matches!(self.row().1, Place::BesidePayload)
    }
}

/// The name in reports and in `explain`.
impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if matches!(self, Self::Header(_)) { "header." } else { "" };
        write!(f, "{prefix}{}", self.row().0)
    }
}

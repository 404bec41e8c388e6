//! The parts of a message that a quirk or an overlay can change, and the one
//! table of their names. Which parts hide others is in [`crate::quirk`].

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

impl Member<'_> {
    /// Whether it shows whatever the body is: status, headers, and time.
    pub(crate) const fn is_beside_body(self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::ContentType
                | Self::Location
                | Self::RetryAfter
                | Self::ContentEncoding
                | Self::TransferEncoding
                | Self::Delay
        )
    }

    /// Whether it is a part of a JWT beside the payload.
    pub(crate) const fn is_beside_payload(self) -> bool {
        matches!(self, Self::Header(_) | Self::Signature)
    }
}

/// The name in reports and in `explain`.
impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Named(name) => name,
            Self::Header(name) => return write!(f, "header.{name}"),
            Self::Signature => "signature",
            Self::Payload => "payload",
            Self::Body => "body",
            Self::Status => "status",
            Self::ContentType => "content-type",
            Self::Location => "location",
            Self::RetryAfter => "retry-after",
            Self::ContentEncoding => "content-encoding",
            Self::TransferEncoding => "transfer-encoding",
            Self::ResponseMode => "delivery",
            Self::Delay => "delay",
            Self::Cut => "cut",
            Self::Hang => "hang",
            Self::Accept => "accept",
            Self::Page => "page",
            Self::Objection(topic) => topic.name(),
        })
    }
}

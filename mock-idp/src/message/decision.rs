//! What the provider decides on a request, as a draft that quirks may change.
//! How it judges the request, and the answer that follows, are in
//! [`crate::endpoint`].

use std::borrow::Cow;

use crate::protocol::OAuthError;

/// The decision that a draft holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Decision {
    /// None: the message goes out.
    #[default]
    None,
    /// On an authorization request.
    Authorization(Verdict),
    /// On a token request.
    Token(Objections),
}

/// The decision on an authorization request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The code, for the case that the request is accepted.
    pub(crate) code: String,
    /// What follows.
    pub(crate) end: End,
}

/// How an authorization request ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// The user agent goes back with the code.
    Accept,
    /// The user agent goes back with this error (RFC 6749 §4.1.2.1).
    Refuse {
        /// Its code.
        error: String,
        /// Its description.
        description: String,
    },
    /// The user agent stays on a page of the provider.
    Stay {
        /// The status of the page.
        status: u16,
        /// Its text.
        page: &'static str,
    },
}

/// What speaks against a token request. The first objection is the answer;
/// without any, the provider accepts the request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Objections {
    list: Vec<Objection>,
    /// The redirect URI of the authorization request, if the code is known.
    pub(crate) redirect_uri: Option<String>,
}

/// An error that answers a token request (RFC 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    pub(crate) topic: Topic,
    pub(crate) status: u16,
    pub(crate) error: Cow<'static, str>,
    pub(crate) description: &'static str,
}

/// What an objection is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// How the client proves who it is.
    Client,
    /// Parameters that come twice.
    Parameters,
    /// The grant type.
    GrantType,
    /// The code.
    Code,
    /// A code that was used before.
    Reuse,
    /// A code that has expired.
    Lifetime,
    /// The redirect URI.
    RedirectUri,
    /// The code verifier (RFC 7636 §4.6).
    CodeVerifier,
    /// The proof of possession (RFC 9449 §5).
    Dpop,
    /// The request as a whole.
    Request,
}

impl Topic {
    /// The name in reports and in `explain`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Parameters => "parameters",
            Self::GrantType => "grant_type",
            Self::Code => "code",
            Self::Reuse => "reuse",
            Self::Lifetime => "lifetime",
            Self::RedirectUri => "redirect_uri",
            Self::CodeVerifier => "code_verifier",
            Self::Dpop => "dpop",
            Self::Request => "request",
        }
    }
}

impl Objection {
    /// An objection in the provider's own words, with status 400.
    pub(crate) fn new(topic: Topic, error: impl Into<Cow<'static, str>>, description: &'static str) -> Self {
        Self { topic, status: 400, error: error.into(), description }
    }

    /// An objection with a registered error and the status that fits it.
    pub(crate) fn registered(topic: Topic, error: OAuthError) -> Self {
        Self { status: error.status(), ..Self::new(topic, error.code, error.description) }
    }
}

impl Objections {
    /// Puts an objection last, or in the place of the one on its topic.
    pub(crate) fn put(&mut self, objection: Objection) {
        match self.about(objection.topic) {
            Some(known) => *known = objection,
            None => self.list.push(objection),
        }
    }

    /// The objection on a topic.
    pub(crate) fn about(&mut self, topic: Topic) -> Option<&mut Objection> {
        self.list.iter_mut().find(|objection| objection.topic == topic)
    }

    /// Drops the objection on a topic.
    pub(crate) fn drop(&mut self, topic: Topic) {
        self.list.retain(|objection| objection.topic != topic);
    }

    /// The first objection.
    pub(crate) fn into_first(self) -> Option<Objection> {
        self.list.into_iter().next()
    }
}

//! A relying party of OpenID Connect: discovery, authorization request and
//! response, token request, ID token, `UserInfo`.
//!
//! Each step returns what the provider sent, as typed findings, and no verdict.
//! The caller decides what counts: the reference server strictly, by its rules.
//! HTTP client, limits and time are parameters. It shares no code with the
//! provider, and knows no server that uses it.

mod answer;
mod authorization_request;
mod authorization_response;
mod client_authentication;
mod discovery;
mod fetcher;
mod jwt;
mod key_set;
mod member;
mod metadata;
mod signature;
mod token_findings;
mod token_response;
mod userinfo;

pub use answer::{Answer, FetchError, NotAnObject};
pub use authorization_request::{AuthorizationRequest, challenge};
pub use authorization_response::{AuthorizationResponse, Parameter};
pub use client_authentication::{ClientIdentity, Credentials, basic, credentials, post};
pub use discovery::{Discovery, DiscoveryDocument, IssuerMatch, discover, discovery_address};
pub use fetcher::{Fetcher, Limits, ProviderRequest};
pub use jwt::{Jwt, UnreadableJwt};
pub use key_set::{KeyFindings, KeyIdMatch, KeySet, TokenKey, decoding_key, key_set};
pub use member::{Comparison, MemberType, Moment};
pub use metadata::{Metadata, MetadataMember};
pub use signature::{SigningMethod, verifies};
pub use token_findings::{Audience, Expectation, HashMatch, TokenFindings};
pub use token_response::{TokenRequest, TokenResponse, Tokens, redeem};
pub use userinfo::{SubjectMatch, UserInfo, UserInfoBody, userinfo};

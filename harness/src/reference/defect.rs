//! Bugs that can be planted, from real ones where one is known. Each puts
//! something wrong in the place of one rule or leaves out one check.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::fetch::{Purpose, Trust};
use super::foreign_key::ForeignKey;
use super::id_token::IdTokenCheck;
use super::key_set::{decoding_key, is_named};
use super::rules::{Rules, allows_insecure, mobile_override};
use super::userinfo::Form;
use super::{mistake, mistaken_flow};

/// One bug.
pub struct Defect {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What goes wrong.
    pub text: &'static str,
    pub(super) plant: fn(&mut Rules),
}

impl std::fmt::Debug for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! defects {
    ($($name:literal, $text:literal, $plant:expr;)*) => {
        /// All of them.
        pub static DEFECTS: &[&Defect] = &[$(&Defect { name: $name, text: $text, plant: $plant }),*];
    };
}

fn without(rules: &mut Rules, name: &str) {
    rules.id_token.retain(|check| check.name != name);
}

/// Puts a wrong check in the place of the right one of its name.
fn instead(rules: &mut Rules, check: &'static IdTokenCheck) {
    without(rules, check.name);
    rules.id_token.push(check);
}

fn userinfo_without(rules: &mut Rules, name: &str) {
    rules.userinfo.token.retain(|check| check.name != name);
}

fn logout_without(rules: &mut Rules, name: &str) {
    rules.logout_token.retain(|check| check.name != name);
}

defects! {
    "state-ignored", "The state is compared with itself (Immich up to 1.131).", |rules| rules.state = |_, _| true;
    "response-issuer-ignored", "The callback's `iss` is not looked at.", |rules| rules.response.issuer = |_, _| true;
    "error-response-ignored", "An error in the callback is not looked at.", |rules| rules.response.error_ends = false;
    "callback-while-disabled", "The callback works while OAuth is disabled (Immich 1.118 to 2.6.0).",
        |rules| rules.enabled = |_| true;
    "authorize-while-disabled", "A sign-in starts while OAuth is disabled.", |rules| {
        rules.enabled_at_authorize = |_| true;
        rules.enabled = |_| true;
    };
    "userinfo-status-ignored", "The status of a UserInfo answer is not looked at.",
        |rules| rules.userinfo_status = |_| true;
    "issuer-mismatch-accepted", "The discovery document may name any issuer.", |rules| rules.issuer = |_, _| true;
    "issuer-slash-stripped", "The issuer URL loses its slash before it is compared (as in many applications).",
        |rules| rules.issuer = |configured, document| configured.trim_end_matches('/') == document;
    "suffix-appended-twice", "The well-known suffix is appended to full addresses, too.",
        |rules| rules.discovery_url = |url| format!("{}/.well-known/openid-configuration", url.trim_end_matches('/'));
    "suffix-never-appended", "The well-known suffix is never appended.",
        |rules| rules.discovery_url = ToOwned::to_owned;
    "insecure-allowed", "The provider is reached over http although that is not allowed.",
        |rules| {
            rules.insecure = |_| true;
            rules.fetch.insecure_endpoints = |_, _| true;
        };
    "http-endpoints-accepted", "Endpoints of an https issuer are reached over http although that is not allowed.",
        |rules| rules.fetch.insecure_endpoints = |_, _| true;
    "http-endpoints-refused", "Endpoints of an https issuer are never reached over http, although that is allowed.",
        |rules| rules.fetch.insecure_endpoints = |issuer, settings| issuer.starts_with("http:") && allows_insecure(settings);
    "certificates-not-verified", "Any certificate of the provider is taken.",
        |rules| rules.fetch.trust = |_, _| Trust::Anything;
    "allow-insecure-disables-certificates", "To allow http is taken for to allow any certificate (as Immich 3.0 words it).",
        |rules| rules.fetch.trust = |_, settings| if allows_insecure(settings) { Trust::Anything } else { Trust::Verified };
    "authority-forgotten-for-keys", "Keys are fetched without the certificate authority that the server was told to trust.",
        |rules| rules.fetch.trust = |purpose, _| if purpose == Purpose::Keys { Trust::Nothing } else { Trust::Verified };
    "timeout-in-seconds", "The timeout setting is taken for seconds (Immich from 1.133).",
        |rules| rules.timeout = Duration::from_secs;
    "discovery-status-ignored", "A discovery document of any status is taken.",
        |rules| rules.metadata.status = |_| true;
    "content-type-exact", "`application/json` is known only in this very spelling.",
        |rules| rules.metadata.content_type = |kind| kind == "application/json";
    "optional-metadata-wanted", "A discovery document without its optional members is refused.", |rules| {
        rules.metadata.members = |metadata| {
            ["scopes_supported", "claims_supported", "grant_types_supported", "response_modes_supported"]
                .iter()
                .all(|name| metadata.0.contains_key(*name))
        };
    };
    "unknown-metadata-refused", "A discovery document with unknown members is refused.", |rules| {
        rules.metadata.members = |metadata| metadata.0.keys().all(|name| !name.starts_with("vendor"));
    };
    "script-address-accepted", "People are sent wherever the discovery document says, be it a script.",
        |rules| rules.metadata.authorization_url = |text| Url::parse(text).ok();
    "endpoint-query-dropped", "The query of the authorization endpoint's own address gets lost.", |rules| {
        rules.metadata.authorization_url = |text| {
            let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
            url.set_query(None);
            Some(url)
        };
    };
    "endpoints-guessed", "The token endpoint is looked for below the issuer, whatever the discovery document says.",
        |rules| {
            rules.metadata.token_endpoint =
                |metadata| format!("{}/token", metadata.text("issuer").trim_end_matches('/'));
        };
    "failures-kept", "A provider that failed once is not tried again until a restart.",
        |rules| rules.metadata.failures_kept = true;
    "password-needs-provider", "Nobody signs in with a password while the provider is down.",
        |rules| rules.password_needs_provider = true;
    "userinfo-unbounded", "UserInfo is waited for without an end.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::UserInfo;
    "keys-unbounded", "The provider's keys are waited for without an end.",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Keys;
    "keys-kept", "The provider's keys are fetched once and never again.", |rules| rules.keys.kept = true;
    "first-key-only", "Only the first key of a set is looked at.", |rules| {
        rules.keys.of_set = |set| set["keys"].as_array().into_iter().flatten().take(1).cloned().collect();
    };
    "one-bad-key-spoils-all", "A set with a key that cannot be used is not used at all.", |rules| {
        rules.keys.of_set = |set| {
            let keys = set["keys"].as_array().cloned().unwrap_or_default();
            if keys.iter().all(|key| decoding_key(key).is_some()) { keys } else { Vec::new() }
        };
    };
    "key-use-wanted", "Keys that do not say that they are for signatures are not used.",
        |rules| rules.keys.fits = |key, kid, _| is_named(key, kid) && key["use"] == "sig";
    "key-id-wanted", "Keys without an id are not used.",
        |rules| rules.keys.fits = |key, kid, _| kid.is_some() && is_named(key, kid);
    "key-purpose-ignored", "Keys are used for what they are not meant for.",
        |rules| rules.keys.fits = |key, kid, _| is_named(key, kid);
    "pkce-any-method", "PKCE is used with providers that advertise another kind of it.",
        |rules| rules.pkce = |metadata| metadata.0.contains_key("code_challenge_methods_supported");
    "pkce-never", "PKCE is never used (Immich up to 1.131).", |rules| rules.pkce = |_| false;
    "pkce-always", "PKCE is used with providers that do not advertise it.", |rules| rules.pkce = |_| true;
    "challenge-without-verifier", "Providers that do not advertise PKCE get a challenge and no verifier (Immich 1.132 to 1.134).",
        |rules| rules.challenge_unasked = true;
    "verifier-not-sent", "The verifier is kept back (as in Immich 1.132 to 1.134).",
        |rules| rules.send_verifier = false;
    "scope-fixed", "The scope setting has no effect.", |rules| rules.scope = |_| "openid email profile".to_owned();
    "override-forgotten-at-authorize", "The mobile override is forgotten at the authorization request (Immich 1.118.0).",
        |rules| rules.redirect_at_authorize = |uri, _| uri.to_owned();
    "override-forgotten-at-token", "The mobile override is forgotten at the token request.",
        |rules| rules.redirect_at_token = |uri, _| uri.to_owned();
    "override-always", "The mobile override acts although it is off.",
        |rules| rules.redirect_at_authorize = |uri, setting| {
            mobile_override(uri, super::rules::Override { enabled: true, ..setting })
        };
    "override-one-spelling", "The mobile override knows only one spelling of the app's address (Immich 1.113 to 1.117).",
        |rules| rules.redirect_at_authorize = |uri, setting| {
            if uri.starts_with("app.immich:///") { mobile_override(uri, setting) } else { uri.to_owned() }
        };
    "always-post", "The client secret is always sent in the body.", |rules| rules.basic = |_| false;
    "always-basic", "The client secret is always sent in the header.", |rules| rules.basic = |_| true;
    "token-type-ignored", "Any token type is taken for a bearer token.", |rules| rules.token_response.kind = |_| true;
    "token-type-case", "`bearer` in lower case is not known.", |rules| rules.token_response.kind = |kind| kind == Some("Bearer");
    "id-token-optional", "A token response without an ID token is enough (Immich from 1.132).",
        |rules| {
            rules.id_token_required = false;
            rules.userinfo_subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "signature-ignored", "ID-token signatures are not verified (Immich from 1.132).", |rules| rules.signature = false;
    "algorithm-ignored", "Any algorithm is accepted.", |rules| without(rules, "algorithm");
    "unsigned-accepted", "Unsigned ID tokens are accepted.", |rules| {
        without(rules, "algorithm");
        rules.signature = false;
    };
    "critical-ignored", "Critical header extensions are ignored.", |rules| without(rules, "critical");
    "public-key-as-secret", "The token chooses the algorithm, and HMAC is verified with the provider's public key.",
        |rules| {
            without(rules, "algorithm");
            logout_without(rules, "algorithm");
            rules.reading.foreign_key = Some(ForeignKey::PublicAsSecret);
        };
    "embedded-key-believed", "A key in the token's own header is believed.",
        |rules| rules.reading.foreign_key = Some(ForeignKey::Embedded);
    "key-url-believed", "The token says where its key is, and is believed.",
        |rules| rules.reading.foreign_key = Some(ForeignKey::AtUrl);
    "key-id-opens-files", "The token's key id is taken for the name of a file with the key.",
        |rules| rules.reading.foreign_key = Some(ForeignKey::NamedByKeyId);
    "none-in-another-case", "`none` is refused, and `nOnE` is not.", |rules| {
        instead(rules, &mistake::ALGORITHM_BUT_NONE);
        rules.reading.counts_unsigned = |_, jwt| {
            jwt.header.get("alg").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("none"))
        };
    };
    "empty-signature-accepted", "A signature of no bytes is taken for none that could be wrong.",
        |rules| rules.reading.counts_unsigned = |token, _| token.ends_with('.');
    "key-id-required", "An ID token without a key id is refused.",
        |rules| rules.id_token.push(&mistake::KEY_ID_REQUIRED);
    "kind-ignored", "The kind of a token, `typ` of its header, is not looked at.", |rules| without(rules, "type");
    "known-header-only", "Header parameters that nobody needs make an ID token wrong.",
        |rules| rules.id_token.push(&mistake::KNOWN_HEADER_ONLY);
    "any-letters", "ID tokens are read in plain base64, too, with padding and line breaks.",
        |rules| rules.reading.letters = mistake::any_letters;
    "fourth-part-ignored", "What comes after the third part of an ID token is not looked at.",
        |rules| rules.reading.letters = |token| token.split('.').take(3).collect::<Vec<_>>().join(".");
    "usual-algorithms-only", "Only RS256, ES256 and HS256 are known.", |rules| {
        rules.id_token.push(&mistake::USUAL_ALGORITHM);
    };
    "issuer-ignored", "The ID token's issuer is not looked at.", |rules| without(rules, "issuer");
    "audience-ignored", "The ID token's audience is not looked at.", |rules| without(rules, "audience");
    "more-audiences-accepted", "An ID token for others, too, is accepted.", |rules| without(rules, "only-audience");
    "authorized-party-ignored", "The ID token's `azp` is not looked at.", |rules| without(rules, "authorized-party");
    "subject-ignored", "An ID token without a subject is accepted (Immich up to 1.125).", |rules| {
        without(rules, "subject");
        rules.userinfo_subject = |id_token, userinfo| id_token.get("sub").is_none_or(|sub| sub == "" || Some(sub) == userinfo.get("sub"));
        rules.subject = |claims| Some(claims.get("sub").and_then(Value::as_str).unwrap_or("undefined").to_owned());
    };
    "issued-at-ignored", "An ID token without `iat` is accepted.", |rules| without(rules, "issued-at");
    "missing-expiry-accepted", "An ID token that never runs out is accepted.", |rules| without(rules, "has-expiry");
    "expiry-ignored", "An ID token that has run out is accepted.", |rules| without(rules, "expiry");
    "not-before-ignored", "An ID token that is not valid yet is accepted.", |rules| without(rules, "not-before");
    "nonce-ignored", "A nonce that was never sent is accepted.", |rules| without(rules, "nonce");
    "issuer-slash-ignored", "A slash at the end of the ID token's issuer makes no difference.",
        |rules| instead(rules, &mistake::ISSUER_WITHOUT_SLASH);
    "issuer-by-its-beginning", "The ID token's issuer only has to begin with the right one.",
        |rules| instead(rules, &mistake::ISSUER_BY_ITS_BEGINNING);
    "issuer-coerced", "A list with the issuer in it is taken for the issuer.",
        |rules| instead(rules, &mistake::ISSUER_COERCED);
    "audience-contained", "The client's id only has to occur in the ID token's audience.",
        |rules| instead(rules, &mistake::AUDIENCE_CONTAINED);
    "audience-in-any-case", "Client ids are compared without regard to case.",
        |rules| instead(rules, &mistake::AUDIENCE_IN_ANY_CASE);
    "audience-only-text", "A list of audiences is not understood.",
        |rules| instead(rules, &mistake::AUDIENCE_ONLY_TEXT);
    "audience-of-any-type", "An audience that is neither text nor a list is accepted.",
        |rules| instead(rules, &mistake::AUDIENCE_ONLY_OF_TEXTS);
    "audience-of-nobody", "An empty list of audiences is accepted.",
        |rules| instead(rules, &mistake::AUDIENCE_OF_NOBODY);
    "subject-of-any-type", "A subject that is no text is made one (Immich 2.7 takes a number).", |rules| {
        instead(rules, &mistake::SUBJECT_OF_ANY_TYPE);
        rules.subject = mistake::subject_as_text;
        rules.userinfo_subject = |id_token, userinfo| {
            mistake::subject_as_text(id_token) == mistake::subject_as_text(userinfo) || id_token.contains_key("email")
        };
    };
    "subject-cut-off", "Only the first 255 characters of a subject are kept.",
        |rules| rules.subject = |claims| {
            let sub = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty())?;
            Some(sub.chars().take(255).collect())
        };
    // The library that verifies signatures refuses such tokens by itself.
    "first-duplicate-counts", "Of several members of one name, the first counts.", |rules| {
        rules.reading.parse = mistake::parse_first_of_each;
        rules.signature = false;
    };
    "empty-nonce-accepted", "A nonce that is null, zero or an empty text is taken for none.",
        |rules| instead(rules, &mistake::NONCE_UNLESS_EMPTY);
    "issued-at-of-any-type", "The ID token's `iat` may be anything.",
        |rules| instead(rules, &mistake::ISSUED_AT_OF_ANY_TYPE);
    "not-before-of-any-type", "An `nbf` that is no number is ignored.",
        |rules| instead(rules, &mistake::NOT_BEFORE_IF_A_NUMBER);
    "expiry-in-32-bits", "The ID token's `exp` is kept in 32 bits, which end in 2038.",
        |rules| instead(rules, &mistake::EXPIRY_IN_32_BITS);
    "expiry-in-whole-seconds", "An `exp` with a fraction is no number.",
        |rules| instead(rules, &mistake::EXPIRY_IN_WHOLE_SECONDS);
    "unreadable-id-token-skipped", "An ID token that cannot be read is taken for none, and UserInfo is enough.",
        |rules| {
            rules.reading.unreadable_ends = false;
            rules.userinfo_subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "small-tokens-only", "Answers of more than 16 KiB are not read.", |rules| rules.fetch.limit = 16 * 1024;
    "shallow-tokens-only", "Claims that are deeper than people think are not read.",
        |rules| rules.reading.parse = mistake::parse_shallow;
    "userinfo-skipped", "UserInfo is not asked where the ID token has an email, and all other claims are lost \
        (Immich from 2.6).", |rules| rules.userinfo.completes = false;
    "subjects-in-any-case", "Subjects are compared without regard to case.",
        |rules| rules.same_subject = |account, sub| account.oauth_id.eq_ignore_ascii_case(sub);
    "subjects-trimmed", "Blanks around a subject make no difference.",
        |rules| rules.same_subject = |account, sub| {
            !account.oauth_id.is_empty() && account.oauth_id.trim() == sub.trim()
        };
    "unverified-only-as-boolean", "An `email_verified` of \"false\", in quotes, is taken for verified.",
        |rules| rules.may_link = |account, claims| {
            account.oauth_id.is_empty() && claims.get("email_verified") != Some(&Value::Bool(false))
        };
    "short-columns", "Texts of more than 255 characters fail the sign-in with 500.",
        |rules| rules.storable = |text| text.chars().count() <= 255;
    "control-characters-fail", "A name with a NUL in it fails the sign-in with 500, as PostgreSQL does.",
        |rules| rules.storable = |text| !text.contains('\0');
    "email-of-any-type", "An email that is no text is made one.", |rules| rules.email_claim = |claims| {
        let email = claims.get("email").filter(|email| !email.is_null())?;
        Some(email.as_str().map_or_else(|| email.to_string(), ToOwned::to_owned))
    };
    "quota-in-whole-gibibytes", "Quotas are cut to whole GiB.", |rules| rules.quota = |claim, default| {
        super::rules::quota(claim, default).map(|bytes| (bytes / 1_073_741_824.0).floor() * 1_073_741_824.0)
    };
    "role-only-as-text", "A list of roles is ignored (Immich up to 3.0).", |rules| rules.role = |claim| {
        claim.and_then(Value::as_str).filter(|role| ["admin", "user"].contains(role)).map(|role| role == "admin")
    };
    "role-once", "The role claim counts at the first sign-in only (Immich up to 3.0).",
        |rules| rules.role_each_time = false;
    "picture-failure-ends", "A picture that cannot be had fails the sign-in.",
        |rules| rules.picture.failure_ends = true;
    "picture-unbounded", "The picture is waited for without an end (all versions of Immich).",
        |rules| rules.fetch.waits_for_ever = |purpose| purpose == Purpose::Picture;
    "picture-of-anything", "Whatever comes is kept as the picture (Immich up to 2.7).",
        |rules| rules.picture.is_image = |_| true;
    "picture-ignored", "The picture claim is ignored (Immich up to 1.131).", |rules| rules.picture.at = |_| false;
    "picture-redirect-followed", "The address of the picture may lead the server anywhere (all versions of Immich).",
        |rules| rules.picture.follows = true;
    "label-taken-fails", "A storage label that is taken fails the sign-in with 500 (all versions of Immich).",
        |rules| rules.label_taken_ends = true;
    "userinfo-subject-ignored", "UserInfo may be about somebody else (all versions of Immich).",
        |rules| rules.userinfo_subject = |_, _| true;
    "userinfo-subject-in-any-case", "The subject of UserInfo may be in another case.",
        |rules| rules.userinfo_subject = |id_token, userinfo| {
            let text = |claims: &serde_json::Map<String, Value>| {
                claims.get("sub").and_then(Value::as_str).unwrap_or_default().trim().to_lowercase()
            };
            text(id_token) == text(userinfo)
        };
    "access-token-in-two-places", "The access token goes to UserInfo in the address, too.",
        |rules| rules.userinfo.ask = |request, token| request.bearer_auth(token).query(&[("access_token", token)]);
    "userinfo-signature-ignored", "Signatures of UserInfo are not verified (Immich from 1.132).",
        |rules| rules.userinfo.signature = false;
    "userinfo-algorithm-ignored", "Any algorithm of signed UserInfo is accepted, and none.", |rules| {
        userinfo_without(rules, "algorithm");
        rules.userinfo.signature = false;
    };
    "userinfo-issuer-ignored", "The issuer of signed UserInfo is not looked at.",
        |rules| userinfo_without(rules, "issuer");
    "userinfo-audience-ignored", "The audience of signed UserInfo is not looked at.",
        |rules| userinfo_without(rules, "audience");
    "userinfo-plain-accepted", "Plain UserInfo counts where a signature was agreed on.",
        |rules| rules.userinfo.besides = Some(Form::Plain);
    "userinfo-token-unasked", "UserInfo may be a JWT where none was agreed on, and nobody verifies it.", |rules| {
        rules.userinfo.besides = Some(Form::Token);
        rules.userinfo.token.clear();
        rules.userinfo.signature = false;
    };
    "second-account", "Every sign-in makes an account of its own.", |rules| {
        rules.same_subject = |_, _| false;
        rules.email = |email| email.to_owned();
        rules.may_link = |_, _| true;
    };
    "email-case", "Emails are compared case by case (Immich up to 2.7).", |rules| rules.email = ToOwned::to_owned;
    "account-without-email", "End-users without an email get an account.",
        |rules| rules.email_of_nobody = || Some("nobody@reference.test".to_owned());
    "takeover-by-email", "An account that is linked already is linked anew (Immich up to 1.105).",
        |rules| rules.may_link = |_, _| true;
    "unverified-email-links", "An email that nobody verified links an account (all versions of Immich).",
        |rules| rules.may_link = |account, _| account.oauth_id.is_empty();
    "never-links", "Accounts are never linked by email.", |rules| rules.may_link = |_, _| false;
    "always-registers", "Auto-register off is ignored.", |rules| rules.may_register = |_| true;
    "never-registers", "Auto-register on is ignored.", |rules| rules.may_register = |_| false;
    "name-is-email", "The name claim is ignored.", |rules| rules.name = |_, email| email.to_owned();
    "label-as-it-is", "Storage labels are not cleaned.", |rules| rules.label = ToOwned::to_owned;
    "label-ignored", "Storage labels are ignored.", |rules| rules.label = |_| String::new();
    "quota-in-bytes", "The quota is taken for bytes.",
        |rules| rules.quota = |claim, _| claim.and_then(Value::as_f64);
    "default-quota-ignored", "The default quota is ignored.",
        |rules| rules.quota = |claim, _| claim.and_then(Value::as_f64).map(|number| number * 1_073_741_824.0);
    "role-ignored", "The role claim is ignored.", |rules| rules.role = |_| None;
    "role-in-any-case", "`Admin` makes an administrator, too.", |rules| rules.role = mistake::role_in_any_case;
    "cookies-readable", "Scripts can read the session cookie.", |rules| rules.http_only = false;
    "state-kept", "State and verifier stay after a sign-in.", |rules| rules.clear_state = false;
    "link-stolen", "A subject can be linked to a second account.", |rules| rules.steal_link = true;
    "logout-keeps-session", "Signing out does not end the session.", |rules| rules.logout_ends = false;
    "logout-stays", "Signing out does not lead to the provider.", |rules| rules.logout_redirects = false;
    "logout-token-algorithm", "Any algorithm of a logout token is accepted.", |rules| {
        logout_without(rules, "algorithm");
        rules.logout_signature = false;
    };
    "logout-token-signature", "Signatures of logout tokens are not verified.", |rules| rules.logout_signature = false;
    "logout-token-issuer", "The logout token's issuer is not looked at.", |rules| logout_without(rules, "issuer");
    "logout-token-audience", "The logout token's audience is not looked at.", |rules| logout_without(rules, "audience");
    "logout-token-events", "An ID token is taken for a logout token.", |rules| logout_without(rules, "events");
    "logout-token-nonce", "A logout token may have a nonce.", |rules| logout_without(rules, "nonce");
    "logout-token-issued-at", "A logout token without `iat` is accepted.", |rules| logout_without(rules, "issued-at");
    "logout-token-age", "Old logout tokens are accepted.", |rules| {
        logout_without(rules, "age");
        logout_without(rules, "expiry");
    };
    "logout-token-expiry", "A logout token that has run out is accepted while it is young.",
        |rules| logout_without(rules, "expiry");
    "logout-token-without-expiry", "A logout token that never runs out is accepted (early Immich 3.0).",
        |rules| logout_without(rules, "has-expiry");
    "logout-token-without-id", "A logout token without `jti` is accepted (early Immich 3.0).",
        |rules| logout_without(rules, "token-id");
    "logout-token-kind", "The kind of a logout token, `typ` of its header, is not looked at (early Immich 3.0).",
        |rules| logout_without(rules, "type");
    "logout-token-plain-type", "A logout token of the type of plain JWTs is refused.",
        |rules| rules.logout_token.push(&mistake::LOGOUT_TYPE_REQUIRED);
    "logout-token-critical", "Critical header extensions of a logout token are ignored.",
        |rules| logout_without(rules, "critical");
    "logout-token-events-contained", "The event of a logout token only has to occur in `events`.", |rules| {
        logout_without(rules, "events");
        rules.logout_token.push(&mistake::LOGOUT_EVENT_CONTAINED);
    };
    "logout-token-names-anything", "A subject that is empty or no text is skipped or taken as it is.", |rules| {
        logout_without(rules, "names");
    };
    "logout-token-ends-all", "A logout token for a person ends sessions by password, too (early Immich 3.0).",
        |rules| rules.logout_token_ends_all = true;
    "logout-token-names-either", "A session is ended where the subject or the session id fits.",
        |rules| rules.logout_token_means = |by_sub, by_sid| by_sub == Some(true) || by_sid == Some(true);
    "logout-token-ends-by-subject", "Where a logout token names a subject, its session id is not looked at.",
        |rules| rules.logout_token_means = |by_sub, by_sid| by_sub.or(by_sid) == Some(true);
    "logout-token-for-everybody", "A logout token that names nobody ends all sessions.",
        |rules| rules.logout_token_names = false;
    "logout-token-idle", "A logout token ends nothing.", |rules| rules.logout_token_ends = false;
    "redirect-uri-recomputed", "The redirect URI of the token request is made up from the callback (Immich from 1.132).",
        |rules| rules.redirect_remembered = false;
    "override-forgotten-at-link", "The mobile override is forgotten when an account is linked (Immich from 1.132).",
        |rules| rules.override_at_link = |setting| super::rules::Override { enabled: false, ..setting };
    "state-for-a-year", "State and verifier stay in the browser for 400 days (Immich from 1.132).",
        |rules| rules.state_lifetime = super::reply::OF_A_SESSION;
    "settings-unchecked", "Settings that make no sense are taken.", |rules| rules.nonsense = |_| None;
    "settings-for-everybody", "Whoever signs in reads the settings.", |rules| rules.settings_guarded = false;
    "logout-needs-provider", "Nobody can sign out while the provider is down (Immich from 1.132).",
        |rules| rules.logout_needs_provider = true;
    "logout-without-hint", "The provider is not told who signs out (Immich up to 3.0).",
        |rules| rules.logout_hint = false;
    "logout-answer-cached", "The answer to a logout token may be cached (Immich from 3.0).",
        |rules| rules.logout_answer_uncached = false;
    "logout-token-while-disabled", "Logout tokens are taken while OAuth is off.",
        |rules| rules.enabled_at_backchannel = |_| true;
    "redirect-uri-optional", "A sign-in is started without a redirect URI.",
        |rules| rules.redirect_uri = |uri| Some(uri.unwrap_or_default());
    "address-unchecked", "A callback without an address is not told from a broken one.",
        |rules| rules.address = |_| None;
    "empty-state-counts", "An empty state or verifier is taken for one.", |rules| rules.given = |text| text;
    "state-optional", "A callback without state and verifier is let in with those it brings (Immich up to 1.131).",
        |rules| {
            rules.given = |text| Some(text.unwrap_or_default());
            rules.state = |_, _| true;
        };
    "link-without-session", "Accounts are linked without a session.", |rules| rules.link_unguarded = true;
    "linked-for-good", "Who is linked cannot be linked to anything else.", |rules| rules.link_again = false;
    "unlink-without-session", "Accounts are unlinked without a session.", |rules| rules.unlink_unguarded = true;
    "unlink-only-linked", "Who is not linked is told that it failed.", |rules| rules.unlink_anyway = false;
    "empty-password-opens", "An empty password opens accounts without one.", |rules| rules.password = mistake::no_password;
    "bin-opens", "The email of an account in the bin opens it.", |rules| rules.in_the_bin = |_| false;
    "logout-without-session", "Signing out succeeds without a session.", |rules| rules.logout_guarded = false;
    "page-says-on", "The sign-in page is always told that OAuth is on.", |rules| rules.features = |_| (true, false);
    "button-fixed", "The text on the button cannot be changed.",
        |rules| rules.button = |_| "Login with OAuth".into();
    "page-needs-provider", "The sign-in page waits for the provider (Immich up to 1.42).",
        |rules| rules.page_needs_provider = true;
    "mobile-redirect-drops-query", "The mobile redirect loses the query.",
        |rules| rules.mobile_redirect = |_| "app.immich:///oauth-callback?".to_owned();
    "state-not-renewed", "A state that an earlier sign-in left in the browser is not replaced.",
        |rules| rules.state_renewed = false;
    "state-in-any-case", "The state is compared without case.",
        |rules| rules.state = |sent, returned| sent.eq_ignore_ascii_case(returned);
    "repeated-parameter-accepted", "Of a parameter that comes twice the first is taken.",
        |rules| rules.response.repeated_refused = false;
    "fragment-read", "Parameters of the callback are taken from the fragment, too.",
        |rules| rules.response.parameters = mistaken_flow::query_and_fragment;
    "callback-token-believed", "An access token in the callback is used.", |rules| rules.response.front_channel = true;
    "response-issuer-slash", "The callback's `iss` may have a slash too much.",
        |rules| rules.response.issuer = mistaken_flow::issuer_without_slash;
    "unpromised-issuer-ignored", "The callback's `iss` is looked at only where it was promised.",
        |rules| rules.response.issuer = mistaken_flow::promised_issuer_only;
    "unpromised-issuer-refused", "A callback with an `iss` that was not promised is refused.",
        |rules| rules.response.issuer = mistaken_flow::no_unpromised_issuer;
    "code-decoded-twice", "The code is decoded once too often.", |rules| rules.response.code = mistaken_flow::decoded_again;
    "code-cut-off", "Codes are kept in 255 characters.", |rules| rules.response.code = |code| code.chars().take(255).collect();
    "nonce-never", "Nothing ties a code to a browser where there is no PKCE (all versions of Immich).",
        |rules| rules.nonce = false;
    "redirect-uri-encoded-twice", "The redirect URI is encoded once too often (as by some clients of Immich).",
        |rules| rules.redirect_at_authorize = mistaken_flow::encoded_already;
    "redirect-uri-keeps-parameters", "The redirect URI of the token request keeps parameters of the callback that nobody knows.",
        |rules| {
            rules.redirect_remembered = false;
            rules.without_response = mistaken_flow::without_known_parameters;
        };
    "prompt-ignored", "The prompt setting has no effect.", |rules| rules.authorization_parameters = |_| Vec::new();
    "secret-in-the-address", "The client secret stands in the address of the authorization request.",
        |rules| rules.authorization_parameters = mistaken_flow::secret_for_everybody;
    "secret-in-both-ways", "The client secret is sent in the header and in the body.",
        |rules| rules.credentials = mistaken_flow::in_both_ways;
    "secret-not-encoded", "The client secret is put into the header as it is.",
        |rules| rules.credentials = mistaken_flow::not_encoded;
    "empty-secret-sent", "A public client sends an empty secret.",
        |rules| rules.credentials = mistaken_flow::with_empty_secret;
    "token-redirect-followed", "Code and secret go where the token endpoint sends them.",
        |rules| rules.token_response.redirect_followed = true;
    "token-status-ignored", "The status of a token response is not looked at.", |rules| rules.token_response.status = |_| true;
    "token-content-type-exact", "A token response must be `application/json` in this very spelling.",
        |rules| rules.token_response.content_type = |kind| kind == "application/json";
    "access-token-optional", "A token response without an access token is enough.",
        |rules| rules.token_response.access_token = |token| Some(token.and_then(Value::as_str).unwrap_or_default().to_owned());
    "logout-token-as-id-token", "A logout token is taken for an ID token (all versions of Immich).",
        |rules| without(rules, "events");
    "mobile-redirect-stops-at-question-mark", "The mobile redirect loses what follows a question mark (all versions of Immich).",
        |rules| rules.mobile_redirect = mistaken_flow::up_to_a_question_mark;
}

//! Bugs in reading and checking ID tokens.

use serde_json::Value;

use super::family::family;
use super::mistake;
use crate::reference::rules::ForeignKey;

family! {
    "id-token-optional", "Accepts a token response without an ID token (Immich from 1.132).",
        |rules| {
            rules.id_token.required = false;
            rules.userinfo.subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "id-token-unread", "Reads no ID token, and knows people by UserInfo alone.", |rules| {
        rules.id_token.required = false;
        rules.id_token.letters = |_| String::new();
        rules.id_token.unreadable_ends = false;
        rules.userinfo.subject = |_, _| true;
        rules.sign_out.hint = |_| None;
    };
    "signature-ignored", "Does not verify signatures of ID tokens (Immich from 1.132).", |rules| rules.id_token.checks.signature = false;
    "algorithm-ignored", "Accepts any signing algorithm.", |rules| rules.id_token.checks.leave_out("algorithm");
    "unsigned-accepted", "Accepts unsigned ID tokens.", |rules| {
        rules.id_token.checks.leave_out("algorithm");
        rules.id_token.checks.signature = false;
    };
    "critical-ignored", "Ignores critical header extensions.", |rules| rules.id_token.checks.leave_out("critical");
    "public-key-as-secret", "Takes the algorithm from the token, and verifies HMAC with the provider's public key.",
        |rules| {
            rules.id_token.checks.leave_out("algorithm");
            rules.logout_token.checks.leave_out("algorithm");
            rules.id_token.foreign_key = Some(ForeignKey::PublicAsSecret);
        };
    "embedded-key-believed", "Trusts a key in the token's own header.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::Embedded);
    "key-url-believed", "Trusts a key at an address in the token's own header.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::AtUrl);
    "key-id-opens-files", "Uses the token's key id as the name of a file with the key.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::NamedByKeyId);
    "none-in-another-case", "Refuses `none`, but accepts `nOnE`.", |rules| {
        rules.id_token.checks.replace(&mistake::ALGORITHM_BUT_NONE);
        rules.id_token.counts_unsigned = |_, jwt| {
            jwt.header.get("alg").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("none"))
        };
    };
    "empty-signature-accepted", "Treats an empty signature as valid.",
        |rules| rules.id_token.counts_unsigned = |token, _| token.ends_with('.');
    "key-id-required", "Refuses an ID token without a key id.",
        |rules| rules.id_token.checks.add(&mistake::KEY_ID_REQUIRED);
    "kind-ignored", "Ignores `typ` of a token's header.", |rules| rules.id_token.checks.leave_out("type");
    "known-header-only", "Refuses an ID token with unknown header parameters.",
        |rules| rules.id_token.checks.add(&mistake::KNOWN_HEADER_ONLY);
    "any-letters", "Also accepts ID tokens in plain base64, with padding and line breaks.",
        |rules| rules.id_token.letters = mistake::any_letters;
    "fourth-part-ignored", "Ignores everything after the third part of an ID token.",
        |rules| rules.id_token.letters = |token| token.split('.').take(3).collect::<Vec<_>>().join(".");
    "usual-algorithms-only", "Knows only RS256, ES256 and HS256.", |rules| {
        rules.id_token.checks.add(&mistake::USUAL_ALGORITHM);
    };
    "issuer-ignored", "Ignores the issuer of the ID token.", |rules| rules.id_token.checks.leave_out("issuer");
    "audience-ignored", "Ignores the audience of the ID token.", |rules| rules.id_token.checks.leave_out("audience");
    "more-audiences-accepted", "Accepts an ID token that is also for other clients.", |rules| rules.id_token.checks.leave_out("only-audience");
    "authorized-party-ignored", "Ignores `azp` of the ID token.", |rules| rules.id_token.checks.leave_out("authorized-party");
    "subject-ignored", "Accepts an ID token without a subject (Immich up to 1.125).", |rules| {
        rules.id_token.checks.leave_out("subject");
        rules.userinfo.subject = |id_token, userinfo| id_token.get("sub").is_none_or(|sub| sub == "" || Some(sub) == userinfo.get("sub"));
        rules.account.subject = |claims| Some(claims.get("sub").and_then(Value::as_str).unwrap_or("undefined").to_owned());
    };
    "issued-at-ignored", "Accepts an ID token without `iat`.", |rules| rules.id_token.checks.leave_out("issued-at");
    "missing-expiry-accepted", "Accepts an ID token without `exp`.", |rules| rules.id_token.checks.leave_out("has-expiry");
    "expiry-ignored", "Accepts an expired ID token.", |rules| rules.id_token.checks.leave_out("expiry");
    "not-before-ignored", "Accepts an ID token that is not valid yet.", |rules| rules.id_token.checks.leave_out("not-before");
    "nonce-ignored", "Accepts any nonce.", |rules| rules.id_token.checks.leave_out("nonce");
    "issuer-slash-ignored", "Ignores a slash at the end of the ID token's issuer.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_WITHOUT_SLASH);
    "issuer-by-its-beginning", "Accepts an issuer that only begins with the right one.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_BY_ITS_BEGINNING);
    "issuer-coerced", "Accepts a list that contains the issuer.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_COERCED);
    "audience-contained", "Accepts an audience that only contains the client's id.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_CONTAINED);
    "audience-in-any-case", "Compares client ids without regard to case.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_IN_ANY_CASE);
    "audience-only-text", "Refuses a list of audiences.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_TEXT);
    "audience-of-any-type", "Accepts an audience that is neither text nor a list.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_OF_TEXTS);
    "audience-of-nobody", "Accepts an empty list of audiences.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_OF_NOBODY);
    "subject-of-any-type", "Converts a subject of another JSON type to text (Immich 2.7 accepts a number).", |rules| {
        rules.id_token.checks.replace(&mistake::SUBJECT_OF_ANY_TYPE);
        rules.account.subject = mistake::subject_as_text;
        rules.userinfo.subject = |id_token, userinfo| {
            mistake::subject_as_text(id_token) == mistake::subject_as_text(userinfo) || id_token.contains_key("email")
        };
    };
    "subject-cut-off", "Truncates subjects to 255 characters.",
        |rules| rules.account.subject = |claims| {
            let sub = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty())?;
            Some(sub.chars().take(255).collect())
        };
    // The library that verifies signatures already refuses such tokens.
    "first-duplicate-counts", "Uses the first of several members with the same name.", |rules| {
        rules.id_token.read = mistake::first_of_each;
        rules.id_token.checks.signature = false;
    };
    "empty-nonce-accepted", "Treats a nonce of null, zero or an empty string as absent.",
        |rules| rules.id_token.checks.replace(&mistake::NONCE_UNLESS_EMPTY);
    "missing-nonce-accepted", "Accepts an ID token without the nonce that it sent.",
        |rules| rules.id_token.checks.replace(&mistake::NONCE_IF_PRESENT);
    "claims-of-the-header", "Takes issuer, subject and audience from the header of the ID token, if they are there.",
        |rules| rules.id_token.read = |_, jwt| Some(mistake::with_claims_of_header(jwt));
    "issued-at-of-any-type", "Accepts an `iat` of any JSON type in the ID token.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUED_AT_OF_ANY_TYPE);
    "not-before-of-any-type", "Ignores an `nbf` that is not a number.",
        |rules| rules.id_token.checks.replace(&mistake::NOT_BEFORE_IF_A_NUMBER);
    "expiry-in-32-bits", "Stores `exp` in 32 bits, which overflow in 2038.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_32_BITS);
    "expiry-in-whole-seconds", "Refuses an `exp` with a fraction.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_WHOLE_SECONDS);
    "access-token-hash-whole", "Compares `at_hash` with the whole hash of the access token, not with its left half.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_WHOLE);
    "access-token-hash-by-sha256", "Computes `at_hash` with SHA-256, whatever the algorithm of the ID token.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_BY_SHA256);
    "unreadable-id-token-skipped", "Treats an unreadable ID token as absent, and relies on UserInfo.",
        |rules| {
            rules.id_token.unreadable_ends = false;
            rules.userinfo.subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "small-tokens-only", "Refuses answers of more than 16 KiB.", |rules| rules.fetch.limit = 16 * 1024;
    "shallow-tokens-only", "Refuses deeply nested claims.",
        |rules| rules.id_token.read = mistake::shallow;
    "logout-token-as-id-token", "Accepts a logout token as an ID token (all versions of Immich).",
        |rules| rules.id_token.checks.leave_out("events");
}

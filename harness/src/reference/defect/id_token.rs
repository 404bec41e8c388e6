//! Bugs in reading and checking ID tokens.

use serde_json::Value;

use super::family::family;
use super::mistake;
use crate::reference::message::ForeignKey;

family! {
    "id-token-optional", "A token response without an ID token is enough (Immich from 1.132).",
        |rules| {
            rules.id_token.required = false;
            rules.userinfo.subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "signature-ignored", "ID-token signatures are not verified (Immich from 1.132).", |rules| rules.id_token.checks.signature = false;
    "algorithm-ignored", "Any algorithm is accepted.", |rules| rules.id_token.checks.leave_out("algorithm");
    "unsigned-accepted", "Unsigned ID tokens are accepted.", |rules| {
        rules.id_token.checks.leave_out("algorithm");
        rules.id_token.checks.signature = false;
    };
    "critical-ignored", "Critical header extensions are ignored.", |rules| rules.id_token.checks.leave_out("critical");
    "public-key-as-secret", "The token chooses the algorithm, and HMAC is verified with the provider's public key.",
        |rules| {
            rules.id_token.checks.leave_out("algorithm");
            rules.logout_token.checks.leave_out("algorithm");
            rules.id_token.foreign_key = Some(ForeignKey::PublicAsSecret);
        };
    "embedded-key-believed", "A key in the token's own header is believed.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::Embedded);
    "key-url-believed", "The token says where its key is, and is believed.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::AtUrl);
    "key-id-opens-files", "The token's key id is taken for the name of a file with the key.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::NamedByKeyId);
    "none-in-another-case", "`none` is refused, and `nOnE` is not.", |rules| {
        rules.id_token.checks.replace(&mistake::ALGORITHM_BUT_NONE);
        rules.id_token.counts_unsigned = |_, jwt| {
            jwt.header.get("alg").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("none"))
        };
    };
    "empty-signature-accepted", "A signature of no bytes is taken for none that could be wrong.",
        |rules| rules.id_token.counts_unsigned = |token, _| token.ends_with('.');
    "key-id-required", "An ID token without a key id is refused.",
        |rules| rules.id_token.checks.add(&mistake::KEY_ID_REQUIRED);
    "kind-ignored", "The kind of a token, `typ` of its header, is not looked at.", |rules| rules.id_token.checks.leave_out("type");
    "known-header-only", "Header parameters that nobody needs make an ID token wrong.",
        |rules| rules.id_token.checks.add(&mistake::KNOWN_HEADER_ONLY);
    "any-letters", "ID tokens are read in plain base64, too, with padding and line breaks.",
        |rules| rules.id_token.letters = mistake::any_letters;
    "fourth-part-ignored", "What comes after the third part of an ID token is not looked at.",
        |rules| rules.id_token.letters = |token| token.split('.').take(3).collect::<Vec<_>>().join(".");
    "usual-algorithms-only", "Only RS256, ES256 and HS256 are known.", |rules| {
        rules.id_token.checks.add(&mistake::USUAL_ALGORITHM);
    };
    "issuer-ignored", "The ID token's issuer is not looked at.", |rules| rules.id_token.checks.leave_out("issuer");
    "audience-ignored", "The ID token's audience is not looked at.", |rules| rules.id_token.checks.leave_out("audience");
    "more-audiences-accepted", "An ID token for others, too, is accepted.", |rules| rules.id_token.checks.leave_out("only-audience");
    "authorized-party-ignored", "The ID token's `azp` is not looked at.", |rules| rules.id_token.checks.leave_out("authorized-party");
    "subject-ignored", "An ID token without a subject is accepted (Immich up to 1.125).", |rules| {
        rules.id_token.checks.leave_out("subject");
        rules.userinfo.subject = |id_token, userinfo| id_token.get("sub").is_none_or(|sub| sub == "" || Some(sub) == userinfo.get("sub"));
        rules.account.subject = |claims| Some(claims.get("sub").and_then(Value::as_str).unwrap_or("undefined").to_owned());
    };
    "issued-at-ignored", "An ID token without `iat` is accepted.", |rules| rules.id_token.checks.leave_out("issued-at");
    "missing-expiry-accepted", "An ID token that never runs out is accepted.", |rules| rules.id_token.checks.leave_out("has-expiry");
    "expiry-ignored", "An ID token that has run out is accepted.", |rules| rules.id_token.checks.leave_out("expiry");
    "not-before-ignored", "An ID token that is not valid yet is accepted.", |rules| rules.id_token.checks.leave_out("not-before");
    "nonce-ignored", "A nonce that was never sent is accepted.", |rules| rules.id_token.checks.leave_out("nonce");
    "issuer-slash-ignored", "A slash at the end of the ID token's issuer makes no difference.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_WITHOUT_SLASH);
    "issuer-by-its-beginning", "The ID token's issuer only has to begin with the right one.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_BY_ITS_BEGINNING);
    "issuer-coerced", "A list with the issuer in it is taken for the issuer.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_COERCED);
    "audience-contained", "The client's id only has to occur in the ID token's audience.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_CONTAINED);
    "audience-in-any-case", "Client ids are compared without regard to case.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_IN_ANY_CASE);
    "audience-only-text", "A list of audiences is not understood.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_TEXT);
    "audience-of-any-type", "An audience that is neither text nor a list is accepted.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_OF_TEXTS);
    "audience-of-nobody", "An empty list of audiences is accepted.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_OF_NOBODY);
    "subject-of-any-type", "A subject that is no text is made one (Immich 2.7 takes a number).", |rules| {
        rules.id_token.checks.replace(&mistake::SUBJECT_OF_ANY_TYPE);
        rules.account.subject = mistake::subject_as_text;
        rules.userinfo.subject = |id_token, userinfo| {
            mistake::subject_as_text(id_token) == mistake::subject_as_text(userinfo) || id_token.contains_key("email")
        };
    };
    "subject-cut-off", "Only the first 255 characters of a subject are kept.",
        |rules| rules.account.subject = |claims| {
            let sub = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty())?;
            Some(sub.chars().take(255).collect())
        };
    // The library that verifies signatures refuses such tokens by itself.
    "first-duplicate-counts", "Of several members of one name, the first counts.", |rules| {
        rules.id_token.parse = mistake::parse_first_of_each;
        rules.id_token.checks.signature = false;
    };
    "empty-nonce-accepted", "A nonce that is null, zero or an empty text is taken for none.",
        |rules| rules.id_token.checks.replace(&mistake::NONCE_UNLESS_EMPTY);
    "issued-at-of-any-type", "The ID token's `iat` may be anything.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUED_AT_OF_ANY_TYPE);
    "not-before-of-any-type", "An `nbf` that is no number is ignored.",
        |rules| rules.id_token.checks.replace(&mistake::NOT_BEFORE_IF_A_NUMBER);
    "expiry-in-32-bits", "The ID token's `exp` is kept in 32 bits, which end in 2038.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_32_BITS);
    "expiry-in-whole-seconds", "An `exp` with a fraction is no number.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_WHOLE_SECONDS);
    "access-token-hash-whole", "`at_hash` is held against the whole hash of the access token, not against its left half.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_WHOLE);
    "access-token-hash-by-sha256", "`at_hash` is made with SHA-256, whatever the algorithm of the ID token.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_BY_SHA256);
    "unreadable-id-token-skipped", "An ID token that cannot be read is taken for none, and UserInfo is enough.",
        |rules| {
            rules.id_token.unreadable_ends = false;
            rules.userinfo.subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "small-tokens-only", "Answers of more than 16 KiB are not read.", |rules| rules.fetch.limit = 16 * 1024;
    "shallow-tokens-only", "Claims that are deeper than people think are not read.",
        |rules| rules.id_token.parse = mistake::parse_shallow;
    "logout-token-as-id-token", "A logout token is taken for an ID token (all versions of Immich).",
        |rules| rules.id_token.checks.leave_out("events");
}

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
    "id-token-unread", "Does not read the ID token, and identifies the end-user by UserInfo alone.", |rules| {
        rules.id_token.required = false;
        rules.id_token.letters = |_| String::new();
        rules.id_token.unreadable_ends = false;
        rules.userinfo.subject = |_, _| true;
        rules.sign_out.hint = |_| None;
    };
    "signature-ignored", "Does not verify the signature of an ID token (Immich from 1.132).",
        |rules| rules.id_token.checks.signature = false;
    "algorithm-ignored", "Accepts an ID token with any signing algorithm, not only the configured one.",
        |rules| rules.id_token.checks.leave_out("algorithm");
    "unsigned-accepted", "Accepts unsigned ID tokens.", |rules| {
        rules.id_token.checks.leave_out("algorithm");
        rules.id_token.checks.signature = false;
    };
    "critical-ignored", "Accepts an ID token whose `crit` header requires an extension that the server does not \
                         support.",
        |rules| rules.id_token.checks.leave_out("critical");
    "public-key-as-secret", "Takes the signing algorithm from the token, so it verifies an HS256 token with the \
                             provider's public key as the secret.",
        |rules| {
            rules.id_token.checks.leave_out("algorithm");
            rules.logout_token.checks.leave_out("algorithm");
            rules.id_token.foreign_key = Some(ForeignKey::PublicAsSecret);
        };
    "embedded-key-believed", "Verifies the ID token with the key in the token's own header (`jwk`).",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::Embedded);
    "key-url-believed", "Verifies the ID token with a key from the URL in the token's own header (`jku`).",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::AtUrl);
    "key-url-believed-for-one-key", "Trusts all keys at the URL in the ID token's header (`jku`) if one of them is a \
                                     key of the provider.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::AtUrlBesideOwn);
    "key-id-opens-files", "Takes the `kid` of the ID token for a file name, and verifies the token with the key in \
                           that file.",
        |rules| rules.id_token.foreign_key = Some(ForeignKey::NamedByKeyId);
    "none-in-another-case", "Refuses the algorithm `none`, but accepts it in another case, such as `nOnE`.", |rules| {
        rules.id_token.checks.replace(&mistake::ALGORITHM_OR_ODD_NONE);
        rules.id_token.counts_unsigned = |_, jwt| {
            jwt.header.get("alg").and_then(Value::as_str).is_some_and(|name| name.eq_ignore_ascii_case("none"))
        };
    };
    "empty-signature-accepted", "Accepts an ID token with an empty signature.",
        |rules| rules.id_token.counts_unsigned = |token, _| token.ends_with('.');
    "key-id-required", "Refuses an ID token without `kid`.",
        |rules| rules.id_token.checks.add(&mistake::KEY_ID_REQUIRED);
    "kind-ignored", "Accepts an ID token whose `typ` header names another kind of token.",
        |rules| rules.id_token.checks.leave_out("type");
    "known-header-only", "Refuses an ID token whose header has a parameter that the server does not know.",
        |rules| rules.id_token.checks.add(&mistake::KNOWN_HEADER_ONLY);
    "any-letters", "Accepts an ID token that is not in base64url but in plain base64, with padding, or with line \
                    breaks.",
        |rules| rules.id_token.letters = mistake::any_letters;
    "fourth-part-ignored", "Accepts an ID token with a fourth part, and ignores that part.",
        |rules| rules.id_token.letters = |token| token.split('.').take(3).collect::<Vec<_>>().join(".");
    "usual-algorithms-only", "Supports only RS256, ES256 and HS256 as signing algorithms of ID tokens.", |rules| {
        rules.id_token.checks.add(&mistake::USUAL_ALGORITHM);
    };
    "issuer-ignored", "Accepts an ID token with any `iss`.", |rules| rules.id_token.checks.leave_out("issuer");
    "audience-ignored", "Accepts an ID token with any `aud`.", |rules| rules.id_token.checks.leave_out("audience");
    "more-audiences-accepted", "Accepts an ID token whose `aud` also names another client.",
        |rules| rules.id_token.checks.leave_out("only-audience");
    "authorized-party-ignored", "Accepts an ID token with any `azp`.",
        |rules| rules.id_token.checks.leave_out("authorized-party");
    "subject-ignored", "Accepts an ID token without `sub` (Immich up to 1.125).", |rules| {
        rules.id_token.checks.leave_out("subject");
        rules.userinfo.subject = |id_token, userinfo| id_token.get("sub").is_none_or(|sub| sub == "" || Some(sub) == userinfo.get("sub"));
        rules.account.subject = |claims| Some(claims.get("sub").and_then(Value::as_str).unwrap_or("undefined").to_owned());
    };
    "issued-at-ignored", "Accepts an ID token without `iat`.", |rules| rules.id_token.checks.leave_out("issued-at");
    "missing-expiry-accepted", "Accepts an ID token without `exp`.", |rules| rules.id_token.checks.leave_out("has-expiry");
    "expiry-ignored", "Accepts an expired ID token.", |rules| rules.id_token.checks.leave_out("expiry");
    "not-before-ignored", "Accepts an ID token that is not valid yet: its `nbf` is in the future.",
        |rules| rules.id_token.checks.leave_out("not-before");
    "nonce-ignored", "Accepts an ID token with any `nonce`.", |rules| rules.id_token.checks.leave_out("nonce");
    "issuer-slash-ignored", "Ignores a slash at the end when it compares `iss` of the ID token with the issuer.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_WITHOUT_SLASH);
    "issuer-by-its-beginning", "Accepts an ID token whose `iss` is the issuer followed by more characters.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_BY_ITS_BEGINNING);
    "issuer-coerced", "Accepts an ID token whose `iss` is a list that contains only the issuer.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUER_COERCED);
    "audience-contained", "Accepts an ID token whose `aud` is a longer string that contains the client ID.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_CONTAINED);
    "audience-in-any-case", "Ignores case when it compares `aud` with the client ID.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_IN_ANY_CASE);
    "audience-only-text", "Refuses an ID token whose `aud` is a list, even if the list has only this client.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_TEXT);
    "audience-of-any-type", "Accepts an ID token whose `aud` is neither a string nor a list.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_ONLY_OF_TEXTS);
    "audience-empty", "Accepts an ID token whose `aud` is an empty list.",
        |rules| rules.id_token.checks.replace(&mistake::AUDIENCE_OF_NOBODY);
    "subject-of-any-type", "Converts a `sub` that is not a string to a string (Immich 2.7 accepts a number).", |rules| {
        rules.id_token.checks.replace(&mistake::SUBJECT_OF_ANY_TYPE);
        rules.account.subject = mistake::subject_as_text;
        rules.userinfo.subject = |id_token, userinfo| {
            mistake::subject_as_text(id_token) == mistake::subject_as_text(userinfo) || id_token.contains_key("email")
        };
    };
    "subject-cut-off", "Truncates a long `sub` to 255 characters.",
        |rules| rules.account.subject = |claims| {
            let sub = claims.get("sub").and_then(Value::as_str).filter(|sub| !sub.is_empty())?;
            Some(sub.chars().take(255).collect())
        };
    // The library that verifies signatures already refuses such tokens.
    "first-duplicate-counts", "Does not verify signatures of ID tokens, and uses the first value of a claim that a token \
     has twice.", |rules| {
        rules.id_token.read = mistake::first_of_each;
        rules.id_token.checks.signature = false;
    };
    "empty-nonce-accepted", "Treats a `nonce` that is null, zero or an empty string as missing.",
        |rules| rules.id_token.checks.replace(&mistake::NONCE_UNLESS_EMPTY);
    "missing-nonce-accepted", "Accepts an ID token without a `nonce`, even if the authorization request had one.",
        |rules| rules.id_token.checks.replace(&mistake::NONCE_IF_PRESENT);
    "claims-of-the-header", "Takes `iss`, `sub` and `aud` from the header of the ID token instead of the payload, if \
                             the header has them.",
        |rules| rules.id_token.read = |_, jwt| Some(mistake::with_claims_of_header(jwt));
    "issued-at-of-any-type", "Accepts an ID token whose `iat` is not a number.",
        |rules| rules.id_token.checks.replace(&mistake::ISSUED_AT_OF_ANY_TYPE);
    "not-before-of-any-type", "Ignores `nbf` of the ID token if it is not a number.",
        |rules| rules.id_token.checks.replace(&mistake::NOT_BEFORE_IF_A_NUMBER);
    "expiry-in-32-bits", "Reads `exp` as a 32-bit number, so it refuses an ID token that expires after 19 January \
                          2038.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_32_BITS);
    "expiry-in-whole-seconds", "Refuses an ID token whose `exp` is not a whole number.",
        |rules| rules.id_token.checks.replace(&mistake::EXPIRY_IN_WHOLE_SECONDS);
    "access-token-hash-whole", "Compares `at_hash` with the whole hash of the access token instead of its left half.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_WHOLE);
    "access-token-hash-by-sha256", "Always computes `at_hash` with SHA-256, even if the algorithm of the ID token uses \
                                    a longer hash.",
        |rules| rules.id_token.checks.replace(&mistake::ACCESS_TOKEN_HASH_BY_SHA256);
    "unreadable-id-token-skipped", "Treats an unreadable ID token as missing and uses UserInfo instead.",
        |rules| {
            rules.id_token.unreadable_ends = false;
            rules.userinfo.subject = |id_token, userinfo| id_token.is_empty() || id_token.get("sub") == userinfo.get("sub");
        };
    "small-tokens-only", "Refuses responses of the provider that are larger than 16 KiB.",
        |rules| rules.fetch.limit = 16 * 1024;
    "shallow-tokens-only", "Refuses an ID token with a claim that is nested more than ten levels deep.",
        |rules| rules.id_token.read = mistake::shallow;
    "logout-token-as-id-token", "Accepts a logout token as an ID token (all versions of Immich).",
        |rules| rules.id_token.checks.leave_out("events");
}

//! What in a text is secret by its form, whatever its value: fields of JSON,
//! of queries and of forms, signatures of JWTs, and settings documents.

use std::ops::Range;

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::encoding::View;
use super::{SecretKind, ServerNames};

/// A part of a view that is secret by its form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Where it stands in the view.
    pub(super) part: Range<usize>,
    pub(super) kind: SecretKind,
    /// What it is, decoded.
    pub(super) value: String,
}

/// No name of a field is longer.
const LONGEST_NAME: usize = 64;

/// The one whose quote, sign or JWT stands at `index` of a view, unless it is a
/// settings document. `is_open` says of the place where a value begins whether
/// it is still to be read: values inside one another would take for ever.
pub(super) fn field_at(
    names: ServerNames,
    bytes: &[u8],
    index: usize,
    is_open: impl Fn(usize) -> bool,
) -> Option<Field> {
    match bytes[index] {
        b'"' => member(names, bytes, index, is_open),
        b'=' => parameter(names, bytes, index, is_open),
        b'e' if bytes[index..].starts_with(b"eyJ") && !bytes[..index].last().is_some_and(|one| is_of_jwt(*one)) => {
            let end = bytes[index..].iter().take_while(|one| is_of_part(**one) || **one == b'.').count();
            let part = signature_of(text_of(&bytes[index..index + end])?)?;
            let part = index + part.start..index + part.end;
            let value = text_of(&bytes[part.clone()])?.to_owned();
            is_open(part.start).then_some(Field { part, kind: SecretKind::Signature, value })
        }
        _ => None,
    }
}

fn text_of(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

const fn is_of_jwt(letter: u8) -> bool {
    letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_'
}

/// The same of its parts, which a provider may pad.
const fn is_of_part(letter: u8) -> bool {
    is_of_jwt(letter) || letter == b'='
}

/// Where the signature of a JWT stands, if it has one.
pub(super) fn signature_of(text: &str) -> Option<Range<usize>> {
    let mut parts = text.splitn(3, '.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let is_jwt = header.starts_with("eyJ") && [header, payload].iter().all(|part| part.bytes().all(is_of_part));
    let end = signature.find('.').unwrap_or(signature.len());
    let start = header.len() + payload.len() + 2;
    (is_jwt && end > 0).then_some(start..start + end)
}

/// Whether it is a JWT with a signature, or its label, and nothing else.
pub(super) fn is_jwt(text: &str) -> bool {
    let is_of_signature = |letter: u8| is_of_part(letter) || b"[ ]".contains(&letter);
    signature_of(text).is_some_and(|part| part.end == text.len() && text[part].bytes().all(is_of_signature))
}

/// The member whose name begins with the quote at `index`, if it is secret.
/// The document may be broken off.
fn member(names: ServerNames, bytes: &[u8], index: usize, is_open: impl Fn(usize) -> bool) -> Option<Field> {
    let name = &bytes[index + 1..bytes.len().min(index + 1 + LONGEST_NAME)];
    let length = name.iter().position(|letter| *letter == b'"')?;
    let kind = names.of_field(text_of(&name[..length])?)?;
    let blanks = |from: usize| bytes[from..].iter().take_while(|letter| letter.is_ascii_whitespace()).count();
    let colon = index + length + 2;
    let colon = colon + blanks(colon);
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    let quote = colon + 1 + blanks(colon + 1);
    if bytes.get(quote) != Some(&b'"') || !is_open(quote + 1) {
        return None;
    }
    let mut end = quote + 1;
    while end < bytes.len() && bytes[end] != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let part = quote + 1..end.min(bytes.len());
    let raw = String::from_utf8_lossy(&bytes[part.clone()]).into_owned();
    let value = serde_json::from_str(&format!("\"{raw}\"")).unwrap_or(raw);
    Some(Field { part, kind, value })
}

/// The parameter whose value follows the sign at `index`, if it is secret.
fn parameter(names: ServerNames, bytes: &[u8], index: usize, is_open: impl Fn(usize) -> bool) -> Option<Field> {
    let is_of_name = |letter: &u8| letter.is_ascii_alphanumeric() || b"_-.%".contains(letter);
    let length = bytes[..index].iter().rev().take(LONGEST_NAME).take_while(|letter| is_of_name(letter)).count();
    let before = bytes[..index - length].last();
    if before.is_some_and(|letter| !b"?&#;\"'".contains(letter)) || !is_open(index + 1) {
        return None;
    }
    let decoded = |bytes: &[u8]| {
        let mut pairs = form_urlencoded::parse(bytes);
        pairs.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
    };
    let kind = names.of_parameter(&decoded(&bytes[index - length..index]))?;
    let is_end = |letter: &u8| letter.is_ascii_whitespace() || b"&#;\"'<>\\".contains(letter);
    let rest = &bytes[index + 1..];
    let part = index + 1..index + 1 + rest.iter().position(is_end).unwrap_or(rest.len());
    // A value may hold a sign of its own, which is none of the form's.
    let value = decoded(&rest[..part.len()].iter().copied().flat_map(as_value).collect::<Vec<u8>>());
    Some(Field { part, kind, value })
}

fn as_value(letter: u8) -> Vec<u8> {
    if letter == b'=' { b"%3D".to_vec() } else { vec![letter] }
}

/// Where settings documents stand in a view.
pub(super) fn settings(names: ServerNames, view: &View) -> Vec<Range<usize>> {
    let bytes = view.bytes.as_slice();
    let mut found = Vec::new();
    let mut index = 0;
    while index < bytes.len() {
        let starts = bytes[index] == b'{';
        let parsed = if starts { object_at(&bytes[index..]) } else { None };
        match parsed {
            Some((object, length)) if names.is_settings(&object) => {
                found.push(index..index + length);
                index += length;
            }
            _ => index += 1,
        }
    }
    found
}

/// The object that begins there, and how long it is.
fn object_at(bytes: &[u8]) -> Option<(Map<String, Value>, usize)> {
    let mut documents = serde_json::Deserializer::from_slice(bytes).into_iter::<Map<String, Value>>();
    let object = documents.next()?.ok()?;
    Some((object, documents.byte_offset()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::encoding::views;
    use super::*;
    use crate::immich::SECRET_NAMES;

    fn found(text: &str) -> Vec<(SecretKind, String)> {
        let bytes = &views(text)[0].bytes;
        let fields = (0..bytes.len()).filter_map(|index| field_at(SECRET_NAMES, bytes, index, |_| true));
        fields.map(|field| (field.kind, field.value)).collect()
    }

    #[rstest]
    #[case(r#"bad {"x-api-key" : "k","b":1}"#, &[(SecretKind::ApiKey, "k")])]
    #[case(r#"{"password":"a\"b"}"#, &[(SecretKind::Password, "a\"b")])]
    #[case::broken_off(r#"{"clientSecret":"abc"#, &[(SecretKind::ClientSecret, "abc")])]
    #[case::code_of_an_error(r#"{"code":"ECONNREFUSED"}"#, &[])]
    #[case::no_text(r#"{"password":{"enabled":true}}"#, &[])]
    #[case("http://t/cb?code=a%2Fb&state=s", &[(SecretKind::Code, "a/b")])]
    #[case("client_secret=a=b&code=c", &[(SecretKind::ClientSecret, "a=b"), (SecretKind::Code, "c")])]
    #[case("client%5Fsecret=x", &[(SecretKind::ClientSecret, "x")])]
    #[case("exit code=3", &[])]
    #[case("token eyJh.eyJi.c2ln!", &[(SecretKind::Signature, "c2ln")])]
    #[case("eyJh.eyJi.", &[])]
    #[case("eyJh", &[])]
    fn secrets_are_known_by_their_form(#[case] text: &str, #[case] expected: &[(SecretKind, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect();
        assert_eq!(found(text), expected);
    }

    #[rstest]
    #[case(r#"no: {"a":1,"oauth":{"clientSecret":""}} end"#, Some(4..39))]
    #[case(r#"{"message":"x","settings":{"oauth":{"issuerUrl":""}}}"#, Some(26..52))]
    #[case(r#"{"oauth":true}"#, None)]
    #[case(r#"{"oauth":{"clientSecret":"#, None)]
    fn settings_documents_are_known_by_their_shape(#[case] text: &str, #[case] expected: Option<Range<usize>>) {
        assert_eq!(settings(SECRET_NAMES, &views(text)[0]).into_iter().next(), expected);
    }
}

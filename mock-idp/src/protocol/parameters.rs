//! Parameters in their order, duplicates included.

use std::borrow::Cow;
use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Parameters of a query or a form; what needs no decoding is not copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Parameters<'a> {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &'a str) -> Self {
        Self::default().and(text)
    }

    /// These, and then those of another text.
    pub(crate) fn and(mut self, text: &'a str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        self.0.extend(pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        }));
        self
    }

    /// The first value of that name, unless it is empty (RFC 6749 §3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
        value.filter(|value| !value.is_empty())
    }

    /// A parameter that comes more than once, which RFC 6749 §3.1 forbids.
    pub(crate) fn repeated(&self) -> Option<&str> {
        // There may be thousands.
        let mut seen = HashSet::with_capacity(self.0.len());
        self.0.iter().map(|(name, _)| name.as_ref()).find(|name| !seen.insert(*name))
    }

    /// A copy for those who keep it.
    pub(crate) fn to_pairs(&self) -> Vec<(String, String)> {
        self.0.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }
}

/// The first value of that name.
pub(crate) fn first_named<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A JSON value as the text of a parameter.
pub(crate) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::form_urlencoded;

    use super::*;
    use crate::arbitrary;

    /// What any parameters must satisfy.
    fn check(parameters: &Parameters<'_>) -> Result<(), TestCaseError> {
        let names: HashSet<&str> = parameters.0.iter().map(|(name, _)| name.as_ref()).collect();
        prop_assert_eq!(parameters.repeated().is_some(), names.len() < parameters.0.len());
        for name in names {
            let first = parameters.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
            prop_assert_eq!(parameters.get(name).unwrap_or_default(), first.unwrap_or_default());
        }
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters.0).finish();
        prop_assert_eq!(&Parameters::parse(&text), parameters);
        Ok(())
    }

    /// As a library that knows the format reads it.
    fn agrees(text: &str) -> Result<(), TestCaseError> {
        let pairs: Vec<_> = form_urlencoded::parse(text.as_bytes()).collect();
        prop_assert_eq!(&Parameters::parse(text).0, &pairs);
        Ok(())
    }

    #[test]
    fn the_corpus_can_be_read() {
        for line in include_str!("../../tests/corpus/parameters.txt").lines() {
            assert!(check(&Parameters::parse(line)).and_then(|()| agrees(line)).is_ok(), "{line}");
        }
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_text_can_be_read(text in arbitrary::form()) {
            check(&Parameters::parse(&text))?;
            agrees(&text)?;
        }
    }
}

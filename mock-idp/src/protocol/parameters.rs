//! Request parameters in their order, duplicates included.

use url::form_urlencoded;

/// Parameters of a query or a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters(pub(crate) Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// The first value of that name, unless it is empty (RFC 6749 §3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }

    /// A parameter that comes more than once, which RFC 6749 §3.1 forbids.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        names
            .enumerate()
            .find_map(|(index, name)| self.0[..index].iter().any(|(earlier, _)| earlier == name).then_some(name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::arbitrary;

    /// What any parameters must satisfy.
    fn check(parameters: &Parameters) -> Result<(), TestCaseError> {
        let names: HashSet<&str> = parameters.0.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(parameters.repeated().is_some(), names.len() < parameters.0.len());
        for name in names {
            let first = parameters.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
            prop_assert_eq!(parameters.get(name).unwrap_or_default(), first.unwrap_or_default());
        }
        let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters.0).finish();
        prop_assert_eq!(&Parameters::parse(&text), parameters);
        Ok(())
    }

    #[test]
    fn the_corpus_can_be_read() {
        for line in include_str!("../../tests/corpus/parameters.txt").lines() {
            assert!(check(&Parameters::parse(line)).is_ok(), "{line}");
        }
    }

    proptest! {
        #![proptest_config(arbitrary::config())]

        #[test]
        fn any_text_can_be_read(text in arbitrary::form()) {
            check(&Parameters::parse(&text))?;
        }
    }
}

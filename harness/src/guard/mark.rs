//! The mark of a run. Its client id, its issuers and all its identities carry
//! the mark. Another run on another machine recognizes traces by it, without a
//! journal.
//!
//! A mark is `oidc-harness-`, six random letters, and two check letters. The
//! check letters distinguish a mark from a name that an administrator chose.

use aws_lc_rs::digest::{SHA256, digest};
use rand::rngs::StdRng;
use rand::{RngExt, distr::Alphanumeric};

/// How every mark begins.
const BEGINNING: &str = "oidc-harness-";

/// How many letters are random, and how many follow from them.
const LETTERS: (usize, usize) = (6, 2);

/// A new mark.
pub(crate) fn fresh(random: &mut StdRng) -> String {
    let letters: String =
        (0..LETTERS.0).map(|_| char::from(random.sample(Alphanumeric)).to_ascii_lowercase()).collect();
    format!("{BEGINNING}{letters}{}", check(&letters))
}

/// Whether a text carries the mark of any run; case makes no difference.
pub(crate) fn is_in(text: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(BEGINNING).any(|(at, _)| {
        let letters = text.get(at + BEGINNING.len()..).and_then(|rest| rest.get(..LETTERS.0 + LETTERS.1));
        letters.and_then(|letters| letters.split_at_checked(LETTERS.0)).is_some_and(|(random, rest)| {
            random.chars().all(|letter| letter.is_ascii_alphanumeric()) && check(random) == rest
        })
    })
}

/// The letters that follow from the random ones.
fn check(letters: &str) -> String {
    let hash = digest(&SHA256, letters.as_bytes());
    let letter = |byte: &u8| char::from_digit(u32::from(byte % 36), 36);
    hash.as_ref().iter().take(LETTERS.1).filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_mark_is_known_wherever_it_stands() {
        let mark = fresh(&mut StdRng::seed_from_u64(1));
        assert_eq!(mark.len(), BEGINNING.len() + 8);
        for text in [mark.clone(), format!("alice-{mark}-00001@harness.test"), format!(" X {}", mark.to_uppercase())] {
            assert!(is_in(&text), "{text}");
        }
    }

    /// Accounts are deleted and settings replaced by it.
    #[test]
    fn no_other_name_is_taken_for_one() {
        let mark = fresh(&mut StdRng::seed_from_u64(1));
        let (random, _) = mark.split_at(mark.len() - 2);
        let names = ["", "oidc-harness", "oidc-harness-ci", "oidc-harness-internal", "oidc-harness-é1234567", "photos"];
        for name in names.map(ToOwned::to_owned).into_iter().chain([random.to_owned(), format!("{random}--")]) {
            assert!(!is_in(&name), "{name}");
        }
    }
}

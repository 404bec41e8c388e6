//! Finds the issuer near an address: at its parent paths, and where known
//! products have theirs. Only public documents are read.

use std::collections::BTreeSet;

use mock_idp::{PROFILES, Url, profile};

use crate::relying_party::{Fetcher, Metadata, discover, discovery_address};

/// So many documents are asked for at most.
const MOST: usize = 16;

/// Returns issuers that may be meant by an address, the nearest first.
fn candidates(address: &Url, client_id: &str) -> Vec<String> {
    let origin = address.origin().ascii_serialization();
    let segments: Vec<&str> = address.path_segments().into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let parents = (0..segments.len())
        .rev()
        .map(|count| segments.iter().take(count).fold(origin.clone(), |url, segment| format!("{url}/{segment}")));
    // The realm or slug may be any segment; mostly it is the last.
    let names = segments.iter().rev().take(2);
    let templates = names.flat_map(|name| {
        let paths = PROFILES.iter().filter_map(|it| profile(it).ok()).map(|it| it.issuer_path(name, client_id));
        paths.map(|path| format!("{origin}{path}")).collect::<Vec<_>>()
    });
    let mut seen = BTreeSet::new();
    let all = parents.chain(templates).chain([format!("{origin}/auth/v1/")]);
    all.filter(|url| seen.insert(discovery_address(url))).take(MOST).collect()
}

/// Returns the issuer of the document at a candidate, if the document is found
/// where its issuer says.
async fn issuer_at(fetcher: Fetcher<'_>, candidate: &str) -> Option<(String, Metadata)> {
    let address = discovery_address(candidate);
    let found = discover(fetcher, &address, candidate).await.ok().filter(|found| found.answer.status == 200)?;
    let metadata = found.document.ok()?.metadata;
    let issuer = metadata.text("issuer").to_owned();
    (!issuer.is_empty() && discovery_address(&issuer) == address).then_some((issuer, metadata))
}

/// Returns another issuer near a configured one whose document names it.
/// `hints` are tried first.
pub(super) async fn fitting(
    fetcher: Fetcher<'_>,
    configured: &str,
    client_id: &str,
    hints: Vec<String>,
) -> Option<String> {
    let base = configured.split_once("/.well-known/").map_or(configured, |(base, _)| base);
    let near = Url::parse(base).map(|url| candidates(&url, client_id)).unwrap_or_default();
    for candidate in hints.into_iter().chain(near) {
        if let Some((issuer, _)) = issuer_at(fetcher, &candidate).await {
            return Some(issuer);
        }
    }
    None
}

/// Returns the issuer whose document has this authorization endpoint.
pub(super) async fn of_authorization_endpoint(fetcher: Fetcher<'_>, url: &Url, client_id: &str) -> Option<String> {
    let is_same =
        |found: &str| Url::parse(found).is_ok_and(|found| found.origin() == url.origin() && found.path() == url.path());
    for candidate in candidates(url, client_id) {
        match issuer_at(fetcher, &candidate).await {
            Some((issuer, metadata)) if is_same(metadata.text("authorization_endpoint")) => return Some(issuer),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first_and_products_next() {
        let found = candidates(&Url::parse("https://h/application/o/photos/authorize").unwrap(), "c");
        assert_eq!(found[..3], ["https://h/application/o/photos", "https://h/application/o", "https://h/application"]);
        assert!(found.contains(&"https://h/realms/photos".to_owned()), "{found:?}");
        assert!(found.len() <= MOST, "{found:?}");
    }
}

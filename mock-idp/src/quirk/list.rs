//! The list of quirks: the rows of all families, one after the other. A new
//! quirk is a row in its family; the tests over the list check the rest.

use super::{
    Quirk, authorization_response, claim_shapes, claims, discovery, end_session, endpoints, issuer, key_set,
    logout_token, metadata, picture, request, signature, token_response, transport, userinfo,
};

/// The families, in the order in which they are listed.
const FAMILIES: &[&[Quirk]] = &[
    issuer::ROWS,
    metadata::ROWS,
    endpoints::ROWS,
    discovery::ROWS,
    key_set::ROWS,
    authorization_response::PARAMETERS,
    request::AUTHORIZATION,
    authorization_response::ISSUER,
    request::PKCE,
    authorization_response::MODES,
    request::TOKEN,
    claims::ROWS,
    claim_shapes::ROWS,
    signature::ROWS,
    token_response::ROWS,
    userinfo::ROWS,
    transport::ROWS,
    end_session::ROWS,
    picture::ROWS,
    logout_token::ROWS,
];

/// All quirks, by family.
pub static QUIRKS: &[&Quirk] = &joined::<{ count() }>();

/// How many quirks there are. A constant cannot use iterators.
const fn count() -> usize {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
}

const fn joined<const N: usize>() -> [&'static Quirk; N] {
    let mut quirks = [&FAMILIES[0][0]; N];
    let (mut next, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut row = 0;
        while row < FAMILIES[family].len() {
            quirks[next] = &FAMILIES[family][row];
            next += 1;
            row += 1;
        }
        family += 1;
    }
    quirks
}

/// The quirk of that name.
pub fn quirk(name: &str) -> Option<&'static Quirk> {
    QUIRKS.iter().copied().find(|quirk| quirk.name == name)
}

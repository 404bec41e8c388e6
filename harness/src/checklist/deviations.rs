//! Where Immich deviates from what OpenID Connect asks, or was found to.

use super::row::{Row, row, without};

/// All of them.
pub static DEVIATIONS: &[Row] = &[
    row("D01", "It sends no nonce, so that only PKCE ties an ID token to its request"),
    row("D02", "It uses PKCE only where the provider advertises it"),
    row("D03", "Up to 1.131, the state is not bound to anything"),
    row("D04", "It accepts state and verifier in the request body, as apps need it"),
    row("D05", "The cookies of state and verifier last for 400 days"),
    row("D06", "It does not verify the signature of ID tokens, not even over http"),
    row("D07", "It signs in without an ID token"),
    row("D08", "It does not compare the sub of UserInfo with that of the ID token"),
    row("D09", "It does not verify the signature of signed UserInfo answers"),
    row("D10", "It does not compare issuers where the issuer URL has the well-known suffix"),
    row("D11", "It links existing accounts by an unverified email"),
    without(
        "D12",
        "It identifies end-users by sub only; another provider may use the same sub",
        "a server cannot distinguish a provider that moved from another provider; issuer-url/from-host requires that \
         the first works",
    ),
    row("D13", "It checks the iss of authorization responses"),
    row("D14", "It allows providers without TLS (2.x), or by a setting (3.x)"),
    row("D15", "It computes the redirect URI of the token request from the callback"),
    without(
        "D16",
        "It never requests an authentication time or method",
        "no clause requires it (OIDC Core §3.1.2.1: max_age and acr_values are optional)",
    ),
    without(
        "D17",
        "It does not check at_hash",
        "the check is optional (OIDC Core §3.1.3.8); id-token/left-to-the-server records it",
    ),
    row("D18", "At sign-out, it sends the provider no hint (up to 3.0) and no address to return to"),
    row("D19", "It ignores typ, jti and exp of logout tokens"),
    row("D20", "It does not forbid caching the answer to a logout token"),
    row("D21", "A logout token for an end-user also ends sessions by password, which OpenID Connect leaves open"),
    row("D22", "It answers 500 to errors of the provider, such as access_denied"),
    row("D23", "It reads the timeout, in milliseconds, as seconds"),
    row("D24", "It fetches pictures from any address in the claim"),
    row("D25", "Callback (1.118 to 2.6.0) and link work while OAuth is off"),
    without(
        "D26",
        "It shows the client secret in its settings and puts ID tokens into addresses",
        "administrators may see it, and settings/for-administrators requires that other users do not; a hint is an ID \
         token in an address (OIDC RP-Initiated Logout §2)",
    ),
    row("D27", "From 3.1, the provider's role claim can take an administrator's rights away"),
];

//! Where Immich deviates from what OpenID Connect asks, or was found to.

use super::row::{Row, row, without};

/// All of them.
pub static DEVIATIONS: &[Row] = &[
    row("D01", "It sends no nonce, so only PKCE ties an ID token to its sign-in"),
    row("D02", "It uses PKCE only if the provider advertises it"),
    row("D03", "Up to 1.131, it does not tie `state` to the browser"),
    row("D04", "It accepts `state` and the code verifier in the request body, because apps send them there"),
    row("D05", "Its cookies for `state` and the code verifier last 400 days"),
    row("D06", "It does not verify the signatures of ID tokens, not even over http"),
    row("D07", "It signs end-users in without an ID token"),
    row("D08", "It does not compare the `sub` of UserInfo with the `sub` of the ID token"),
    row("D09", "It does not verify the signatures of UserInfo responses"),
    row("D10", "It does not compare issuers if the issuer URL ends in `/.well-known/openid-configuration`"),
    row("D11", "It links existing accounts by an unverified email"),
    without(
        "D12",
        "It identifies end-users only by `sub`; another provider may use the same `sub`",
        "a server cannot distinguish a provider with a new URL from another provider, and issuer-url/from-host \
         requires that the new URL works",
    ),
    row("D13", "It checks `iss` of authorization responses"),
    row("D14", "It allows providers without TLS (2.x), or if a setting allows them (3.x)"),
    row("D15", "It computes the redirect URI of the token request from the callback"),
    without(
        "D16",
        "It never sends `max_age` or `acr_values`",
        "no clause requires these parameters (OIDC Core §3.1.2.1)",
    ),
    without(
        "D17",
        "It does not check `at_hash`",
        "this check is optional (OIDC Core §3.1.3.8); id-token/left-to-the-server records what the server does",
    ),
    row("D18", "At sign-out, it sends neither `id_token_hint` (up to 3.0) nor `post_logout_redirect_uri`"),
    row("D19", "It ignores `typ`, `jti` and `exp` of logout tokens"),
    row("D20", "Its responses to logout tokens have no `Cache-Control: no-store`"),
    row(
        "D21",
        "A logout token also ends the end-user's password sessions, which OpenID Connect neither requires nor forbids",
    ),
    row("D22", "It answers 500 to errors of the provider, such as `access_denied`"),
    row("D23", "It reads the timeout setting, which is in milliseconds, as seconds"),
    row("D24", "It requests pictures from any URL in the `picture` claim"),
    row("D25", "The callback (1.118 to 2.6.0) and `link` work while OAuth is off"),
    without(
        "D26",
        "It shows the client secret in its settings, and puts ID tokens into URLs",
        "administrators may see the client secret, and settings/for-administrators checks that other users do not; \
         `id_token_hint` in a URL is allowed (OIDC RP-Initiated Logout §2)",
    ),
    row("D27", "From 3.1 on, the provider's role claim can remove an administrator's rights"),
];

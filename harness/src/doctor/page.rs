//! The page of `docs/` that lists the checks.

use std::fmt::Write;

use super::checks::CHECKS;
use super::remedy::cause_remedy;

const HEAD: &str = "# Doctor: the checks

`oidc-harness doctor https://photos.example.org` looks at a server and its provider, and says which setting mends \
sign-in. It changes nothing. With `--api-key-file FILE` it reads all settings of the server; with \
`--issuer URL --client-id ID --client-secret-file FILE` it looks at a provider alone. This page is generated from \
`harness/src/doctor`; `oidc-harness explain CHECK` prints an entry.

`--probe` sends requests that leave a trace at the provider: a made-up code with the client's secret by both methods \
and with a wrong secret, and the redirect URIs of the web pages and the app, last one that is not registered. It prints \
hosts and number of requests first, and stops at 429, and at 403 without an error of OAuth. The secret goes only to the token endpoint in the \
document of the configured issuer, if the document names that issuer, over https or loopback, and never after a \
redirect.

`--sign-in` prints an address at which you sign in at the provider, and then checks tokens and claims, and what the \
server does with the end-user. Your browser comes back to `--redirect-uri`, which must be registered: the doctor listens \
there if it is an address such as http://127.0.0.1:8585/callback. Otherwise, paste the address where the browser ends. By \
default, that is the server's sign-in page, which shows an error: the server did not begin this sign-in. `--open` also \
opens the address in your browser; the variable `BROWSER` names another program.

For a server with another contract than Immich's, give its dialect ([dialects.md](dialects.md)) with `--dialect FILE`: the \
doctor then asks its routes, and names its settings in what to change.

`--json`, `--markdown` and `--html` print the diagnosis in another form. No form has secrets, codes or tokens.

[doctor-matrix.md](doctor-matrix.md) lists causes that the doctor names, and [doctor-providers.md](doctor-providers.md) what \
it says of real products.

A check ends as `ok`, `problem`, `warning` or `unknown`. Exit codes: 0 no problem, 1 a problem, 2 bad usage, 3 the \
server or the provider does not answer.
";

/// Returns the page. It needs no catalogue.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    for check in CHECKS {
        let head = "| cause | meaning | what to do |\n|---|---|---|";
        let _ = write!(text, "\n## {}\n\n{}\n\n{head}\n", check.name, check.looks_at);
        for (cause, meaning) in check.causes {
            let _ = writeln!(text, "| `{cause}` | {meaning} | {} |", cause_remedy(cause).unwrap_or_default());
        }
    }
    text
}

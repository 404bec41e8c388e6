//! The page that docs/speed.md is: what was measured, how, where.

use std::fs;

use super::Arguments;
use super::figures::Figures;

/// The whole page, in Markdown.
pub fn page(arguments: &Arguments, figures: &Figures, peers: &[&'static str]) -> String {
    let Arguments { rounds, clients, seconds, flows, .. } = arguments;
    let targets = figures.targets();
    let peers = figures.peers(peers);
    let machine = machine();
    format!(
        "# Speed

`mock-idp` beside other mock providers, measured by one run of

```sh
mock-idp/benches/peers/install                           # once: Node.js, npm and PyPI packages, into target/peers
cargo bench -p mock-idp --bench peers > docs/speed.md    # this page
```

on {machine}, with nothing else running.

One single-threaded generator with {clients} keep-alive connections; all providers up at once; {rounds} rounds; in \
         each, every provider has a turn at every measure, {seconds} s a turn after a warm-up. Figures are medians, with \
         the least and the greatest in brackets. Every code flow is an authorization request and a token request with \
         PKCE; code, status and the size of the ID token's RS256 signature with 2048 bits are checked. `mock-idp` keeps its \
         journal and checks client, secret, redirect URI, code and code verifier, as always.

## Targets

{targets}
## Providers

{peers}
A raw signature is one by aws-lc-rs with a reused key of 2048 bits, on the same machine between the turns; CPU time \
         per code flow is all that the process of the provider used, in the kernel too, for both requests. Memory after \
         load is after {flows} more code flows for `mock-idp` and after the rounds for the others. `oidc-provider` has a \
         warm session, so that a code flow takes two requests there, too. `oauth2-mock-server` signs twice, because its \
         access tokens are JWTs.
"
    )
}

fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models: Vec<&str> =
        cpus.lines().filter(|line| line.starts_with("model name")).filter_map(|line| line.split(": ").nth(1)).collect();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{} cores of {}, Linux {}", models.len(), models.first().unwrap_or(&"unknown make"), kernel.trim())
}

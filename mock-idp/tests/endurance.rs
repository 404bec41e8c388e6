//! Memory stays flat however many people sign in: journal and stores forget
//! their oldest entries.
//!
//! `ENDURANCE_SIGN_INS=100000 cargo test --release -p mock-idp --test
//! endurance -- --nocapture` is the long run; it prints the memory on the way.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]
#![expect(clippy::print_stdout, reason = "what was measured")]

mod provider;
#[expect(dead_code, reason = "raw bytes are for other tests")]
mod wire;

use std::io::Write;

use mock_idp::{Algorithm, Limits, ProviderSettings};

use wire::Talk;

/// Half of this is more than any store keeps; the other half must not add to
/// them.
const SIGN_INS: u32 = 12_000;

/// In bytes. The smallest thing that is kept of a sign-in takes more; what the
/// allocator keeps is some 700 KiB, whatever the number.
const PER_SIGN_IN: u64 = 300;

/// Memory of this process in KiB, without pages of files, where the system
/// tells: it takes pages of the program away and brings them back when other
/// programs need memory. Counted page by page: what `status` says comes late
/// on systems of many cores.
fn in_use() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("Anonymous:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[tokio::test]
async fn memory_stays_flat() {
    let wanted = std::env::var("ENDURANCE_SIGN_INS").ok().and_then(|text| text.parse().ok()).unwrap_or(SIGN_INS);
    let (provider, issuer) = wire::provider(Limits::default()).await;
    // The cheapest signature: it is not what is looked at.
    let hmac = ProviderSettings { signing_algorithm: Algorithm::Hs256, ..ProviderSettings::default() };
    issuer.set_settings(hmac).unwrap();
    let mut talk = Talk::with(&provider).await;
    let mut filled = None;
    for done in 1..=wanted {
        talk.sign_in().await;
        if done == wanted / 2 {
            filled = in_use();
        }
        if done % (wanted / 10).max(1) == 0 {
            println!("{done} sign-ins: {:?} KiB in use", in_use());
        }
    }
    if filled.is_none() {
        let _ = writeln!(std::io::stderr(), "skipped: this system does not tell how much memory is in use");
    }
    if let (Some(filled), Some(now)) = (filled, in_use()) {
        let growth = now.saturating_sub(filled);
        let more = u64::from(wanted / 2);
        assert!(growth * 1024 <= more * PER_SIGN_IN, "{growth} KiB more after {more} more sign-ins");
    }
    let entries = issuer.journal().entries();
    assert!(
        entries.len() <= 1024 && entries.last().unwrap().sequence + 1 == 3 * u64::from(wanted),
        "{}",
        entries.len()
    );
}

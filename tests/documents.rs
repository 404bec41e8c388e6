//! The console blocks of README and docs, run as they stand there.
//! `TRYCMD=overwrite cargo test` writes the outputs anew.

#[test]
fn console_blocks_tell_the_truth() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("oidc-harness", std::path::Path::new(env!("CARGO_BIN_EXE_oidc-harness")));
    cases.case("../README.md").case("../docs/*.md");
}

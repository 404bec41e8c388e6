//! Every case of every scenario as a test of its own, against the reference
//! server, or against the server that `OIDC_HARNESS_TARGET` names. The files are
//! read at run time: a new one needs no build.

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::cargo_test(&[]).only_scenarios(conformance_tests::scenarios()).run()
}

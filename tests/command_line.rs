//! What people see on the command line, and the exit code: each case has its
//! golden `command_line/*.txt`. `SNAPSHOTS=overwrite cargo test` writes anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::environment;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use rstest::rstest;
use snapbox::Data;

#[path = "command_line/folder.rs"]
mod folder;
#[path = "command_line/github_actions.rs"]
mod github_actions;
#[path = "command_line/output.rs"]
mod output;
#[path = "command_line/target.rs"]
mod target;
#[path = "command_line/terminal.rs"]
mod terminal;

use folder::{folder, folder_of_authorities};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/command_line")
}

fn run(folder: &Path, arguments: &str, values: &[(&str, String)]) -> String {
    let mut words: Vec<String> = arguments.split_whitespace().map(ToOwned::to_owned).collect();
    for (name, value) in values {
        words = words.iter().map(|word| word.replace(name, value)).collect();
    }
    let output = environment::harness(folder).args(words).current_dir(folder).output().unwrap();
    let mut text = format!("$ oidc-harness {arguments}\n");
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text + &format!("exit {}\n", output.status.code().unwrap())
}

/// Compares, blind to what differs from run to run.
fn golden(name: &str, mut text: String, values: &[(&'static str, String)]) {
    for (name, value) in values {
        text = text.replace(value, name);
    }
    let variable = [
        (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]"),
        (r"/oidc-harness-[a-z0-9]{8}/(\.well-known|authorize)\b", "/[MARK]/$1"),
        (r"\d+\.\d{3} s, seed \d+", "[TIME] s, seed [SEED]"),
    ];
    for (pattern, word) in variable {
        text = regex_lite::Regex::new(pattern).unwrap().replace_all(&text, word).into_owned();
    }
    snapbox::assert_data_eq!(text, Data::read_from(&here().join(format!("{name}.txt")), None).raw());
}

#[rstest]
#[case("help", "--help")]
#[case("help-short", "-h")]
#[case("help-run-short", "run -h")]
#[case("help-run", "run --help")]
#[case("list-profiles", "list profiles")]
#[case("list-quirks-with-a-text", "list quirks picture")]
#[case("list-nothing", "list defects audience-ignord")]
#[case("list-of-what", "list quirk")]
#[case("list-of-two-words", "list audience ignored")]
#[case("unknown-command", "rnu")]
#[case("list", "list tests cases.toml")]
#[case("explain-quirk", "explain wrong-audience")]
#[case("explain-claim", "explain azp")]
#[case("explain-term", "explain token")]
#[case("explain-client", "explain client")]
#[case("explain-end-user", "explain end-user")]
#[case("explain-identity", "explain identity")]
#[case("explain-word-of-a-file", "explain baseline")]
#[case("explain-problem", "explain Accepts an ID token made for another client")]
#[case("explain-verifier", "explain the code verifier is missing")]
#[case("explain-step", "explain callback")]
#[case("explain-result", "explain not exercised")]
#[case("explain-skipped", "explain skipped")]
#[case("nothing-passed", "run future.toml --report human --report github")]
#[case("two-of-one-name", "check scenarios more")]
#[case("named-twice", "check scenarios scenarios/own/listed.toml")]
#[case("baseline-not-toml", "check baselines/mine.toml")]
#[case("target-with-a-password", "run --target http://me:hush@127.0.0.1:1 --api-key-file key --yes")]
#[case("target-with-a-query", "run --target http://127.0.0.1:1/?token=hush --api-key-file key --yes")]
#[case("restore-with-a-password", "restore --target http://me:hush@127.0.0.1:1/?token=hush --api-key-file key")]
#[case("explore-with-a-password", "explore id-token/expired --target http:me:hush@/?token=hush --api-key-file key")]
#[case("removes-what-is-not-there", "run vain.toml --report human --report github")]
#[case("expects-the-opposite", "run opposite.toml")]
#[case("control-of-ones-own-fails", "run bad-control.toml")]
#[case("asks-another-server", "run elsewhere.toml --report human")]
#[case("header-of-two-lines", "run smuggles.toml --report human")]
#[case("explain-exit-code", "explain exit code 3")]
#[case("explain-scenario", "explain id-token/wrong-audience")]
#[case("explain-case-of-a-file", "explain cases.toml::late")]
#[case("explain-misspelt", "explain wrong-audence")]
#[case("explain-message", "explain TypeError: fetch failed, cause: CERT_HAS_EXPIRED")]
#[case("explain-nothing", "explain xyzzy")]
#[case(
    "explain-log",
    "explain [Nest] 7 - ERROR [Api:OAuthRepository~y8uz] ClientError: unexpected JWT claim value \
     encountered { code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED', [cause]: OperationProcessingError: unexpected ID Token \
     \"nonce\" claim value"
)]
#[case("explain-near-message", "explain unexpcted JWT aud (audience) claim valu")]
#[case("explain-screen", "explain Failed to finish oauth")]
#[case("explain-two-causes", "explain ECONNREFUSED 127.0.0.1:9000, then invalid_grant")]
#[case("explain-no-message", "explain my photos of Norway are upside down")]
#[case("explain-unknown-case", "explain tls/bad-certificate::nonsense")]
#[case("explain-case-of-one", "explain state/missing::nonsense")]
#[case("unknown-flag", "run --tagret x")]
#[case("unknown-report", "run --report html5=x")]
#[case("unknown-defect", "run --defect nope")]
#[case("defect-misspelt", "reference --defect audience-ignord")]
#[case("new-with-unknown-quirk", "new a/b --kind adversarial --quirk zebra")]
#[case("new-with-a-quirk-never-met", "new a/b --kind policy --quirk logout-wrong-issuer")]
#[case("new-with-a-mistake", "new a/b --kind policy --problem accepts")]
#[case("check-without-scenarios", "check")]
#[case("doctor-of-what", "doctor")]
#[case("doctor-issuer-with-a-password", "doctor --issuer http://me:hush@127.0.0.1:1/realm --client-id photos")]
#[case("doctor-at-a-page", "doctor http://127.0.0.1:1/.well-known/openid-configuration")]
#[case("check-not-utf-8", "check latin.toml typo.toml")]
#[case("explain-clause-of-none", "explain OIDC Core §9.99")]
#[case("explain-as-listed", "explain own/listed")]
#[case("filter-for-ones-own", "run --filter own/listed")]
#[case("name-misspelt", "run id-token/wrong-audiance")]
#[case("name-without-its-topic", "run wrong-audience")]
#[case("name-of-a-case-misspelt", "run id-token/wrong-audience::claims-in-userinf")]
#[case("one-filter-matches-nothing", "run --filter id-token/ --filter no-such-thing")]
#[case("watch-of-a-name", "run id-token/expired --watch")]
#[case("names-globs-and-files", "run cases.toml::late id-token/wrong-aud*::claims-in-id-token --jobs 1 --verbose")]
#[case("no-file", "run nowhere.toml")]
#[case("empty-folder", "run empty")]
#[case("typo-in-scenario", "run typo.toml")]
#[case("check-typo", "check typo.toml not.toml")]
#[case("no-key", "run --target http://127.0.0.1:1")]
#[case("key-file-of-prose", "run --target http://127.0.0.1:1 --api-key-file diary")]
#[case("key-file-missing", "run --target http://127.0.0.1:1 --api-key-file nowhere")]
#[case("key-file-with-a-mark", "run --target http://127.0.0.1:1 --api-key-file marked")]
#[case("key-file-in-utf-16", "run --target http://127.0.0.1:1 --api-key-file wide")]
#[case("key-file-with-a-nul", "run --target http://127.0.0.1:1 --api-key-file nul")]
#[case("key-file-is-the-key", "run --target http://127.0.0.1:1 --api-key-file T0ps3cr3t.0f/an+administrator")]
#[case("key-file-too-large", "run --target http://127.0.0.1:1 --api-key-file large")]
#[case("key-file-is-a-folder", "run --target http://127.0.0.1:1 --api-key-file empty")]
#[case("key-file-missing-by-path", "run --target http://127.0.0.1:1 --api-key-file no/such.key")]
#[case("no-jobs", "run --jobs 0")]
#[case("no-replicas", "run --target http://127.0.0.1:1 --api-key-file key --replicas 0")]
#[case("idp-url-of-another-scheme", "run --idp-url ftp://x")]
#[case("idp-url-with-a-path", "run --idp-url http://127.0.0.1:9000/idp")]
#[case("idp-url-with-a-password", "run --idp-url http://me:hush@127.0.0.1:9000")]
#[case("idp-url-without-a-port", "run --idp-listen 127.0.0.1:0 --idp-url https://idp.example.org --jobs 2")]
#[case("idp-listen-at-the-last-port", "run --idp-listen 127.0.0.1:65535 --jobs 2")]
#[case("report-over-the-key", "run --target http://127.0.0.1:1 --api-key-file key --report json=./key")]
#[case("report-over-the-journal", "run --target http://127.0.0.1:1 --api-key-file key --journal j --report json=j")]
#[case("report-over-the-baseline", "run --baseline whole.toml --report json=whole.toml")]
#[case("report-over-a-scenario", "run scenarios --report junit=scenarios/own/../own/listed.toml")]
#[case("report-over-the-report", "report run.json --html ./run.json")]
#[case("merge-over-a-report", "report run.json before.json --report json=run.json")]
#[case("two-names-of-one-report", "run --report html=run.out --report json=empty/../run.out")]
#[case("address-of-a-page", "run --target http://127.0.0.1:1/auth/login?continue=%2Fphotos --api-key-file key")]
#[case("not-an-address", "run --target photos.example.org --api-key-file key")]
#[case("two-targets", "run --target http://[::1] --target http://[::2] --api-key-file key")]
#[case("target-beside-the-reference", "run id-token/expired --target reference --target http://[::1]")]
#[case("unreachable", "run --target http://127.0.0.1:1 --api-key-file key")]
#[case("doctor-idle-dialect", "doctor --issuer http://127.0.0.1:1 --client-id c --dialect d.toml")]
#[case("bad-shard", "run --shard 3/2")]
#[case("preflight-of-nothing", "run --preflight-only")]
#[case("two-reports-in-one-file", "run --report html=run.out --report json=run.out")]
#[case("report-html", "report run.json --html run.html")]
#[case("report-verbose", "report run.json --verbose")]
#[case("report-not-writable", "report run.json --html nowhere/run.html")]
#[case("report-newer", "report newer.json")]
#[case("report-no-file-named", "report run.json --report html=")]
#[case("diff-broke", "diff before.json run.json")]
#[case("diff-nothing", "diff run.json run.json")]
#[case("diff-no-report", "diff run.json typo.toml")]
#[case("quiet-and-verbose", "run --quiet --verbose")]
#[case("merge-nothing", "report")]
#[case("merge-no-report", "report typo.toml run.json")]
#[case("baseline-broken", "run --baseline baseline.toml")]
#[case("baseline-missing", "run --baseline nowhere.toml")]
#[case("baseline-by-name", "run --filter wrong-audience --baseline immich-2.7.5 --jobs 1 --quiet --seed 1")]
#[case("baseline-of-no-format", "run --baseline old.toml")]
#[case(
    "baseline-differs",
    "run --filter wrong-audience --defect audience-ignored --baseline other.toml --jobs 1 --quiet"
)]
#[case(
    "baseline-out-of-date",
    "run --filter wrong-audience --defect audience-ignored --baseline late.toml --jobs 1 --quiet"
)]
#[case("unexpected-pass", "run --filter wrong-audience::claims-in-id-token --baseline whole.toml --jobs 1")]
#[case("check-baselines", "check whole.toml cases.base.toml baseline.toml one.toml")]
#[case("stale-entry", "run --filter wrong-audience --baseline cases.base.toml --jobs 1")]
#[case("name-of-a-tag", "run smoke")]
#[case("tag-misspelt", "run --tag smok --shard 1/2")]
#[case("name-of-ones-own-file", "run own/listed::nonsense")]
#[case("filter-misspelt", "run --filter id-tokn --shard 1/2")]
#[case("nothing-matches", "run --filter no-such-thing")]
#[case("control-fails", "run id-token/wrong-audience::claims-in-userinfo --defect never-registers --seed 1")]
#[case("proof-fails", "run id-token/audience-as-list::alone --defect id-token-unread --seed 1")]
#[case("ends-at-the-first-failure", "run issuer-url/from-host --defect never-registers --seed 1")]
#[case("check-one", "check one.toml")]
#[case("name-for-a-path", "check id-token/wrong-audience")]
#[case("no-such-path", "check no/such/folder")]
#[case("read-only-without-server", "run --read-only")]
#[case("key-without-server", "run --api-key-file key")]
#[case("key-file-exists", "reference --api-key-file diary")]
#[case("explain-without-a-name", "explain")]
#[case("defect-elsewhere", "run --target http://127.0.0.1:9 --read-only --defect state-ignored")]
#[case("report-cannot-be-written", "run --filter wrong-audience --report html=/no/such/folder/x.html")]
#[case("idp-help", "idp --help")]
#[case("idp-unknown-quirk", "idp --quirk wrong-audiance")]
#[case("idp-quirk-like-none", "idp --quirk zebra")]
#[case("idp-unknown-profile", "idp --profile keykloak")]
#[case("idp-quirk-argument", "idp --quirk token-status=soon")]
#[case("idp-quirk-negative", "idp --quirk expired=-5")]
#[case("idp-quirks-that-conflict", "idp --quirk wrong-issuer --quirk missing-issuer")]
#[case("idp-users-broken", "idp --users users.toml")]
#[case("idp-users-not-toml", "idp --users not.toml")]
#[case("idp-users-none", "idp --users none.toml")]
#[case("idp-users-missing", "idp --users nowhere.toml")]
#[case("idp-exposed-without-redirect-uri", "idp --listen 192.0.2.1:9000")]
#[case("idp-exposed-without-name", "idp --listen 0.0.0.0:9000")]
#[case("idp-exposed-by-name", "idp --listen 127.0.0.1:0 --public-url https://idp.example.org")]
#[case("idp-public-url-of-another-scheme", "idp --public-url ftp://idp.example.org")]
#[case("idp-public-url-with-a-query", "idp --public-url https://idp.example.org/?a=b")]
#[case("idp-public-url-with-a-user", "idp --public-url https://user@idp.example.org")]
#[case("idp-exposed-with-seed", "idp --listen 192.0.2.1:9000 --redirect-uri https://a.test/ --seed 1")]
#[case("idp-empty-secret", "idp --secret=")]
#[case("idp-path-without-slash", "idp --issuer-path photos")]
#[case("idp-path-of-our-own", "idp --issuer-path /control/photos")]
#[case("idp-path-no-path", "idp --issuer-path /photos?a=b")]
#[case("restore-foreign-journal", "restore --target http://127.0.0.1:1 --api-key-file key --journal diary")]
fn without_a_server(#[case] name: &str, #[case] arguments: &str) {
    let folder = folder();
    golden(name, run(folder.path(), arguments, &[]), &[]);
}

#[test]
fn list_takes_tags() {
    let folder = folder();
    let output = environment::harness(folder.path()).args(["list", "smoke", "--json"]).output().unwrap();
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(Some(&listed.len()), harness::scenario::Catalogue::embedded().totals.get("smoke"));
}

/// With a misspelt or empty variable, the run would test another server, and be
/// green.
#[rstest]
#[case("variable-misspelt", "OIDC_HARNESS_TAGRET", "x")]
#[case("variable-of-none", "OIDC_HARNESS_COLOUR_OF_THE_SKY", "x")]
#[case("variable-of-a-flag-without-one", "OIDC_HARNESS_DEFECT", "audience-ignored")]
#[case("variable-with-another-beginning", "OIDC_HARNES_TARGET", "http://127.0.0.1:1")]
#[case("variable-empty", "OIDC_HARNESS_TARGET", "")]
#[case("variable-with-two-targets", "OIDC_HARNESS_TARGET", "http://[::1],http://[::2]")]
#[case("variable-of-a-file-empty", "OIDC_HARNESS_API_KEY_FILE", "")]
fn variables_that_change_nothing(#[case] name: &str, #[case] variable: &str, #[case] value: &str) {
    let folder = folder();
    let mut command = environment::harness(folder.path());
    let output = command.args(["run", "--filter", "no-such-thing"]).env(variable, value).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    golden(name, format!("{text}exit {}\n", output.status.code().unwrap()), &[]);
}

#[rstest]
#[case("ca", "ca new")]
#[case("ca-exists", "ca authority")]
#[case("ca-not-writable", "ca /proc/nowhere")]
#[case("idp-ca-missing", "run --idp-ca nowhere")]
#[case("idp-ca-without-key", "run --idp-ca keyless")]
#[case("idp-ca-key-of-prose", "run --idp-ca garbled")]
#[case("idp-ca-expired", "run --idp-ca old")]
#[case("idp-ca", "run --idp-ca authority --filter tls/accepted")]
#[case("idp-ca-by-hand", "idp --tls trusted --ca garbled")]
fn certificate_authorities(#[case] name: &str, #[case] arguments: &str) {
    let folder = folder_of_authorities();
    let values = [("[FOLDER]", folder.path().display().to_string())];
    golden(name, run(folder.path(), arguments, &[]), &values);
}

#[test]
fn a_port_that_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let values = [("[ADDRESS]", taken.local_addr().unwrap().to_string())];
    golden("idp-port-taken", run(folder().path(), "idp --listen [ADDRESS]", &values), &values);
}

/// The provider listens for others, so its keys are fresh, and all is well.
#[test]
fn a_provider_that_others_can_reach() {
    let folder = folder();
    let output = run(folder.path(), "run --filter id-token/wrong-audience --idp-listen 0.0.0.0:0 --jobs 1", &[]);
    assert!(output.ends_with("exit 0\n"), "{output}");
}

#[test]
fn shards_are_joined_into_the_whole() {
    let folder = folder();
    for shard in ["1/2", "2/2"] {
        let arguments = format!("run --filter id-token/wrong --shard {shard} --report json={}.json", &shard[..1]);
        assert!(run(folder.path(), &arguments, &[]).ends_with("exit 0\n"));
    }
    let whole = run(folder.path(), "run --filter id-token/wrong --report json=whole.json", &[]);
    assert!(whole.ends_with("exit 0\n"));
    let joined = run(folder.path(), "report 1.json 2.json --report json=joined.json --report junit=joined.xml", &[]);
    assert!(joined.ends_with("exit 0\n"), "{joined}");
    let names = |file: &str| {
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        let report: harness::report::Report = serde_json::from_str(&text).unwrap();
        report.results.iter().map(harness::report::CaseReport::test_name).collect::<Vec<_>>()
    };
    assert_eq!(names("joined.json"), names("whole.json"));
    golden("merge-twice", run(folder.path(), "report 1.json whole.json", &[]), &[]);
}

/// A baseline begins with a run: written by it, completed by hand, it makes the
/// same run green, and is written the same again.
#[test]
fn a_baseline_begins_with_a_run() {
    let folder = folder();
    let file = |name: &str| folder.path().join(name);
    let played = "run --filter id-token/wrong-a --defect audience-ignored --strict --jobs 1 --quiet";
    let red = run(folder.path(), &format!("{played} --report json=red.json --report baseline=new.toml"), &[]);
    assert!(red.ends_with("exit 1\n"), "{red}");
    let written = std::fs::read_to_string(file("new.toml")).unwrap();
    golden("baseline-of-a-run", written.clone(), &[]);
    assert!(run(folder.path(), "report red.json --report baseline=later.toml", &[]).ends_with("exit 0\n"));
    assert_eq!(std::fs::read_to_string(file("later.toml")).unwrap(), written);
    golden("baseline-to-be-completed", run(folder.path(), &format!("{played} --baseline new.toml"), &[]), &[]);
    let completed = written.replace("reference = \"\"", "reference = \"https://issues.example.org/1\"");
    std::fs::write(file("new.toml"), &completed).unwrap();
    let green = run(folder.path(), &format!("{played} --baseline new.toml --report baseline=new.toml"), &[]);
    golden("baseline-completed", green, &[]);
    assert_eq!(std::fs::read_to_string(file("new.toml")).unwrap(), completed);
}

//! What people see on a terminal of 80 columns: no line is wider, unless it is one
//! word, such as an address.

#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use super::folder;
use crate::environment;

/// What a keyboard sends for Ctrl-C.
const CTRL_C: &[u8] = b"\x03";

/// The widest line, in columns.
const WIDTH: usize = 80;

/// Those that serve until Ctrl-C say so at last.
const COMMANDS: &[&str] = &[
    "--help",
    "run --help",
    "rnu",
    "run --tagret x",
    "run --report html5=x",
    "run --defect nope",
    "reference --defect audience-ignord",
    "run --jobs many",
    "run nowhere.toml",
    "run typo.toml",
    "check typo.toml not.toml",
    "check whole.toml baseline.toml",
    "fmt typo.toml",
    "run one.toml",
    "run opposite.toml",
    "run bad-control.toml",
    "run id-token/expired --defect expiry-ignored",
    "run state/wrong --defect state-ignored --verbose",
    "run name-misspelt",
    "run --target http://127.0.0.1:1",
    "run --target http://127.0.0.1:1 --api-key-file diary",
    "run --target http://127.0.0.1:1 --api-key-file nowhere",
    "run --target http://127.0.0.1:1 --api-key-file marked",
    "run --target http://127.0.0.1:1 --api-key-file wide",
    "run --target http://127.0.0.1:1 --api-key-file nul",
    "run --target http://127.0.0.1:1 --api-key-file large",
    "run --target http://127.0.0.1:1 --api-key-file empty",
    "run --target http://127.0.0.1:1 --api-key-file key",
    "run --idp-url http://127.0.0.1:9000/idp",
    "run --read-only",
    "restore --target http://127.0.0.1:1 --api-key-file key --journal diary",
    "report run.json",
    "report run.json --verbose",
    "report newer.json",
    "diff before.json run.json",
    "explain xyzzy",
    "explain token",
    "explain wrong-audience",
    "explain keycloak",
    "explain secret-refused",
    "explain altered",
    "explain not exercised",
    "explain ECONNREFUSED 127.0.0.1:9000, then invalid_grant",
    "list tests id-token/",
    "list quirks",
    "list defects",
    "new a/b --kind policy",
    "new a/c --kind adversarial --quirk zebra",
    "doctor http://127.0.0.1:1",
    "doctor ftp://x",
    "idp --listen 127.0.0.1:0",
    "idp --listen 127.0.0.1:0 --profile keycloak --quirk expired",
    "idp --profile nope",
    "reference --listen 127.0.0.1:0",
    "explore id-token/expired",
];

/// Returns what a command prints on such a terminal until it ends. If it waits for
/// Ctrl-C, it gets that.
fn on_terminal(home: &Path, arguments: &str) -> String {
    let program = environment::harness(home).get_program().to_string_lossy().into_owned();
    let command = format!("stty cols {WIDTH} rows 40; exec {program} {arguments}");
    let mut terminal = environment::bare(Command::new("script"), home);
    terminal.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm").current_dir(home);
    let mut terminal = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keyboard, mut output) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
    let (mut said, mut chunk, mut is_asked_to_end) = (Vec::new(), [0; 4096], false);
    let waits = |said: &[u8]| {
        let said = String::from_utf8_lossy(said);
        ["Ctrl-C ends", "Press Ctrl-C"].iter().any(|words| said.contains(words))
    };
    while let Ok(count @ 1..) = output.read(&mut chunk) {
        said.extend_from_slice(&chunk[..count]);
        if waits(&said) && !std::mem::replace(&mut is_asked_to_end, true) {
            keyboard.write_all(CTRL_C).unwrap();
        }
    }
    terminal.wait().unwrap();
    let codes = regex_lite::Regex::new("\x1b\\[[0-9;?]*[A-Za-z]").unwrap();
    codes.replace_all(&String::from_utf8_lossy(&said), "").into_owned()
}

/// A run draws its bar again and again, so a line may have several texts.
#[test]
fn no_line_is_wider_than_the_terminal() {
    let folder = folder();
    let wide = |arguments: &&str| {
        let said = on_terminal(folder.path(), arguments);
        assert!(said.lines().count() > 0, "{arguments} prints nothing");
        // An address, perhaps behind its name, stays whole.
        let address = regex_lite::Regex::new(r"^ *([^ ]+( [^ ]+)*  +)?[^ ]+$").unwrap();
        let is_wide = |line: &&str| line.chars().count() > WIDTH && !address.is_match(line);
        let wide: Vec<String> = said.split(['\n', '\r']).filter(is_wide).map(ToOwned::to_owned).collect();
        (!wide.is_empty()).then(|| format!("$ oidc-harness {arguments}\n{}\n", wide.join("\n")))
    };
    let found: String = COMMANDS.iter().filter_map(wide).collect();
    assert!(found.is_empty(), "{found}");
}

//! What editors make of the schema: `taplo` checks files by it, and `tombi`, a
//! language server, completes and explains by it. `.ci/run` installs both.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::process::{run, said};
use crate::skipped::missing;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Where such a program is, or a word that it is not.
fn installed(name: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../interop/python/bin").join(name);
    let found = own.exists().then_some(own).or_else(|| {
        let works = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
        works.then(|| PathBuf::from(name))
    });
    if found.is_none() {
        missing(&format!("`{name}`, of PyPI, is not installed; tests/authoring/requirements.txt has its version"));
    }
    found
}

#[test]
fn taplo_takes_every_scenario_and_refuses_mistakes() {
    let Some(taplo) = installed("taplo") else { return };
    let schema = format!("file://{}/scenarios/scenario.schema.json", root().display());
    let check = |files: &[PathBuf]| {
        Command::new(&taplo).args(["check", "--schema", &schema]).args(files).current_dir(root()).output().unwrap()
    };
    let sources = harness::scenario::read_files(&[root().join("scenarios")]).unwrap().sources;
    let files: Vec<PathBuf> = sources.into_iter().map(|source| source.path).collect();
    let output = check(&files);
    assert!(output.status.success(), "{}", said(&output));

    let folder = tempfile::tempdir().unwrap();
    let written = run(folder.path(), &["new", "a/b", "--kind", "adversarial"]);
    assert!(written.status.success(), "{}", said(&written));
    let path = folder.path().join("scenarios/a/b.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(check(std::slice::from_ref(&path)).status.success());
    for (right, wrong) in [
        ("why  ", "whi  "),
        ("quirks.wrong-audience", "quirks.wrong-audiense"),
        ("expect.outcome", "expect.outcom"),
        ("provider.claims-in = \"id-token\"", "provider.claims-in = \"idtoken\""),
        ("\"refused\"", "\"refussed\""),
    ] {
        assert!(text.contains(right), "{right}");
        std::fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
        assert!(!check(std::slice::from_ref(&path)).status.success(), "{wrong} is taken");
    }
}

/// A language server, spoken to as editors do.
struct LanguageServer {
    child: std::process::Child,
    input: std::process::ChildStdin,
    output: BufReader<std::process::ChildStdout>,
    asked: u64,
}

impl LanguageServer {
    fn start(program: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(["lsp", "--offline"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut server = Self { child, input, output, asked: 0 };
        server.ask("initialize", json!({ "processId": null, "capabilities": {}, "rootUri": null }));
        server.tell(&json!({ "method": "initialized", "params": {} }));
        server
    }

    fn tell(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "it ended");
            match line.trim().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.tell(&json!({ "id": id, "method": method, "params": parameters }));
        loop {
            let message = self.hear();
            match (message.get("method"), message.get("id")) {
                // It asks something, too.
                (Some(_), Some(theirs)) => self.tell(&json!({ "id": theirs, "result": null })),
                (None, Some(theirs)) if *theirs == id => return message["result"].clone(),
                _ => {}
            }
        }
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_language_server_completes_and_explains() {
    let Some(tombi) = installed("tombi") else { return };
    let mut server = LanguageServer::start(&tombi);
    let uri = format!("file://{}/scenarios/id-token/draft.toml", root().display());
    let text = "#:schema ../scenario.schema.json\ntitle = \"T\"\n\n[provider]\nquirks.wrong-aud\n\n[cases.one]\n\n\
                [[steps]]\nsign-in.as = \"alice\"\nexpect.\n";
    let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
    server.tell(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    // It reads the schema, and then says what it thinks of the file.
    loop {
        let message = server.hear();
        match (message.get("method"), message.get("id")) {
            (Some(method), _) if method == "textDocument/publishDiagnostics" => break,
            (Some(_), Some(theirs)) => server.tell(&json!({ "id": theirs, "result": null })),
            _ => {}
        }
    }
    let mut at = |method: &str, line: u32, character: u32| {
        let position = json!({ "line": line, "character": character });
        server.ask(method, json!({ "textDocument": { "uri": uri }, "position": position }))
    };
    for (line, character, words) in [
        (4, 16, vec!["wrong-audience"]),
        // In a case, too.
        (7, 0, vec!["level", "provider", "steps"]),
        (10, 7, vec!["outcome", "account", "provider-saw"]),
        (2, 0, vec!["requirement", "why", "requires"]),
    ] {
        let completion = at("textDocument/completion", line, character);
        let items = completion.as_array().or_else(|| completion["items"].as_array()).cloned().unwrap_or_default();
        let labels: Vec<&str> = items.iter().filter_map(|item| item["label"].as_str()).collect();
        assert!(words.iter().all(|word| labels.contains(word)), "line {line}: {labels:?}");
    }
    let hover = at("textDocument/hover", 9, 3).to_string();
    assert!(hover.contains("Signs an end-user in"), "{hover}");
}

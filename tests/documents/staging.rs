//! What docs/staging.md says to do, done: each call of the harness in it, of a
//! shell or of a CI's file, against servers in processes of their own, with a
//! key that has the permissions that the page names.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Output;

use harness::immich::{Access, ConfigurationFile, SettingsRoutes};
use serde_json::{Value, json};

use super::block::{Block, blocks};
use super::command::{Command, commands};
use super::environment::harness;
use super::server::{Staging, free_port, shown};

/// Commands of the page that are not run here, by how they begin, and why not.
const NOT_RUN: &[(&[&str], &str)] = &[
    (&["cargo", "build"], "it takes minutes, and the binary is there"),
    (&["alias"], "the binary is called by its path"),
    (&["server=https://staging.example.org"], "each test has a server of its own"),
    (&["token=$(curl"], "it is for a server that has passwords; the reference server writes its key into a file"),
    (&["curl"], "the reference server makes no keys; its own has the permissions that this one asks for"),
    (&["jq"], "it reads what curl got"),
    (&["chmod"], "the key is there already"),
    (&["ssh"], "there is one host; `tests/topologies.rs` forwards a port between two"),
    (&["install"], "it is for ssh"),
];

/// Calls that need more than two processes, by a word of theirs.
const ELSEWHERE: &[(&str, &str)] =
    &[("https://idp.example.org", "it needs a reverse proxy; `tests/topologies.rs` has one")];

/// What is played; little, as it is played often.
const FILTER: &str = "auto-register/";

/// The names that the page gives to servers.
const SERVERS: &[&str] = &[
    "$server",
    "https://staging.example.org",
    "https://photos.example.org",
    "http://127.0.0.1:2283",
    "http://immich-server:2283",
    "http://photos-1:2283",
];

/// Those of the provider, as servers call it.
const PROVIDERS: &[&str] = &[
    "http://127.0.0.1:9000",
    "http://172.17.0.1:9000",
    "http://runner.example.org:9000",
    "http://relay.example.org:9000",
    "http://oidc-harness:9000",
];

/// The permissions that the page has the key made with.
fn permissions() -> Vec<String> {
    let made = blocks("sh").into_iter().filter(|block| block.page == "staging.md");
    let mut bodies = made.flat_map(|block| commands(&block)).flat_map(|command| command.words);
    let body = bodies.find(|word| word.contains("\"permissions\"")).unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    serde_json::from_value(body["permissions"].clone()).unwrap()
}

/// What the page asks for is the least that does.
#[test]
fn the_key_has_the_permissions_that_a_run_needs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("immich.yaml");
    std::fs::write(&file, "").unwrap();
    let named = permissions();
    assert_eq!(named, Access::Api.permissions(SettingsRoutes::NEW));
    // The sentence after it.
    let fewer: Vec<&String> = named.iter().filter(|name| *name != SettingsRoutes::NEW.update).collect();
    assert_eq!(
        fewer,
        Access::File(ConfigurationFile::new(&file)).permissions(SettingsRoutes::NEW).iter().collect::<Vec<_>>()
    );
    assert_eq!(fewer, Access::Fixed.permissions(SettingsRoutes::NEW).iter().collect::<Vec<_>>());
    assert_eq!(Access::ReadOnly.permissions(SettingsRoutes::NEW), Vec::<&str>::new());
}

/// Where a call of the page happens.
struct Place {
    server: Staging,
    port: u16,
}

impl Place {
    async fn new(command: &Command) -> Self {
        let port = free_port(Ipv4Addr::LOCALHOST);
        let has = |flag: &str| command.words.iter().any(|word| word == flag);
        let mut place = Self { server: server(has("--config-file")), port };
        if has("--fixed-settings") {
            let change = |settings: &mut Value| {
                settings["oauth"]["enabled"] = json!(true);
                settings["oauth"]["issuerUrl"] = json!(format!("http://127.0.0.1:{port}/photos"));
                settings["oauth"]["clientId"] = json!("photos");
                settings["oauth"]["clientSecret"] = json!("a secret of theirs");
                settings["oauth"]["allowInsecureRequests"] = json!(true);
            };
            place.server.used(change).await;
        }
        place
    }

    fn key(&self) -> PathBuf {
        self.server.folder.path().join("key")
    }

    /// What stands here for a word, or the value of a variable, of the page.
    fn filled(&self, word: &str) -> String {
        let folder = self.server.folder.path().display();
        match word {
            "key" | "/key" => self.key().display().to_string(),
            "0.0.0.0:9000" | "127.0.0.1:9000" => format!("127.0.0.1:{}", self.port),
            "./immich.yaml" => self.server.file.as_ref().unwrap().display().to_string(),
            // This server reads its file anew.
            "docker restart photos" => "true".to_owned(),
            "/state" => format!("{folder}/state"),
            "${{ secrets.STAGING_API_KEY }}" => std::fs::read_to_string(self.key()).unwrap().trim().to_owned(),
            word if SERVERS.contains(&word) => self.server.url.clone(),
            word if PROVIDERS.contains(&word) => format!("http://127.0.0.1:{}", self.port),
            word => word.replace("$CI_PROJECT_DIR", &folder.to_string()),
        }
    }

    fn run(&self, command: &Command) -> Output {
        let folder = self.server.folder.path();
        let arguments: Vec<String> = command.arguments().unwrap().iter().map(|word| self.filled(word)).collect();
        let mut process = harness(folder);
        process.current_dir(folder).env("XDG_STATE_HOME", folder.join("state")).args(&arguments);
        if !arguments.iter().any(|word| word == "--api-key-file" || word == "--read-only") {
            // GitLab has it as a masked variable of the project.
            process.env("OIDC_HARNESS_API_KEY", self.filled("${{ secrets.STAGING_API_KEY }}"));
        }
        let environment: Vec<(&String, String)> =
            command.environment.iter().map(|(name, value)| (name, self.filled(value))).collect();
        let strange = |word: &&str| word.contains("example.org") || word.contains('$') || word.ends_with(":9000");
        let values = environment.iter().map(|(_, value)| value.as_str());
        let left: Vec<&str> = arguments.iter().map(String::as_str).chain(values).filter(strange).collect();
        assert!(left.is_empty(), "nothing stands for {left:?}");
        process.envs(environment);
        // Of what may only look, little is played in any case.
        if arguments[0] == "run" && !arguments.iter().any(|word| word == "--read-only") {
            process.args(["--filter", FILTER]);
        }
        process.output().unwrap()
    }
}

/// A server with a key as the page has it made, perhaps with its settings in a
/// file.
fn server(reads_a_file: bool) -> Staging {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("immich.yaml");
    let mut arguments: Vec<String> =
        permissions().into_iter().flat_map(|name| ["--permission".to_owned(), name]).collect();
    if reads_a_file {
        std::fs::write(&file, "oauth: {buttonText: Theirs}\n").unwrap();
        arguments.extend(["--config-file".to_owned(), file.display().to_string()]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut staging = Staging::launch(folder, &arguments);
    staging.file = reads_a_file.then_some(file);
    staging
}

fn is_not_run(command: &Command) -> bool {
    let begins = |start: &[&str]| command.words.iter().map(String::as_str).take(start.len()).eq(start.iter().copied());
    let elsewhere = ELSEWHERE.iter().any(|(word, _)| command.words.iter().any(|own| own == word));
    elsewhere || NOT_RUN.iter().any(|(start, _)| begins(start))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_page_does_what_it_says() {
    let pages = [blocks("sh"), blocks("yaml")].concat();
    let mut played = 0;
    for block in pages.iter().filter(|block| block.page == "staging.md") {
        for command in commands(block).iter().filter(|command| !is_not_run(command)) {
            assert!(command.arguments().is_some(), "neither run nor said why not: {:?}", command.words);
            let place = Place::new(command).await;
            let before = place.server.state().await;
            let output = place.run(command);
            assert_eq!(output.status.code(), Some(0), "{:?}\n{}", command.words, shown(&output));
            assert_eq!(place.server.state().await, before, "{:?}", command.words);
            played += 1;
        }
    }
    // No other test would notice a page without blocks.
    assert!(played >= 14, "{played}");
}

/// What stands in the list is on the page; else it is to go.
#[test]
fn what_is_not_run_is_there() {
    let pages: Vec<Block> = [blocks("sh"), blocks("yaml")].concat();
    let all: Vec<Command> = pages.iter().filter(|block| block.page == "staging.md").flat_map(commands).collect();
    for (start, reason) in NOT_RUN {
        let begins = |command: &&Command| {
            command.words.iter().zip(*start).filter(|(word, own)| word == own).count() == start.len()
        };
        assert!(all.iter().any(|command| begins(&command)), "{start:?}: {reason}");
    }
    for (word, reason) in ELSEWHERE {
        assert!(all.iter().any(|command| command.words.iter().any(|own| own == word)), "{word}: {reason}");
    }
}

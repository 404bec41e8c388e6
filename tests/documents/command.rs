//! Commands as pages have them: lines of a shell, and what YAML says is run.

use serde_json::Value;

use super::block::Block;

/// A command.
#[derive(Debug, Clone)]
pub struct Command {
    /// Its words.
    pub words: Vec<String>,
    /// The variables that its block sets for it.
    pub environment: Vec<(String, String)>,
}

/// The ways in which pages call the harness.
const HARNESS: &[&[&str]] = &[&["oidc-harness"], &["target/release/oidc-harness"], &["cargo", "run", "--"]];

impl Command {
    /// What it hands to the harness, if it calls that.
    pub fn arguments(&self) -> Option<&[String]> {
        HARNESS.iter().find_map(|called| {
            let rest = self.words.get(called.len()..)?;
            self.words.iter().zip(*called).all(|(word, own)| word == own).then_some(rest)
        })
    }
}

/// The commands of a block, in order.
pub fn commands(block: &Block) -> Vec<Command> {
    match block.language.as_str() {
        "yaml" => of_yaml(&serde_saphyr::from_str(&block.text).unwrap(), &[]),
        _ => of_shell(&block.text, &[]),
    }
}

fn of_shell(text: &str, environment: &[(String, String)]) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut logical = String::new();
    for line in text.lines() {
        logical.push_str(line.strip_suffix('\\').unwrap_or(line));
        // The line goes on where it says so, and where a quotation is open.
        let words = if line.ends_with('\\') { None } else { shlex::split(&logical) };
        let Some(words) = words else {
            logical.push('\n');
            continue;
        };
        logical.clear();
        let alone =
            words.split(|word| ["&&", "&", "|", "||", ";"].contains(&word.as_str())).filter(|words| !words.is_empty());
        commands.extend(alone.map(|words| Command { words: words.to_vec(), environment: environment.to_vec() }));
    }
    assert_eq!(logical, "", "a command does not end");
    commands
}

/// What GitHub, GitLab and compose run, with the variables that hold there.
fn of_yaml(node: &Value, environment: &[(String, String)]) -> Vec<Command> {
    let Value::Object(members) = node else {
        return node.as_array().into_iter().flatten().flat_map(|item| of_yaml(item, environment)).collect();
    };
    let mut environment = environment.to_vec();
    for key in ["env", "environment", "variables"] {
        let set = members.get(key).and_then(Value::as_object).into_iter().flatten();
        environment.extend(set.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())));
    }
    members
        .iter()
        .flat_map(|(key, value)| match (key.as_str(), value) {
            ("run" | "command", Value::String(text)) => of_shell(text, &environment),
            ("script" | "after_script", Value::Array(lines)) => {
                lines.iter().flat_map(|line| of_shell(line.as_str().unwrap(), &environment)).collect()
            }
            _ => of_yaml(value, &environment),
        })
        .collect()
}

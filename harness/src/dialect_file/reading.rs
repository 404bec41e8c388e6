//! A dialect file, read as a whole: whether what it says fits together, and all
//! that is wrong with it. What a dialect does is for [`Dialect`].

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::route_fault::RouteFault;
use crate::diagnostic::{Broken, Diagnostic, Source};
use crate::document::{FileFormat, Node, mended, path};
use crate::immich::{ApiRoute, Dialect, SETTINGS, SectionNames, StatusMeaning, is_variable};

/// Parameters of a callback, which are members by their own names.
const CALLBACK_PARAMETERS: &[&str] = &["code", "state"];

/// Reads a dialect file.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(source: Source) -> Result<Dialect, Broken> {
    let source = Arc::new(source);
    let broken = |problems: Vec<Diagnostic>| Broken::in_order(&source, problems);
    let node = Node::parse(&source).map_err(&broken)?;
    FileFormat::DIALECT.check(&node, &source).map_err(|problem| broken(vec![problem]))?;
    let mut problems = Vec::new();
    let Some(dialect) = mended::<Dialect>(&node, &mut problems) else { return Err(broken(problems)) };
    let mut checks = Checks { node: &node, problems: Vec::new() };
    checks.routes(&dialect.value.routes);
    checks.statuses(&dialect.value.statuses);
    for (name, names) in dialect.value.sections() {
        checks.section(name, names);
    }
    checks.sections(&dialect.value);
    checks.variables(&dialect.value);
    checks.callback(&dialect.value);
    checks.message(&dialect.value);
    // The reader has already reported what it replaced to read the rest.
    let told: Vec<_> = dialect.without.iter().map(|path| node.place(path)).collect();
    let is_told = |one: &Diagnostic| one.labels.iter().any(|label| told.contains(&label.span));
    problems.extend(checks.problems.into_iter().filter(|one| !is_told(one)));
    if problems.is_empty() { Ok(dialect.value) } else { Err(broken(problems)) }
}

/// What is looked at, and what is wrong with it.
struct Checks<'a> {
    node: &'a Node,
    problems: Vec<Diagnostic>,
}

impl Checks<'_> {
    /// A complaint about the value at `keys`.
    fn value(&mut self, message: String, keys: &[&str], help: impl Into<String>) {
        self.problems.push(Diagnostic::error(message, self.node.place(&path(keys))).note(help));
    }

    /// A complaint about a key of the table at `table` that is none of `known`.
    fn key(
        &mut self,
        message: String,
        table: &[&str],
        key: &str,
        known: impl Iterator<Item = &'static str>,
        help: String,
    ) {
        let problem = Diagnostic::error(message, self.node.key_place(&path(table), key));
        self.problems.push(problem.suggest(key, known).note(help));
    }

    /// A complaint about a route that Immich does not have.
    fn known_route(&mut self, table: &str, route: &str) {
        if !ApiRoute::all().any(|known| known.name() == route) {
            let names = ApiRoute::all().map(ApiRoute::name);
            let help = "`oidc-harness generate schema dialect` names all routes".to_owned();
            self.key(format!("Immich has no route `{route}`"), &[table], route, names, help);
        }
    }

    fn routes(&mut self, routes: &IndexMap<String, String>) {
        for (immich, server) in routes {
            self.known_route("routes", immich);
            if let Some(RouteFault { message, help }) = RouteFault::of(immich, server) {
                self.value(message, &["routes", immich], help);
            }
        }
        self.twice(routes, &["routes"], ApiRoute::all().map(ApiRoute::name));
    }

    fn statuses(&mut self, statuses: &IndexMap<String, StatusMeaning>) {
        for (route, StatusMeaning { is, means }) in statuses {
            self.known_route("statuses", route);
            let class = |status: &u32| (100..600).contains(status).then_some(status / 100);
            for (key, status) in [("is", is), ("means", means)] {
                if class(status).is_none() {
                    let help = "write a status from 100 to 599";
                    self.value(format!("{status} is not a status"), &["statuses", route, key], help);
                }
            }
            if let (Some(one), Some(other)) = (class(is), class(means))
                && one != other
            {
                let help = "write two statuses that begin with the same digit, such as { is = 200, means = 201 }";
                self.value(
                    format!("the status {is} cannot mean {means}: the first digits differ"),
                    &["statuses", route, "means"],
                    help,
                );
            }
        }
    }

    fn section(&mut self, name: &'static str, names: &SectionNames) {
        let known = || SETTINGS.iter().filter(move |setting| setting.section == name).map(|setting| setting.name);
        let table = ["settings", name, "keys"];
        for key in names.keys.keys().filter(|key| known().all(|name| name != key.as_str())) {
            let help = format!("the settings of `{name}` are {}", known().collect::<Vec<_>>().join(", "));
            self.key(format!("Immich has no setting `{name}.{key}`"), &table, key, known(), help);
        }
        self.twice(&names.keys, &table, known());
        for (key, server) in &names.keys {
            self.name(server, &[&table[..], &[key.as_str()]].concat());
        }
        if let Some(section) = &names.section {
            self.name(section, &["settings", name, "section"]);
        }
        for key in names.addresses.keys().filter(|key| known().any(|name| name == key.as_str())) {
            let message = format!("Immich also has the setting `{name}.{key}`");
            let span = self.node.key_place(&path(&["settings", name, "addresses"]), key);
            let help = "remove this line: a run sets Immich's settings to the values of the scenarios. `addresses` is \
                        for settings that only this server has";
            self.problems.push(Diagnostic::error(message, span).note(help));
        }
        for key in names.addresses.keys() {
            let table = ["settings", name, "addresses"];
            let span = self.node.key_place(&path(&table), key);
            if let Some((immich, _)) = names.keys.iter().find(|(_, server)| *server == key) {
                let message = format!("`{key}` stands for both `{name}.{immich}` and an address");
                self.problems.push(Diagnostic::error(message, span).note("give each its own name"));
            }
        }
        let table = ["settings", name, "variables"];
        let is_address = |key: &str| names.addresses.contains_key(key);
        for (key, variable) in &names.variables {
            if known().all(|name| name != key) && !is_address(key) {
                let message = format!("neither Immich nor `addresses` has the setting `{name}.{key}`");
                let help = format!("the settings of `{name}` are {}", known().collect::<Vec<_>>().join(", "));
                self.key(message, &table, key, known(), help);
            }
            if !is_variable(variable) {
                let help = "write letters, digits and `_`, and begin with no digit";
                let message = format!("`{variable}` is not the name of an environment variable");
                self.value(message, &[&table[..], &[key.as_str()]].concat(), help);
            }
        }
    }

    /// Complains about a variable that sets two settings.
    fn variables(&mut self, dialect: &Dialect) {
        let mut first: HashMap<&str, String> = HashMap::new();
        for (section, names) in dialect.sections() {
            for (key, variable) in &names.variables {
                let setting = format!("{section}.{key}");
                if let Some(earlier) = first.insert(variable, setting.clone()) {
                    let message = format!("`{variable}` stands for both `{earlier}` and `{setting}`");
                    self.value(message, &["settings", section, "variables", key], "give each its own name");
                }
            }
        }
    }

    /// Complains about two names that would be one at the server, where each of
    /// `known` keeps its own name if the dialect does not give it another.
    fn twice(&mut self, names: &IndexMap<String, String>, table: &[&str], known: impl Iterator<Item = &'static str>) {
        let kept = known.filter(|name| !names.contains_key(*name)).map(|name| (name, name));
        let mut first: HashMap<&str, &str> = kept.collect();
        for (immich, server) in names {
            if let Some(earlier) = first.insert(server, immich) {
                let message = format!("`{server}` is the name of both `{earlier}` and `{immich}`");
                self.value(message, &[table, &[immich]].concat(), "give each of the two its own name");
            }
        }
    }

    /// A complaint about a name of the server's that can be none.
    fn name(&mut self, name: &str, keys: &[&str]) {
        if name.trim().is_empty() {
            let message = format!("`{}` is empty", keys.last().unwrap_or(&"name"));
            self.value(message, keys, "write what the server calls it, or remove this line");
        } else if name.trim() != name {
            self.value(format!("`{name}` begins or ends with a space"), keys, "remove the space");
        }
    }

    fn sections(&mut self, dialect: &Dialect) {
        let names = dialect.sections().map(|(name, names)| Some((name.to_owned(), names.section.clone()?)));
        let names: IndexMap<String, String> = names.into_iter().flatten().collect();
        let mut first: HashMap<&str, &str> = dialect
            .sections()
            .map(|(name, _)| (name, name))
            .into_iter()
            .filter(|(name, _)| !names.contains_key(*name))
            .collect();
        for (immich, server) in &names {
            if let Some(earlier) = first.insert(server, immich) {
                let message = format!("`{server}` stands for both `{earlier}` and `{immich}`");
                self.value(message, &["settings", immich, "section"], "give each its own name");
            }
        }
    }

    fn callback(&mut self, dialect: &Dialect) {
        let Some(callback) = &dialect.callback else { return };
        let members = [("redirect-uri", Some(&callback.redirect_uri)), ("app-state", callback.app_state.as_ref())];
        let mut first: HashMap<&str, &str> = CALLBACK_PARAMETERS.iter().map(|name| (*name, *name)).collect();
        // The reader reports one that is missing.
        let is_there = |key: &str| self.node.at(&path(&["callback", key])).is_some();
        let members = members.map(|(key, member)| Some((key, member.filter(|_| is_there(key))?)));
        for (key, member) in members.into_iter().flatten() {
            self.name(member, &["callback", key]);
            if let Some(earlier) = first.insert(member, key) {
                let message = format!("`{member}` stands for both `{earlier}` and `{key}`");
                let help = "give each its own name: the parameters of the callback keep their names";
                self.value(message, &["callback", key], help);
            }
        }
    }

    fn message(&mut self, dialect: &Dialect) {
        let Some(errors) = &dialect.errors else { return };
        if !errors.message.starts_with('/') {
            let message = format!("`{}` is not a JSON pointer", errors.message);
            let pointer = if errors.message.is_empty() { "message" } else { &errors.message };
            let help = format!("begin it with a slash: `message = \"/{}\"`", pointer.replace('.', "/"));
            self.value(message, &["errors", "message"], help);
        }
    }
}

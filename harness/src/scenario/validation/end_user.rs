//! What a scenario says of its end-users: the claims that they have, and those
//! that no account of others can have.

use std::collections::BTreeMap;

use mock_idp::PROTOCOL_CLAIMS;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, closest};
use crate::document::{Content, Node, Segment, path};
use crate::placeholder::{self, Unknown};
use crate::scenario::Shape;

/// The claims that every end-user has, unless the file leaves them out.
pub const USUAL_CLAIMS: &[&str] = &["sub", "email", "email_verified", "name", "preferred_username"];

/// The keys of an end-user that are no claims but lists of them.
const LISTS: &[&str] = &["omit", "null"];

/// A run never signs in as an account that it did not make; what is left out
/// would be there otherwise.
pub(in crate::scenario) fn end_users(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    for (name, claims) in &shape.users {
        let place = |key: &str| node.place(&path(&["users", name, key]));
        identities(node.at(&path(&["users", name])), |text| text.contains("{run}"), problems);
        for claim in claims.keys().filter(|claim| *claim != "sub" && PROTOCOL_CLAIMS.contains(&claim.as_str())) {
            let place = node.key_place(&path(&["users", name]), claim);
            let problem =
                Diagnostic::error(format!("`{claim}` is a claim about the token, not about the end-user"), place).note(
                    format!("to change this claim of ID tokens, write `provider.overlay.id-token.set.{claim} = …`"),
                );
            problems.push(problem);
        }
        for list in LISTS.iter().filter(|list| claims.contains_key(**list)) {
            let path = [Segment::Key("users".into()), Segment::Key(name.clone()), Segment::Key((*list).into())];
            let Some(Content::List(items)) = node.at(&path).map(|node| &node.content) else {
                let problem = Diagnostic::error(format!("`{list}` must be a list of claims"), place(list));
                problems.push(problem.note(format!("write a list, in brackets: `{list} = [\"name\"]`")));
                continue;
            };
            problems.extend(items.iter().filter_map(|item| listed(list, item, &claims_of(claims))));
        }
    }
}

/// The same of what is said of them later: in a step, for a local account, or
/// by an overlay over what the provider says of them.
pub(in crate::scenario) fn later_identities(node: &Node, problems: &mut Vec<Diagnostic>) {
    // An empty one matches no account, and that of another end-user is the
    // run's own.
    let is_own = |text: &str| text.is_empty() || text.contains("{run}") || text.contains("{user.");
    let mut held = |table: Option<&Node>| identities(table, is_own, problems);
    let steps = match node.get("steps").map(|steps| &steps.content) {
        Some(Content::List(steps)) => steps.as_slice(),
        _ => &[],
    };
    for step in steps {
        let users = step.at(&path(&["provider", "users"])).and_then(Node::table);
        users.into_iter().flat_map(|users| users.values()).for_each(|user| held(Some(&user.node)));
        held(step.get("create-account"));
        held(step.get("password-sign-in"));
    }
    for part in steps.iter().chain(node.get("provider")) {
        for message in ["id-token", "userinfo"] {
            held(part.at(&path(&["overlay", message, "set"])));
        }
    }
}

/// Whether the identities in a table are the run's own.
fn identities(table: Option<&Node>, is_own: impl Fn(&str) -> bool, problems: &mut Vec<Diagnostic>) {
    for claim in ["sub", "email", "preferred_username"] {
        let Some(named) = table.and_then(|table| table.get(claim)) else { continue };
        if named.text().is_some_and(|text| !is_own(text)) {
            let problem = Diagnostic::error(format!("`{claim}` must contain {{run}}"), named.span.clone());
            let own = named.text().map(of_the_run).unwrap_or_default();
            let why = "without {run}, the run could sign in to an existing account";
            problems.push(problem.note(format!("write `{own}`: {why}")));
        }
    }
}

/// Returns an identity as one of the run: `boss-{run}@example.org`.
fn of_the_run(identity: &str) -> String {
    match identity.split_once('@') {
        Some((name, domain)) => format!("{name}-{{run}}@{domain}"),
        None => format!("{identity}-{{run}}"),
    }
}

/// What is wrong with one item of such a list.
fn listed(list: &str, item: &Node, claims: &[&str]) -> Option<Diagnostic> {
    let Some(claim) = item.text() else {
        let problem = Diagnostic::error(format!("`{list}` must be a list of claims"), item.span.clone());
        return Some(problem.note(format!("write the names of claims, in quotes: `{list} = [\"name\"]`")));
    };
    // Any claim may be null.
    if list == "null" || claims.contains(&claim) {
        return None;
    }
    let problem = Diagnostic::error(format!("unknown claim `{claim}`"), item.span.clone());
    Some(problem.suggest(claim, claims.iter().copied()).note(format!("its claims: {}", claims.join(", "))))
}

fn claims_of(own: &serde_json::Map<String, Value>) -> Vec<&str> {
    let further = own.keys().map(String::as_str).filter(|key| !LISTS.contains(key) && !USUAL_CLAIMS.contains(key));
    USUAL_CLAIMS.iter().copied().chain(further).collect()
}

/// The names in braces anywhere in the document that nothing can stand for.
pub(in crate::scenario) fn placeholders(shape: &Shape, node: &Node, problems: &mut Vec<Diagnostic>) {
    let end_users = shape.users.iter().map(|(name, own)| (name.as_str(), claims_of(own))).collect();
    descend(node, &end_users, problems);
}

fn descend(node: &Node, end_users: &BTreeMap<&str, Vec<&str>>, problems: &mut Vec<Diagnostic>) {
    match &node.content {
        Content::Scalar(Value::String(text)) => {
            let unknown = placeholder::unknown(text, end_users);
            problems.extend(unknown.iter().map(|unknown| complaint(unknown, node, end_users)));
        }
        Content::Scalar(_) => {}
        Content::List(list) => list.iter().for_each(|node| descend(node, end_users, problems)),
        Content::Table(table) => table.values().for_each(|entry| descend(&entry.node, end_users, problems)),
    }
}

fn complaint(unknown: &Unknown, node: &Node, end_users: &BTreeMap<&str, Vec<&str>>) -> Diagnostic {
    match unknown {
        Unknown::Name(name) if name.starts_with("user.") => {
            let user = name.split('.').nth(1).unwrap_or_default();
            let names = end_users.keys().copied();
            let problem = Diagnostic::error(format!("unknown end-user `{user}`"), node.span.clone());
            problem.suggest(user, names).note(format!("add `[users.{user}]`"))
        }
        Unknown::Name(name) => {
            let problem = Diagnostic::error(format!("unknown placeholder {{{name}}}"), node.span.clone());
            let near = closest(name, placeholder::NAMES.iter().copied());
            let problem =
                near.into_iter().fold(problem, |problem, near| problem.note(format!("did you mean {{{near}}}?")));
            problem
                .note(format!("allowed placeholders: {{{}}} and {{user.NAME.CLAIM}}", placeholder::NAMES.join("}, {")))
        }
        Unknown::Claim { end_user, claim } => {
            let claims = end_users.get(end_user.as_str()).map_or(&[][..], Vec::as_slice);
            let problem = Diagnostic::error(format!("unknown claim `{claim}` of {end_user}"), node.span.clone());
            problem
                .suggest(claim, claims.iter().copied())
                .note(format!("its claims: {}; add `{claim}` in `[users.{end_user}]`", claims.join(", ")))
        }
    }
}

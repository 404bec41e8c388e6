//! A whole scenario: its head is held to what is needed of it here, each
//! section by a file beside this one.

use semver::VersionReq;

use super::citation::citations;
use super::deviation::deviations;
use super::end_user::{end_users, later_identities, placeholders};
use super::problem::{own_problems, problem};
use super::provider::{other_provider, profile};
use super::setting::{setting_values, settings};
use super::step::steps;
use crate::address;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Segment, lacks, path};
use crate::expect::Expected;
use crate::immich::ApiRoute;
use crate::scenario::Shape;

/// The methods of routes.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Collects everything that is wrong with `shape`, which came from `node`;
/// at `without` something was wrong in itself, and something neutral stands.
pub(in crate::scenario) fn validate(
    shape: &Shape,
    node: &Node,
    expected: &[Vec<Expected>],
    without: &[Vec<Segment>],
    problems: &mut Vec<Diagnostic>,
) {
    head(shape, node, without, problems);
    own_problems(shape, expected, problems);
    settings(&shape.server, &["server"], node, problems);
    setting_values(&shape.server, &["server"], node, problems);
    if !without.contains(&path(&["provider"])) {
        profile(shape, node, problems);
    }
    other_provider(shape, node, problems);
    deviations(&shape.provider.quirks, &shape.provider.overlay, &["provider"], node, problems);
    end_users(shape, node, problems);
    later_identities(node, problems);
    steps(shape, node, expected, without, problems);
    placeholders(shape, node, problems);
}

fn head(shape: &Shape, node: &Node, without: &[Vec<Segment>], problems: &mut Vec<Diagnostic>) {
    problem(shape, node, without, problems);
    if shape.requirement.is_empty() && !lacks(without, &["requirement"]) {
        let span = node.place(&path(&["requirement"]));
        let problem = Diagnostic::error("`requirement` is empty", span);
        problems.push(problem.note("cite one, such as `OIDC Core §3.1.3.7 (3)`, or `immich: oauth.scope`"));
    }
    citations(shape, node, without, problems);
    if let Some(range) = &shape.requires.version
        && let Err(error) = VersionReq::parse(range)
    {
        let span = node.place(&path(&["requires", "version"]));
        problems.push(
            Diagnostic::error(format!("invalid range of versions: {error}"), span)
                .note("write a range such as `>=3.0.0`"),
        );
    }
    if let Some(route) = &shape.requires.route
        && !route
            .split_once(' ')
            .is_some_and(|(method, path)| METHODS.contains(&method) && address::check(path).is_ok())
    {
        let problem = Diagnostic::error(format!("invalid route `{route}`"), node.place(&path(&["requires", "route"])));
        problems.push(problem.note(format!("write a method and a path, such as `{}`", ApiRoute::BACKCHANNEL_LOGOUT)));
    }
    if shape.steps.is_empty() && !lacks(without, &["steps"]) {
        let problem = Diagnostic::error("missing key `steps`", 0..0);
        problems.push(problem.note("add a step, such as\n\n    [[steps]]\n    sign-in.as = \"alice\""));
    }
}

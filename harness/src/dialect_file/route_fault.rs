//! What is wrong with a route of a server, as a dialect names it. Pure.

use crate::immich::ApiRoute;

/// What is wrong with a route, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RouteFault {
    pub(super) message: String,
    pub(super) help: String,
}

/// What a path must not have.
struct PathRule {
    is_broken: fn(&str) -> bool,
    /// What a route that breaks it has, after its name.
    text: &'static str,
    help: &'static str,
}

static PATH_RULES: &[PathRule] = &[
    PathRule {
        is_broken: |path| path.contains("://") || path.starts_with("//"),
        text: "is an address, not a path",
        help: "write method and path only: all requests go to the server that --target names",
    },
    PathRule {
        is_broken: |path| path.contains(|one: char| one.is_whitespace() || one.is_control()),
        text: "has spaces in its path",
        help: "write one space between method and path, and `%20` for a space in the path",
    },
    PathRule {
        is_broken: |path| path.contains(['?', '#']),
        text: "has more than a path",
        help: "remove what follows `?` or `#`: a run sends the query of Immich's route unchanged",
    },
    PathRule {
        is_broken: |path| path.replace(ApiRoute::ID, "").contains(['{', '}']),
        text: "has a placeholder that does not exist",
        help: "the only placeholder is `{id}`, which stands for the id of an account",
    },
];

impl RouteFault {
    /// Returns the first thing that is wrong with the `server`'s route for
    /// `immich`'s.
    pub(super) fn of(immich: &str, server: &str) -> Option<Self> {
        let fault = |message: String, help: &str| Some(Self { message, help: help.to_owned() });
        let (method, path) = server.split_once(' ').unwrap_or((server, ""));
        let is_method = !method.is_empty() && method.bytes().all(|letter| letter.is_ascii_uppercase());
        if is_method && let Some(rule) = PATH_RULES.iter().find(|rule| (rule.is_broken)(path)) {
            return fault(format!("`{server}` {}", rule.text), rule.help);
        }
        if !is_method || !path.starts_with('/') {
            let help = format!("write method and path, such as `{}`", ApiRoute::CALLBACK);
            return fault(format!("`{server}` is not a route"), &help);
        }
        if immich.contains(ApiRoute::ID) != server.contains(ApiRoute::ID) {
            let message = format!("`{immich}` and `{server}` do not both have `{}`", ApiRoute::ID);
            return fault(message, "write `{id}` in both routes, or in neither");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("PUT /api/sign-in/link%20it", None)]
    #[case("PUT https://photos.test/api", Some("`PUT https://photos.test/api` is an address, not a path"))]
    #[case("PUT //photos.test/api", Some("`PUT //photos.test/api` is an address, not a path"))]
    #[case("PUT /api/sign in", Some("`PUT /api/sign in` has spaces in its path"))]
    #[case("PUT  /api", Some("`PUT  /api` has spaces in its path"))]
    #[case("PUT /api\t", Some("`PUT /api\t` has spaces in its path"))]
    #[case("PUT /api?a=b", Some("`PUT /api?a=b` has more than a path"))]
    #[case("PUT /api/{user}", Some("`PUT /api/{user}` has a placeholder that does not exist"))]
    #[case("PUT /api/{id", Some("`PUT /api/{id` has a placeholder that does not exist"))]
    #[case("PUT /api/{id}", Some("`POST /api/oauth/link` and `PUT /api/{id}` do not both have `{id}`"))]
    #[case("put /api", Some("`put /api` is not a route"))]
    #[case(" PUT /api", Some("` PUT /api` is not a route"))]
    #[case("PUT api", Some("`PUT api` is not a route"))]
    #[case("PUT", Some("`PUT` is not a route"))]
    #[case("", Some("`` is not a route"))]
    fn a_route_is_a_method_and_a_path(#[case] server: &str, #[case] expected: Option<&str>) {
        let fault = RouteFault::of("POST /api/oauth/link", server);
        assert_eq!(fault.as_ref().map(|fault| fault.message.as_str()), expected);
    }
}

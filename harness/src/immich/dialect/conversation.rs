//! Translates one request to a server, and its answer. Pure.

use serde_json::Value;

use super::file_keys::{Dialect, ErrorMembers};
use crate::exchange::Exchange;
use crate::immich::{ApiRoute, SettingsRoutes, id_in};
use crate::user_agent::{Body, Request};

/// What was asked, in Immich's words.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    method: String,
    url: String,
    /// The route, if it is one that a dialect may name.
    route: Option<ApiRoute>,
}

impl Asked {
    fn is_one_of(&self, routes: &[ApiRoute]) -> bool {
        self.route.is_some_and(|route| routes.contains(&route))
    }
}

impl Dialect {
    /// A request to the server at `origin` as that understands it, and what it
    /// asks for; none if it goes elsewhere.
    pub(crate) fn request(&self, origin: &str, mut request: Request) -> (Request, Option<Asked>) {
        let Some(path) = path_at(origin, &request.url) else { return (request, None) };
        let is_meant = |route: &ApiRoute| route.method() == request.method && id_in(route.path(), path).is_some();
        let route = ApiRoute::all().find(is_meant);
        let place = self.place(route, path);
        let asked = Asked { method: request.method.clone(), url: request.url.clone(), route };
        request.body = self.body(&asked, request.body);
        if let Some((method, path)) = place {
            let query = request.url.find('?').map_or("", |at| &request.url[at..]);
            request.url = format!("{origin}{path}{query}");
            request.method = method.unwrap_or(request.method);
        }
        (request, Some(asked))
    }

    /// Where a request goes that goes elsewhere than at Immich, and by which
    /// method, if the route says so. Another method of a route's path goes to
    /// the same place.
    fn place(&self, route: Option<ApiRoute>, path: &str) -> Option<(Option<String>, String)> {
        let mut named = self.routes.iter().filter_map(|(immich, server)| {
            let (_, pattern) = immich.split_once(' ')?;
            let (method, its_path) = server.split_once(' ')?;
            Some((immich, method, its_path.replace(ApiRoute::ID, id_in(pattern, path)?)))
        });
        let (_, method, path) = named.find(|(immich, ..)| route.is_none_or(|route| route.name() == **immich))?;
        Some((route.map(|_| method.to_owned()), path))
    }

    fn body(&self, asked: &Asked, body: Body) -> Body {
        match (body, &self.callback) {
            (Body::Json(Value::Object(members)), Some(callback))
                if asked.is_one_of(&[ApiRoute::CALLBACK, ApiRoute::LINK]) =>
            {
                Body::Json(Value::Object(callback.body(members)))
            }
            (Body::Json(document), _) if asked.is_one_of(&SettingsRoutes::ALL.map(|routes| routes.put)) => {
                Body::Json(self.settings_for_server(document))
            }
            (body, _) => body,
        }
    }

    /// An answer in Immich's words to what was `asked`.
    pub(crate) fn answer(&self, asked: Option<Asked>, mut exchange: Exchange) -> Exchange {
        let Some(asked) = asked else { return exchange };
        if let Some(meaning) = asked.route.and_then(|route| self.statuses.get(route.name()))
            && exchange.status.map(u32::from) == Some(meaning.is)
        {
            exchange.status = u16::try_from(meaning.means).ok();
        }
        let settings = SettingsRoutes::ALL.map(|routes| [routes.get, routes.put, routes.defaults]).concat();
        let translated = match (exchange.json(), &self.errors) {
            (Some(body), Some(errors)) if exchange.is_error() => errors.body(body),
            (Some(body), _) if asked.is_one_of(&settings) && !exchange.is_error() => {
                Some(self.settings_of_server(body))
            }
            _ => None,
        };
        if let Some(body) = translated {
            exchange.response_body = body.to_string();
        }
        if (&exchange.method, &exchange.url) != (&asked.method, &asked.url) {
            exchange.sent_as = Some(format!("{} {}", exchange.method, exchange.url));
        }
        (exchange.method, exchange.url) = (asked.method, asked.url);
        exchange
    }
}

impl ErrorMembers {
    /// An error with the message where Immich has it. All members stay: one of
    /// them may hold what it must not.
    fn body(&self, mut body: Value) -> Option<Value> {
        let message = body.pointer(&self.message)?.clone();
        body.as_object_mut()?.insert("message".to_owned(), message);
        Some(body)
    }
}

/// The path of a URL at `origin`.
fn path_at<'a>(origin: &str, url: &'a str) -> Option<&'a str> {
    let path = url.strip_prefix(origin)?.split(['?', '#']).next()?;
    path.starts_with('/').then_some(path)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use rstest::rstest;
    use serde_json::json;

    use super::super::file_keys::{SectionNames, SettingNames, StatusMeaning};
    use super::*;

    const ORIGIN: &str = "http://photos.test";

    fn dialect() -> Dialect {
        let routes = [
            ("POST /api/oauth/callback", "PUT /api/sso/finish"),
            ("DELETE /api/admin/users/{id}", "POST /api/people/{id}/remove"),
        ];
        let oauth = SectionNames { section: Some("sso".to_owned()), ..SectionNames::default() };
        Dialect {
            routes: routes.map(|(one, other)| (one.to_owned(), other.to_owned())).into(),
            statuses: IndexMap::from([("POST /api/oauth/callback".to_owned(), StatusMeaning { is: 200, means: 201 })]),
            settings: SettingNames { oauth, ..SettingNames::default() },
            errors: Some(ErrorMembers { message: "/error/detail".to_owned() }),
            ..Dialect::default()
        }
    }

    #[rstest]
    #[case("POST /api/oauth/callback?a=b", "PUT /api/sso/finish?a=b")]
    #[case("GET /api/oauth/callback", "GET /api/sso/finish")]
    #[case("DELETE /api/admin/users/7", "POST /api/people/7/remove")]
    #[case("GET /api/admin/users", "GET /api/admin/users")]
    #[case("POST /api/admin/users/7/restore", "POST /api/admin/users/7/restore")]
    fn a_request_goes_where_the_server_has_the_route(#[case] immich: &str, #[case] server: &str) {
        let (method, path) = immich.split_once(' ').unwrap_or_default();
        let request = Request::new(method, format!("{ORIGIN}{path}"), Body::Empty, false);
        let (request, asked) = dialect().request(ORIGIN, request);
        assert_eq!(format!("{} {}", request.method, request.url), server.replace(" /", &format!(" {ORIGIN}/")));
        let sent = Exchange { method: request.method.clone(), url: request.url.clone(), ..Exchange::default() };
        let answer = dialect().answer(asked, sent);
        assert_eq!(answer.sent_as.is_some(), immich != server);
        assert_eq!(format!("{} {}", answer.method, answer.url), immich.replace(" /", &format!(" {ORIGIN}/")));
    }

    #[test]
    fn the_provider_is_asked_as_ever() {
        let request = Request::new("POST", "http://idp.test/api/oauth/callback".to_owned(), Body::Empty, false);
        let (request, asked) = dialect().request(ORIGIN, request);
        assert_eq!((request.url.as_str(), asked.is_none()), ("http://idp.test/api/oauth/callback", true));
    }

    #[rstest]
    #[case("POST /api/oauth/callback", 200, json!({}), 201, json!({}))]
    #[case("POST /api/oauth/link", 200, json!({}), 200, json!({}))]
    #[case(
        "POST /api/oauth/callback",
        400,
        json!({"error": {"detail": "no"}, "hint": 1}),
        400,
        json!({"error": {"detail": "no"}, "hint": 1, "message": "no"}),
    )]
    #[case("POST /api/oauth/callback", 500, json!({"message": "no"}), 500, json!({"message": "no"}))]
    #[case("GET /api/system-config", 200, json!({"sso": {}}), 200, json!({"oauth": {}}))]
    #[case("GET /api/server/features", 200, json!({"sso": {}}), 200, json!({"sso": {}}))]
    fn an_answer_comes_in_the_words_of_immich(
        #[case] route: &str,
        #[case] status: u16,
        #[case] body: Value,
        #[case] expected_status: u16,
        #[case] expected: Value,
    ) {
        let (method, path) = route.split_once(' ').unwrap_or_default();
        let (_, asked) = dialect().request(ORIGIN, Request::new(method, format!("{ORIGIN}{path}"), Body::Empty, false));
        let exchange = Exchange { status: Some(status), response_body: body.to_string(), ..Exchange::default() };
        let answer = dialect().answer(asked, exchange);
        assert_eq!((answer.status, answer.json()), (Some(expected_status), Some(expected)));
    }
}

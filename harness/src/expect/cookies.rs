//! Cookies that the target sets.

use serde_json::{Map, Value, json};

use super::evidence::Scene;
use super::list::Section;

pub(super) static SECTION: Section = Section {
    name: "cookies",
    text: "Cookies set by the target's last answer, by name: `value`, `http-only`, `secure`, `same-site`, `path`, \
           `max-age` in seconds, `cleared`.",
    members: &["*"],
};

#[expect(clippy::unused_async, reason = "sections are gathered alike")]
pub(super) async fn gather(scene: &mut Scene<'_>) -> Value {
    let Some(answer) = &scene.observation.answer else { return Value::Null };
    let cookies: Map<String, Value> = answer
        .set_cookies()
        .into_iter()
        .map(|cookie| {
            let evidence = json!({
                "cleared": cookie.value.is_empty(),
                "value": cookie.value,
                "http-only": cookie.http_only,
                "secure": cookie.secure,
                "same-site": cookie.same_site,
                "path": cookie.path,
                "max-age": cookie.max_age,
            });
            (cookie.name, evidence)
        })
        .collect();
    Value::Object(cookies)
}

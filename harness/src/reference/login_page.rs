//! The one page for people: where a browser comes to sign in and comes back
//! to from the provider. No scenario looks at it.

use axum::response::Html;

pub(super) async fn login_page() -> Html<&'static str> {
    Html(include_str!("login_page.html"))
}

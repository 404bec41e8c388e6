//! Answers that are none of their endpoint's: a web page, or the way to
//! somewhere else. Several endpoints give them.

use crate::draft::Draft;

/// The page of a proxy that asks for a login.
pub(super) const WEB_PAGE: &str = "<!doctype html><title>Sign in</title>";

/// A web page comes instead.
pub(super) fn web_page(draft: &mut Draft) {
    draft.transport.content_type = "text/html".into();
    draft.transport.body = Some(WEB_PAGE.into());
}

/// The client is sent elsewhere, with this status.
pub(super) fn redirect(draft: &mut Draft, status: u16, address: &str) {
    draft.transport.status = status;
    draft.transport.location = Some(address.to_owned());
    draft.transport.body = Some(String::new());
}

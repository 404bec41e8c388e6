//! A page whose form posts itself (OAuth 2.0 Form Post Response Mode §2), as
//! a browser reads it. It does not parse HTML in general, because all providers
//! write similar pages.

use regex_lite::Regex;

/// Where the form goes, and with what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SelfPostingForm {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
}

impl SelfPostingForm {
    /// The form of a page that posts itself.
    pub(super) fn read(page: &str) -> Option<Self> {
        if !page.contains(".submit()") {
            return None;
        }
        let action = attribute(tags(page, "form").next()?, "action")?;
        let fields = tags(page, "input")
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())));
        Some(Self { action, fields: fields.collect() })
    }
}

/// The opening tags of that name.
fn tags<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!("<{name} ");
    page.match_indices(&start)
        .map(|(at, _)| &page[at..])
        .map(|rest| rest.find('>').map_or(rest, |end| &rest[..end]))
        .collect::<Vec<_>>()
        .into_iter()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let pattern = Regex::new(&format!("\\s{name}=\"([^\"]*)\"")).ok()?;
    let value = pattern.captures(tag)?.get(1)?.as_str();
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pages_that_post_themselves_and_no_others() {
        let page = "<body onload=\"document.forms[0].submit()\"><form method=\"post\" action=\"https://t/cb?a=1&amp;b=2\">\
                    <input type=\"hidden\" name=\"code\" value=\"a&quot;b\"><input type=\"hidden\" name=\"state\" value=\"s\">";
        let fields = [("code", "a\"b"), ("state", "s")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let form = SelfPostingForm { action: "https://t/cb?a=1&b=2".into(), fields: fields.to_vec() };
        assert_eq!(SelfPostingForm::read(page), Some(form));
        assert_eq!(
            SelfPostingForm::read("<form method=\"post\" action=\"/consent\"><button>Yes</button></form>"),
            None
        );
    }
}

//! A whole file in the house style.

use toml_edit::DocumentMut;

use super::{layout, section};
use crate::diagnostic::{Diagnostic, Source};
use crate::document::{Node, invalid_toml};

/// The file in the house style.
///
/// # Errors
/// What keeps it from being TOML; or the complaint that formatting would have
/// changed what it says, which is a fault of ours.
pub fn format(source: &Source) -> Result<String, Vec<Diagnostic>> {
    let before = Node::parse(source)?;
    let document: DocumentMut = source.text.parse().map_err(|error: toml_edit::TomlError| {
        vec![invalid_toml(error.message(), error.span().unwrap_or_default(), &source.text)]
    })?;
    let text = layout::write(section::of(&document), document.trailing().as_str().unwrap_or_default());
    let after = Node::parse(&Source { path: source.path.clone(), text: text.clone() });
    if after.is_ok_and(|after| after.to_json() == before.to_json()) {
        Ok(text)
    } else {
        let fault = Diagnostic::error("formatting would change the meaning of this file", 0..0)
            .note("this is a bug in `oidc-harness fmt`, which did not change the file");
        Err(vec![fault])
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::scenario::Catalogue;

    fn formatted(text: &str) -> String {
        format(&Source { path: "t.toml".into(), text: text.to_owned() }).unwrap()
    }

    #[rstest]
    #[case::head("why = 'b'\ntitle='a'\n", "title = \"a\"\nwhy   = \"b\"\n")]
    #[case::schema_line_stays_first("#:schema x\nwhy = 'b'\ntitle='a'\n", "#:schema x\ntitle = \"a\"\nwhy   = \"b\"\n")]
    #[case::a_word_on_the_file("# About.\n\nwhy = 'b'\ntitle='a'\n", "# About.\n\ntitle = \"a\"\nwhy   = \"b\"\n")]
    #[case::comments_go_along(
        "# Of b.\nwhy = 'b' # beside\n# Of a.\ntitle='a'\n",
        "# Of a.\ntitle = \"a\"\n# Of b.\nwhy = \"b\" # beside\n"
    )]
    #[case::tables("[users.alice]\n[server.oauth]\na=1\n", "[server.oauth]\na = 1\n\n[users.alice]\n")]
    #[case::comments_of_tables("# U.\n[users.a]\n# S.\n[server.oauth]\n", "# S.\n[server.oauth]\n\n# U.\n[users.a]\n")]
    #[case::steps_keep_their_order(
        "[[steps]]\nid='b'\n[[steps]]\nid='a'\n",
        "[[steps]]\nid = \"b\"\n\n[[steps]]\nid = \"a\"\n"
    )]
    #[case::a_step(
        "[[steps]]\nexpect.outcome='done'\nlogout={}\nid='x'\n",
        "[[steps]]\nid             = \"x\"\nlogout         = {}\nexpect.outcome = \"done\"\n"
    )]
    #[case::cases_are_not_aligned(
        "[cases.a]\nlevel = 'may'\nprovider.tls = 'none'\n[cases.b]\n\n\n[cases.c]\n",
        "[cases.a]\nlevel = \"may\"\nprovider.tls = \"none\"\n[cases.b]\n\n[cases.c]\n"
    )]
    #[case::values("a = [ 1,2 , ]\nb={x=1,y = 'z'}\n", "a = [1, 2]\nb = { x = 1, y = \"z\" }\n")]
    #[case::literal_text_that_needs_it("a = 'x\\d'\nb = 'say \"x\"'\n", "a = 'x\\d'\nb = 'say \"x\"'\n")]
    #[case::arrays_with_comments("a = [\n  1, # one\n  2,\n]\n", "a = [\n  1, # one\n  2,\n]\n")]
    #[case::the_last_word("[a]\n\n\n# The end.\n", "[a]\n\n# The end.\n")]
    #[case::windows("a = 1\r\n\r\n[b]\r\n", "a = 1\n\n[b]\n")]
    #[case::nothing("", "")]
    fn has_the_house_style(#[case] before: &str, #[case] after: &str) {
        assert_eq!(formatted(before), after);
        assert_eq!(formatted(after), after, "once more changes nothing");
    }

    #[test]
    fn long_lists_are_broken() {
        let items = |gap: &str| (10..60).map(|number| format!("{gap}{number}")).collect::<Vec<_>>();
        let text = formatted(&format!("a = [{}]\n", items(" ").join(",")));
        assert_eq!(text, format!("a = [\n{},\n]\n", items("    ").join(",\n")));
        assert_eq!(formatted(&text), text);
    }

    /// Over the whole catalogue, with a comment above and beside every line:
    /// nothing is lost, and twice is once.
    #[test]
    fn nothing_is_ever_lost() {
        for scenario in Catalogue::embedded().scenarios {
            let mut remarks = Vec::new();
            let lines = scenario.source.text.lines().enumerate().map(|(index, line)| {
                // Inside of something that goes on, a remark may be text.
                if line.starts_with([' ', ']']) || line.ends_with(['[', '\\']) {
                    return format!("{line}\n");
                }
                remarks.extend([format!("# above {index}."), format!("# beside {index}.")]);
                format!("# above {index}.\n{line} # beside {index}.\n")
            });
            let text: String = lines.collect();
            let once = formatted(&text);
            remarks.retain(|remark| !once.contains(remark));
            assert_eq!(remarks, Vec::<String>::new(), "{}", scenario.name);
            assert_eq!(formatted(&once), once, "{}", scenario.name);
        }
    }

    #[test]
    fn a_file_that_is_not_toml_is_reported() {
        assert!(format(&Source { path: "t.toml".into(), text: "a = \n".into() }).is_err());
    }
}

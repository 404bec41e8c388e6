//! `oidc-harness check --fix`: files of an older format become files of the
//! present one. The tests of each migration show what it does.

use super::process::{run, said};

const OLD: &str = "# Mine.\n\ntitle='t' # Odd.\nrequirement = ['OIDC Core §2']\nwhy = 'w'\n[users.alice]\n[[steps]]\n\
    sign-in.as = 'alice'\n";

#[test]
fn an_older_file_is_named_and_converted_to_the_present_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join("scenarios").join(name);
    std::fs::create_dir(path("")).unwrap();
    std::fs::write(path("old.toml"), OLD).unwrap();
    std::fs::write(path("newer.toml"), "format = 99\n").unwrap();

    let checked = run(folder.path(), &["check", "scenarios/old.toml"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(said(&checked).contains("run `oidc-harness check --fix scenarios/old.toml`"), "{}", said(&checked));
    assert_eq!(std::fs::read_to_string(path("old.toml")).unwrap(), OLD, "checking changes nothing");

    let fixed = run(folder.path(), &["check", "--fix"]);
    assert_eq!(fixed.status.code(), Some(2), "one of them is newer");
    assert!(said(&fixed).contains("scenarios/old.toml: converted to format 1\n"), "{}", said(&fixed));
    assert!(said(&fixed).contains("unknown format 99"), "{}", said(&fixed));
    assert_eq!(std::fs::read_to_string(path("old.toml")).unwrap(), OLD.replacen("title", "format = 1\ntitle", 1));
    assert_eq!(std::fs::read_to_string(path("newer.toml")).unwrap(), "format = 99\n");

    // Only the author knows the sentence of its problem.
    let without = run(folder.path(), &["check", "--fix", "scenarios/old.toml"]);
    assert_eq!(without.status.code(), Some(2));
    for key in ["problem", "severity"] {
        assert!(said(&without).contains(&format!("missing key `{key}`")), "{}", said(&without));
    }
    let head = "format = 1\nproblem = 'Fails'\nseverity = 'low'\n";
    let whole = std::fs::read_to_string(path("old.toml")).unwrap().replacen("format = 1\n", head, 1);
    std::fs::write(path("old.toml"), whole).unwrap();
    let again = run(folder.path(), &["check", "--fix", "scenarios/old.toml"]);
    assert_eq!((again.status.code(), said(&again).as_str()), (Some(0), "1 scenario, 1 test: no mistakes found\n"));
}

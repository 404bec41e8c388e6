//! `oidc-harness fmt`. The tests of the formatter show the style.

use super::process::{run, said};

const UGLY: &str = "# Mine.\nwhy='w' # Why not.\ntitle = 't'\n";
const FINE: &str = "title = \"t\"\n# Mine.\nwhy = \"w\" # Why not.\n";

#[test]
fn formats_what_is_there_and_tells_what_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join("scenarios").join(name);
    std::fs::create_dir(path("")).unwrap();
    std::fs::write(path("ugly.toml"), UGLY).unwrap();
    std::fs::write(path("broken.toml"), "title = \n").unwrap();

    let checked = run(folder.path(), &["fmt", "--check"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(said(&checked).contains("scenarios/ugly.toml is not formatted"), "{}", said(&checked));
    assert!(said(&checked).contains("scenarios/broken.toml:1:"), "{}", said(&checked));
    assert_eq!(std::fs::read_to_string(path("ugly.toml")).unwrap(), UGLY, "checking changes nothing");

    let formatted = run(folder.path(), &["fmt"]);
    assert_eq!(formatted.status.code(), Some(2), "one of them is broken");
    assert_eq!(std::fs::read_to_string(path("ugly.toml")).unwrap(), FINE);
    assert_eq!(std::fs::read_to_string(path("broken.toml")).unwrap(), "title = \n");

    let again = run(folder.path(), &["fmt", "--check", "scenarios/ugly.toml"]);
    assert_eq!((again.status.code(), said(&again).as_str()), (Some(0), "1 file, 0 to be formatted\n"));
}

/// Also where CI does not run.
#[test]
fn our_own_files_are_in_the_house_style() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = run(&root, &["fmt", "--check", "scenarios", "harness/src/template"]);
    assert!(output.status.success(), "{}", said(&output));
}

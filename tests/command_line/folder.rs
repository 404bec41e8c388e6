//! The files that the commands are given.

use super::here;

/// A folder with what the cases need.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("key", "not-the-key\n");
    write("diary", "dear diary\n");
    write("marked", "\u{feff}not-the-key\n");
    write("wide", "k\0e\0y\0");
    write("nul", "not-the-key\0");
    write("large", &"k".repeat(64 * 1024 + 1));
    write(
        "typo.toml",
        "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
         requirement = [\"OIDC Core §2\"]\n[provider]\nquirks.expird = true\n",
    );
    write(
        "one.toml",
        "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
         requirement = [\"OIDC Core §2\"]\n[users.a]\n[[steps]]\nsign-in.as = \"a\"\n",
    );
    let future = "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
                  requirement = [\"OIDC Core §2\"]\nrequires.version = \">=99.0.0\"\n[users.a]\n\
        [[steps]]\nsign-in.as = \"a\"\n";
    write("future.toml", future);
    let cases = "[cases.early]\n[cases.late]\nprovider.claims-in = \"id-token\"\n";
    write(
        "cases.toml",
        &format!(
            "format = 1\ntitle = \"T\"\nproblem = \"Fails\"\nseverity = \"low\"\n\
             requirement = [\"OIDC Core §2\"]\n[users.a]\n{cases}[[steps]]\nsign-in.as = \"a\"\n"
        ),
    );
    let vain = "overlay.id-token.remove = [\"nothing\"]\nsign-in.as = \"a\"\n";
    let vain = std::fs::read_to_string(folder.path().join("one.toml")).unwrap().replace("sign-in.as = \"a\"\n", vain);
    write("vain.toml", &vain);
    // Only the claim makes the path one of another server, and the header two.
    let one = std::fs::read_to_string(folder.path().join("one.toml")).unwrap();
    for (file, claim, request) in [
        ("elsewhere.toml", "/evil.test/x", "request = { path = \"/{user.a.name}\", auth = \"session\" }"),
        ("smuggles.toml", r"a\r\nx-evil: 1", "request.path = \"/\"\nheaders.x-name = \"{user.a.name}\""),
    ] {
        let text = one.replace("[users.a]", &format!("[users.a]\nname = \"{claim}\""));
        write(file, &text.replace("sign-in.as = \"a\"", request));
    }
    // What their authors expect of a sound server is wrong.
    let refused = "problem = \"Accepts an ID token made for another client\"\nseverity = \"high\"\nwhy = \"A malicious client gets in.\"";
    let refused = one.replace("problem = \"Fails\"\nseverity = \"low\"", refused);
    let altered = refused.replace("[users.a]", "[provider]\nquirks.wrong-audience = true\n[users.a]");
    write("opposite.toml", &(altered.clone() + "expect.outcome = \"signed-in\"\n[cases.late]\n"));
    let control = "expect.outcome = \"refused\"\n[control.server.oauth]\nautoRegister = false\n";
    write("bad-control.toml", &(altered + control));
    write("users.toml", "[alice]\nemail = \"alice@example.org\"\nsub = 3\n");
    for name in ["run.json", "before.json"] {
        let text = std::fs::read_to_string(here().join("../reports").join(name)).unwrap();
        write(name, &text);
        write("newer.json", &text.replace("\"format\": 1", "\"format\": 2"));
    }
    write("none.toml", "");
    std::fs::write(folder.path().join("latin.toml"), b"title = \"Gr\xfc\xdfe\"\n").unwrap();
    std::fs::create_dir_all(folder.path().join("scenarios/own")).unwrap();
    write("scenarios/own/listed.toml", &std::fs::read_to_string(folder.path().join("one.toml")).unwrap());
    std::fs::create_dir_all(folder.path().join("more/own")).unwrap();
    write("more/own/listed.toml", future);
    std::fs::create_dir_all(folder.path().join("baselines")).unwrap();
    write("baselines/mine.toml", "title = \n");
    write("not.toml", "title = \n");
    write(
        "baseline.toml",
        "format = 1\nname = \"mine\"\nknwon = 1\n[[known]]\nscenario = \"a/b\"\nresult = \"faild\"\n",
    );
    let why = "result = \"failed\"\nfound.step-1.outcome = \"signed-in\"\nreason = \"lazy\"\nreference = \"nowhere\"\n";
    let known = |named: &str| format!("[[known]]\nscenario = \"id-token/wrong-audience\"\n{named}{why}");
    // The reference server with `audience-ignored` signs in, and makes an account.
    let found = |found: &str| format!("format = 1\nname = \"mine\"\n{}", known(found));
    let account = "found.step-1.account.exists = ";
    write("other.toml", &found(&format!("{account}false\n")));
    write("late.toml", &found(&format!("{account}true\nuntil = \"2020-01-01\"\n")));
    write("old.toml", "name = \"mine\"\n");
    write("whole.toml", &format!("format = 1\nname = \"mine\"\n{}", known("")));
    write(
        "cases.base.toml",
        &format!(
            "format = 1\nname = \"mine\"\n{}",
            known("cases = [\"claims-in-userinfo\", \"claims-in-id-tokne\"]\n")
        ),
    );
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    folder
}

/// A folder with certificate authorities, too: a good one and some others.
pub fn folder_of_authorities() -> tempfile::TempDir {
    let folder = folder();
    let (now, long_ago) = (mock_idp::Clock::system().now(), 1_000_000_000);
    for (name, since) in [("authority", now), ("old", long_ago), ("keyless", now), ("garbled", now)] {
        mock_idp::CertificateAuthority::create(&folder.path().join(name), since).unwrap();
    }
    std::fs::remove_file(folder.path().join("keyless/ca.key")).unwrap();
    std::fs::write(folder.path().join("garbled/ca.key"), "hush\n").unwrap();
    folder
}

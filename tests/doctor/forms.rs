//! The forms of a diagnosis: golden `doctor/diagnosis.*`, of one with every status.

use std::path::Path;

use harness::doctor::{CheckResult, DIAGNOSIS_FORMAT, Diagnosis, Status, html_page, markdown, terminal_text};
use snapbox::Data;

fn result(check: &str, status: Status, cause: &str, sentence: &str) -> CheckResult {
    CheckResult {
        check: check.to_owned(),
        status,
        cause: cause.to_owned(),
        sentence: sentence.to_owned(),
        seen: None,
        change: Vec::new(),
        source: None,
    }
}

fn diagnosis() -> Diagnosis {
    let server = "https://photos.example.org answers and calls itself 2.7.5.";
    let refused = CheckResult {
        seen: Some("a code with client_secret_post: 401 invalid_client: <b>no | such client</b>".to_owned()),
        change: vec!["In Immich: Token endpoint auth method → client_secret_basic".to_owned()],
        source: Some("https://www.authelia.com/integration/openid-connect/clients/immich/".to_owned()),
        ..result(
            "client-authentication",
            Status::Problem,
            "method-refused",
            "The server sends the client secret in the request body, but the provider expects HTTP Basic.",
        )
    };
    let pkce = CheckResult {
        change: vec!["Let the provider list `S256`.".to_owned()],
        ..result("pkce", Status::Warning, "pkce-not-listed", "The document does not list `S256`.")
    };
    Diagnosis {
        format: DIAGNOSIS_FORMAT,
        harness: "0.1.0".to_owned(),
        server: Some("https://photos.example.org".to_owned()),
        issuer: Some("https://id.example.org".to_owned()),
        product: Some("Authelia".to_owned()),
        checks: vec![
            result("server", Status::Ok, "", server),
            refused,
            pkce,
            result("redirect-uri", Status::Unknown, "", "The redirect URIs show only in a sign-in."),
        ],
        untried: vec!["--sign-in".to_owned()],
    }
}

#[test]
fn a_diagnosis_has_three_forms_for_people() {
    let page = html_page(&diagnosis());
    let (_, main) = page.split_once("<main>").unwrap();
    let (main, _) = main.split_once("</main>").unwrap();
    // A line for each element, so that a difference can be read.
    let main = main.replace("><", ">\n<") + "\n";
    let forms = [("txt", terminal_text(&diagnosis())), ("md", markdown(&diagnosis())), ("html", main)];
    for (ending, text) in forms {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("doctor/diagnosis.{ending}"));
        snapbox::assert_data_eq!(text, Data::read_from(&path, None).raw());
    }
}

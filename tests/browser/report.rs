//! The report of a failing run, as a person looks at it: filtered, opened, in
//! light and dark, wide and narrow, with and without scripts.

use std::path::Path;

use rstest::rstest;
use serde_json::{Value, json};

use super::chromium::{Chromium, ENTER};
use super::environment::harness;
use super::skipped::missing;
use super::{CONTRAST, browser};

const TEST: &str = "id-token/wrong-audience::claims-in-id-token";
const AXE: &str = "../browser/node/node_modules/axe-core/axe.min.js";

/// The page of a run against a server that believes tokens made for others,
/// and the folder that holds it.
fn page() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    let run = harness(folder.path())
        .args(["run", "--defect", "audience-ignored", "--filter", "id-token/wrong-", "--report"])
        .arg(format!("html={}", file.display()))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let url = format!("file://{}", file.display());
    (folder, url)
}

async fn count(browser: &Chromium, selector: &str) -> Value {
    browser
        .script(&format!(
            "return [...document.querySelectorAll('{selector}')].filter((one) => one.checkVisibility()).length"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_filters_opens_an_exchange_and_finds_the_claim() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    let verdict = browser.text("h1").await;
    assert!(verdict.starts_with("1 requirement not met: 2 tests fail"), "{verdict}");
    assert!(count(&browser, ".one").await.as_u64() > Some(3));
    browser.fill("#search", "wrong-audience").await;
    assert_eq!(count(&browser, ".one").await, 1);
    assert!(browser.text("#shown").await.starts_with("1 of "));
    browser.click(".one:not([hidden]) > details > summary").await;
    let hop = format!("[id='{TEST}'] .hop[open]");
    assert_eq!(count(&browser, &hop.replace('\'', "\"")).await, 1, "only the altered exchange is open");
    assert_eq!(browser.text(&format!("{hop} .token tr.deviates th")).await, "aud");
    assert_eq!(browser.text(&format!("{hop} .token tr.deviates mark")).await, "\"another-client\"");
    let line = browser.text(".toml mark.line").await;
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["expect.outcome", "=", "\"refused\""]);
    let again = browser.text(&format!("[id='{TEST}'] .again code")).await;
    assert!(again.contains(&format!("run {TEST} --defect audience-ignored")), "{again}");
    browser.close().await;
}

/// A problem leads to a test that shows it, and to what it violates.
#[tokio::test(flavor = "multi_thread")]
async fn a_problem_leads_to_its_tests() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    let problem = "#problem-1";
    assert!(browser.text(&format!("{problem} h3")).await.starts_with("1. Accepts an ID token "));
    let section = browser.property(&format!("{problem} .requirement a"), "href").await;
    assert_eq!(section, "https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.3.7");
    browser.click(&format!("{problem} a.shows")).await;
    let shown = "return document.getElementById(decodeURIComponent(location.hash.slice(1))).checkVisibility()";
    assert_eq!(browser.script(shown).await, true);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_the_matrix_filters_and_an_address_reveals() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    browser.click(".folded > summary").await;
    browser.click(".matrix td a[data-asked=JOSE]").await;
    assert_eq!(browser.property("#asked", "value").await, "JOSE");
    assert!(count(&browser, ".one").await.as_u64() > Some(0));
    browser.fill("#search", "no such thing").await;
    assert_eq!(browser.text("#nothing").await, "No scenario fits the filter.");
    browser.open("about:blank").await;
    browser.open(&format!("{url}#{TEST}")).await;
    assert_eq!(count(&browser, &format!("[id=\"{TEST}\"]")).await, 1);
    browser.close().await;
}

/// Everything is there, and an address opens what it points at.
#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_read_without_scripts() {
    let Some(browser) = browser(&["--blink-settings=scriptEnabled=false"]).await else { return };
    let (_folder, url) = page();
    browser.open(&format!("{url}#{TEST}")).await;
    let claim = format!("[id='{TEST}'] .hop[open] .token tr.deviates mark");
    assert_eq!(browser.text(&claim).await, "\"another-client\"");
    browser.close().await;
}

/// On paper stand folded scenarios only if they are red; afterwards all are as before.
#[tokio::test(flavor = "multi_thread")]
async fn folded_red_scenarios_are_printed() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    for (event, open) in [("beforeprint", 1), ("afterprint", 0)] {
        browser.script(&format!("dispatchEvent(new Event('{event}'))")).await;
        assert_eq!(count(&browser, ".scenario[open]").await, open, "{event}");
        assert_eq!(count(&browser, ".scenario.printed").await, open, "{event}");
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_opens_by_keyboard() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    for (folded, opens) in [(".problem", false), (".scenario.red", true)] {
        browser.script(&format!("document.querySelector('{folded} > summary').focus()")).await;
        browser.press(&[ENTER]).await;
        assert_eq!(browser.property(folded, "open").await, opens, "{folded}");
    }
    let outline = "return getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.script(outline).await, "solid", "one does not see where the focus is");
    browser.close().await;
}

#[rstest]
#[case::light("--blink-settings=preferredColorScheme=1")]
#[case::dark("--blink-settings=preferredColorScheme=0")]
#[tokio::test(flavor = "multi_thread")]
async fn it_fits_and_can_be_read(#[case] scheme: &str) {
    let Some(browser) = browser(&[scheme]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    browser.script("document.querySelectorAll('details').forEach((details) => { details.open = true; })").await;
    for width in [320, 390, 1200] {
        browser.resize(width).await;
        let size = browser.script("return [innerWidth, document.documentElement.scrollWidth]").await;
        assert_eq!(size, json!([width, width]));
    }
    assert_eq!(browser.script(CONTRAST).await, json!([]));
    browser.close().await;
}

/// Names are broken between words, and no lane runs through what is said.
#[tokio::test(flavor = "multi_thread")]
async fn words_stay_whole() {
    let Some(browser) = browser(&[]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    browser.script("document.querySelectorAll('details').forEach((details) => { details.open = true; })").await;
    browser.resize(1100).await;
    let broken = "const range = document.createRange(); const lines = (text) => { range.selectNodeContents(text); \
                  return range.getClientRects().length; }; \
                  return [...document.querySelectorAll('.members th')].flatMap((name) => [...name.childNodes]) \
                  .filter((one) => one.nodeType === Node.TEXT_NODE && lines(one) > 1).map((one) => one.data)";
    assert_eq!(browser.script(broken).await, json!([]));
    let said = "return [...document.querySelectorAll('.members th')].map((name) => name.innerText).find((name) => \
                name.startsWith('id_token_signing_alg'))";
    assert_eq!(browser.script(said).await, "id_token_signing_alg_values_supported");
    browser.resize(390).await;
    assert!(count(&browser, ".hop .said").await.as_u64() > Some(0));
    let bare = "return [...document.querySelectorAll('.hop .said')].filter((one) => \
                getComputedStyle(one).backgroundColor === 'rgba(0, 0, 0, 0)').length";
    assert_eq!(browser.script(bare).await, 0);
    browser.close().await;
}

/// What axe-core, which is Deque's, has to say against it.
#[rstest]
#[case::light("--blink-settings=preferredColorScheme=1", 1200)]
#[case::dark_and_narrow("--blink-settings=preferredColorScheme=0", 390)]
#[tokio::test(flavor = "multi_thread")]
async fn is_accessible(#[case] scheme: &str, #[case] width: u32) {
    let Ok(axe) = std::fs::read_to_string(Path::new(env!("CARGO_TARGET_TMPDIR")).join(AXE)) else {
        missing("axe-core, of npm, is not installed; `.ci/run` does it");
        return;
    };
    let Some(browser) = browser(&[scheme]).await else { return };
    let (_folder, url) = page();
    browser.open(&url).await;
    browser.resize(width).await;
    let open = "document.querySelectorAll('.problem, .folded, .scenario.red, .scenario.red details').forEach((one) => { one.open = true; });";
    let run = "return axe.run().then((found) => [found.passes.length, found.violations.map((one) => \
               [one.id, one.help, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))])]);";
    let found = browser.script(&format!("{axe};\n{open}\n{run}")).await;
    assert_eq!(found[1], json!([]));
    assert!(found[0].as_u64() > Some(20), "{found}");
    browser.close().await;
}

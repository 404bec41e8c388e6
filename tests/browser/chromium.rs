//! A real Chromium, driven over the `WebDriver` protocol (W3C `WebDriver` §14).
//! Just what these tests need, so that no client library is.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// The key under which elements travel (W3C `WebDriver` §11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
pub const TAB: &str = "\u{e004}";
pub const DOWN: &str = "\u{e015}";
pub const ENTER: &str = "\u{e007}";

/// Flags without which a browser calls home or wants what is not here.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Whatever a page wants, it is on this computer or nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// A browser with a new, empty profile.
pub struct Chromium {
    driver: Child,
    client: reqwest::Client,
    session: String,
    /// Goes away with it.
    _profile: tempfile::TempDir,
}

/// How often a driver is started: one that finds its port taken ends.
const ATTEMPTS: usize = 5;

/// Starts a driver. Returns it and its port; nothing if it ended.
fn started_driver() -> Result<Option<(Child, u16)>, String> {
    let missing = "Chromium is not installed (apt-get install chromium chromium-driver)";
    let driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut driver = driver.map_err(|_| missing.to_owned())?;
    let mut output = BufReader::new(driver.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("started successfully on port") {
        line.clear();
        if output.read_line(&mut line).unwrap() == 0 {
            driver.wait().unwrap();
            return Ok(None);
        }
    }
    Ok(Some((driver, line.trim().trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap())))
}

impl Chromium {
    /// Starts one, with more flags; none, and the reason, where there is none
    /// on this computer.
    pub async fn start(flags: &[&str]) -> Result<Self, String> {
        let (driver, port) =
            (0..ATTEMPTS).find_map(|_| started_driver().transpose()).ok_or("chromedriver ends at once")??;
        let profile = tempfile::tempdir().unwrap();
        let own = format!("--user-data-dir={}", profile.path().display());
        let flags: Vec<&str> = FLAGS.iter().chain(flags).copied().chain([own.as_str()]).collect();
        let capabilities = json!({
            "capabilities": {"alwaysMatch": {
                "goog:chromeOptions": {"args": flags},
                "timeouts": {"implicit": 20_000, "pageLoad": 60_000},
            }}
        });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut browser =
            Self { driver, client, session: format!("http://127.0.0.1:{port}/session"), _profile: profile };
        let started = browser.call("POST", "", capabilities).await;
        let Ok(started) = started else {
            return Err(format!("Chromium does not start: {}", started.unwrap_err()));
        };
        browser.session = format!("{}/{}", browser.session, started["sessionId"].as_str().unwrap());
        Ok(browser)
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        let mut request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.session));
        if method == "POST" {
            request = request.json(&body);
        }
        let mut answer: Value = request.send().await.unwrap().json().await.unwrap();
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
            None => Ok(value),
        }
    }

    async fn must(&self, method: &str, path: &str, body: Value) -> Value {
        self.call(method, path, body).await.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    pub async fn open(&self, url: &str) {
        self.must("POST", "/url", json!({"url": url})).await;
    }

    pub async fn url(&self) -> String {
        self.must("GET", "/url", Value::Null).await.as_str().unwrap().to_owned()
    }

    /// The first element that the CSS selector fits, as soon as there is one.
    async fn element(&self, selector: &str) -> String {
        let found = self.must("POST", "/element", json!({"using": "css selector", "value": selector})).await;
        format!("/element/{}", found[ELEMENT].as_str().unwrap())
    }

    pub async fn click(&self, selector: &str) {
        let element = self.element(selector).await;
        self.must("POST", &format!("{element}/click"), json!({})).await;
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector).await;
        self.must("POST", &format!("{element}/clear"), json!({})).await;
        self.must("POST", &format!("{element}/value"), json!({"text": text})).await;
    }

    pub async fn text(&self, selector: &str) -> String {
        let element = self.element(selector).await;
        self.must("GET", &format!("{element}/text"), Value::Null).await.as_str().unwrap().to_owned()
    }

    pub async fn property(&self, selector: &str, name: &str) -> Value {
        let element = self.element(selector).await;
        self.must("GET", &format!("{element}/property/{name}"), Value::Null).await
    }

    /// The element that has the focus: its `id`, or its name.
    pub async fn focused(&self) -> String {
        let found = self.must("GET", "/element/active", Value::Null).await;
        let element = format!("/element/{}", found[ELEMENT].as_str().unwrap());
        let id = self.must("GET", &format!("{element}/property/id"), Value::Null).await;
        id.as_str().unwrap_or_default().to_owned()
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &[&str]) {
        let one = |key: &&str| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})];
        let actions: Vec<Value> = keys.iter().flat_map(one).collect();
        let body = json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]});
        self.must("POST", "/actions", body).await;
    }

    /// What the script returns, run in the page from outside.
    pub async fn script(&self, script: &str) -> Value {
        self.must("POST", "/execute/sync", json!({"script": script, "args": []})).await
    }

    /// Shows pages as a screen of that width does; no window can be as narrow.
    pub async fn resize(&self, width: u32) {
        let screen = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": true});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": screen});
        self.must("POST", "/goog/cdp/execute", command).await;
    }

    /// Ends the browser; what is left is ended when this is dropped.
    pub async fn close(self) {
        let _ = self.call("DELETE", "", Value::Null).await;
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

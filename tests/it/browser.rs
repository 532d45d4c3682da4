//! Pages in a real browser: no violation that axe-core finds, nothing wider than the window, estimates in sight on a
//! phone, everything open in print, no request to a network.
//!
//! These tests take Chromium, its driver and npm, and say so where one is missing; with `METAPROP_BROWSER=required` they
//! fail then.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The version of axe-core whose rules are held.
const AXE: &str = "axe-core@4.14.1";

/// A browser that is driven over WebDriver.
struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// A headless browser, where there is one.
    fn start() -> Option<Self> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let lines = BufReader::new(driver.stdout.take()?).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("started successfully on port ")?.1;
            rest.trim_end_matches('.').parse().ok()
        })?;
        let mut browser = Self { driver, port, session: String::new() };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ];
        let wanted =
            json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": { "args": arguments } } } });
        let answer = browser.post("/session", &wanted);
        browser.session = answer["value"]["sessionId"].as_str()?.to_owned();
        Some(browser)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the driver answers");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a limit");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body.as_bytes()))
            .expect("a request");
        let mut answer = String::new();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a head");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        reader.take(length).read_to_string(&mut answer).expect("a body");
        serde_json::from_str(&answer).expect("JSON")
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.send("POST", path, &body.to_string())
    }

    fn in_session(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(&format!("/session/{}{path}", self.session), body);
        assert!(answer["value"]["error"].is_null(), "{path}: {answer}");
        answer["value"].clone()
    }

    /// Opens a page in a window of this width, on a light or a dark screen.
    fn open(&self, page: &Path, width: u32, scheme: &str) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.browser_command("Emulation.setDeviceMetricsOverride", &metrics);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.browser_command("Emulation.setEmulatedMedia", &features);
        self.in_session("/url", &json!({ "url": format!("file://{}", page.display()) }));
    }

    fn browser_command(&self, name: &str, parameters: &Value) {
        self.in_session("/goog/cdp/execute", &json!({ "cmd": name, "params": parameters }));
    }

    /// What a script on the page returns.
    fn run(&self, script: &str) -> Value {
        self.in_session("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What axe-core finds on the page.
    fn violations(&self, axe: &str) -> Vec<String> {
        self.run(axe);
        let script = "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then(found => \
                      done(found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | '))));";
        let found = self.in_session("/execute/async", &json!({ "script": script, "args": [] }));
        found
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| one.as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            self.send("DELETE", &format!("/session/{}", self.session), "");
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The text of axe-core, from the registry of npm.
fn axe() -> Option<String> {
    let folder = tempfile::tempdir().ok()?;
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).current_dir(folder.path()).output().ok()?;
        done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
    };
    let packed = run("npm", &["pack", "--silent", AXE])?;
    run("tar", &["-xzf", packed.lines().last()?, "package/axe.min.js"])?;
    std::fs::read_to_string(folder.path().join("package/axe.min.js")).ok()
}

/// A browser and axe-core; none where something is missing, which fails where it is required.
fn ready() -> Option<(Browser, String)> {
    let start = Instant::now();
    let found = Browser::start().zip(axe());
    if found.is_none() {
        assert!(
            std::env::var_os("METAPROP_BROWSER").is_none_or(|value| value != "required"),
            "Chromium, chromedriver and npm are required"
        );
        println!("skipped after {:?}: Chromium, chromedriver or npm is not there", start.elapsed());
    }
    found
}

fn reports() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    ["tofacitinib-aa", "guo-2020", "seeds"].iter().map(|name| root.join(name).join("report.html")).collect()
}

/// A page of one result, with names that are hard to set.
fn hard_page(folder: &Path) -> PathBuf {
    let names =
        ["x".repeat(120), "<script>alert(1)</script> & co".to_owned(), "山田 العربية 2019".to_owned()];
    let rows = names.iter().zip([3_u64, 8, 0]).map(|(name, events)| (name.as_str(), events, 40));
    let data = metaprop::Dataset::proportions(rows).expect("counts");
    let result = metaprop::fit(&data, &metaprop::Spec::default()).expect("a result");
    let path = folder.join("hard.html");
    std::fs::write(&path, result.page().html()).expect("a file");
    path
}

#[test]
fn pages_hold_in_a_browser() {
    let Some((browser, axe)) = ready() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let pages: Vec<PathBuf> = reports().into_iter().chain([hard_page(folder.path())]).collect();
    let mut complaints = Vec::new();
    for page in &pages {
        for width in [400, 1200] {
            for scheme in ["light", "dark"] {
                browser.open(page, width, scheme);
                let at = format!("{} at {width} px, {scheme}", page.display());
                complaints.extend(browser.violations(&axe).iter().map(|found| format!("{at}: {found}")));
                let excess = browser.run(
                    "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                );
                if excess != 0 {
                    complaints.push(format!("{at}: {excess} px wider than the window"));
                }
                let asked =
                    browser.run("return performance.getEntriesByType('resource').map(one => one.name)");
                if asked != json!([]) {
                    complaints.push(format!("{at}: asks for {asked}"));
                }
            }
        }
        // On a phone each study's estimate and interval are in sight beside its name.
        browser.open(page, 400, "light");
        let hidden = browser.run(
            "const heads = [...document.querySelectorAll('table.studies')].flatMap(table => {
               const at = [...table.tHead.rows[0].cells].findIndex(cell => /CI/.test(cell.textContent));
               return [...table.tBodies[0].rows].map(row => row.cells[at]);
             });
             return heads.filter(cell => cell && cell.getBoundingClientRect().right > 400).map(cell => cell.textContent)",
        );
        if hidden != json!([]) {
            complaints.push(format!("{}: off a phone's screen: {hidden}", page.display()));
        }
        // On paper what is closed is open.
        browser.browser_command("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
        let closed = browser.run(
            "return [...document.querySelectorAll('details')].filter(one => one.querySelector('table').getBoundingClientRect().height < 10).length",
        );
        if closed != 0 {
            complaints.push(format!("{}: {closed} sections are closed in print", page.display()));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

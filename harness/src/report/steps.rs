//! The steps of a test, in memory or in a file. A run writes those of tests that
//! passed to a temporary file, so that a long run needs no more memory than a short
//! one. A report reads them back test by test.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::ser::Error;
use serde::{Deserialize, Serialize, Serializer};

use super::step::{ShownSignIn, StepReport};

/// The steps of a test, in their order.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Vec<StepReport>")]
pub enum Steps {
    /// They are in memory.
    Held(Vec<StepReport>),
    /// They are in a file, and all their checks held.
    Written(WrittenSteps),
    /// No report shows them, and all their checks held.
    LeftOut(ShownSignIn),
}

/// Where steps are in their file, and what they show.
#[derive(Debug, Clone)]
pub struct WrittenSteps {
    file: Arc<StepFile>,
    start: u64,
    length: u64,
    sign_in: ShownSignIn,
}

/// A temporary file for steps. It has no name, so that it is gone when the process
/// ends, however that ends.
#[derive(Debug)]
pub struct StepFile {
    folder: PathBuf,
    file: Mutex<FileEnd>,
}

/// A file, and the number of its bytes that are in use.
#[derive(Debug)]
struct FileEnd {
    file: File,
    end: u64,
}

/// Why steps are not in their file.
#[derive(Debug, thiserror::Error)]
pub enum StepFileError {
    /// The file cannot be created.
    #[error("a temporary file in {folder} cannot be created: {error}", folder = .0.display(), error = .1)]
    Create(PathBuf, io::Error),
    /// Steps cannot be written.
    #[error(
        "the temporary file in {folder} cannot be written: {error}; the steps of tests that passed stay in memory, and the reports are complete",
        folder = .0.display(), error = .1
    )]
    Write(PathBuf, io::Error),
    /// Steps cannot be read.
    #[error("the temporary file in {folder} cannot be read: {error}", folder = .0.display(), error = .1)]
    Read(PathBuf, io::Error),
}

impl StepFileError {
    /// Returns what to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Create(..) => "set TMPDIR to a folder that you can write to",
            Self::Write(..) | Self::Read(..) => "set TMPDIR to a folder on a disk with enough space",
        }
    }
}

impl StepFile {
    /// Creates one in the system's folder for temporary files.
    pub fn create() -> Result<Arc<Self>, StepFileError> {
        let folder = std::env::temp_dir();
        match tempfile::tempfile_in(&folder) {
            Ok(file) => Ok(Self::of(file, folder)),
            Err(error) => Err(StepFileError::Create(folder, error)),
        }
    }

    fn of(file: File, folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { folder, file: Mutex::new(FileEnd { file, end: 0 }) })
    }

    /// Returns where the bytes begin. After an error, the next ones take their place.
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let FileEnd { file, end } = &mut *self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let start = file.seek(SeekFrom::Start(*end))?;
        file.write_all(bytes)?;
        *end += bytes.len() as u64;
        Ok(start)
    }

    fn read(&self, start: u64, length: u64) -> io::Result<Vec<StepReport>> {
        let FileEnd { file, .. } = &mut *self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}

impl Steps {
    /// Returns the steps, from their file if they are there.
    pub fn read(&self) -> Result<Cow<'_, [StepReport]>, StepFileError> {
        match self {
            Self::Held(steps) => Ok(steps.into()),
            Self::LeftOut(_) => Ok(Cow::Owned(Vec::new())),
            Self::Written(WrittenSteps { file, start, length, .. }) => {
                let read = file.read(*start, *length).map(Cow::Owned);
                read.map_err(|error| StepFileError::Read(file.folder.clone(), error))
            }
        }
    }

    /// Returns the steps that are in memory: all, if a check did not hold.
    pub fn held(&self) -> &[StepReport] {
        match self {
            Self::Held(steps) => steps,
            Self::Written(_) | Self::LeftOut(_) => &[],
        }
    }

    /// Returns the same to change them.
    pub fn held_mut(&mut self) -> &mut [StepReport] {
        match self {
            Self::Held(steps) => steps,
            Self::Written(_) | Self::LeftOut(_) => &mut [],
        }
    }

    /// Leaves out the steps if all checks held. What they show of sign-in stays, by which
    /// failed tests are judged.
    pub fn leave_out(&mut self) {
        if self.held().iter().flat_map(|step| &step.checks).all(|check| check.held) {
            *self = Self::LeftOut(self.sign_in());
        }
    }

    /// Moves the steps to the file if all checks held. After an error, they stay in
    /// memory.
    pub fn write_to(&mut self, file: &Arc<StepFile>) -> Result<(), StepFileError> {
        let Self::Held(steps) = self else { return Ok(()) };
        if steps.is_empty() || !steps.iter().flat_map(|step| &step.checks).all(|check| check.held) {
            return Ok(());
        }
        let written = serde_json::to_vec(steps).map_err(io::Error::from);
        let written = written.and_then(|bytes| Ok((file.append(&bytes)?, bytes.len() as u64)));
        let (start, length) = written.map_err(|error| StepFileError::Write(file.folder.clone(), error))?;
        let sign_in = ShownSignIn::of(steps);
        *self = Self::Written(WrittenSteps { file: Arc::clone(file), start, length, sign_in });
        Ok(())
    }

    /// Returns what they show of sign-in.
    pub(super) fn sign_in(&self) -> ShownSignIn {
        match self {
            Self::Held(steps) => ShownSignIn::of(steps),
            Self::Written(written) => written.sign_in,
            Self::LeftOut(sign_in) => *sign_in,
        }
    }
}

impl Default for Steps {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<StepReport>> for Steps {
    fn from(steps: Vec<StepReport>) -> Self {
        Self::Held(steps)
    }
}

impl Serialize for Steps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.read().map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::exchange::{ExchangeReport, Party};
    use crate::report::{Outcome, Rendering, Report, Style, format};

    fn steps(path: &str, held: bool) -> Steps {
        let check = json!({"path": path, "level": "must", "held": held, "expected": null, "actual": null});
        let exchange = ExchangeReport { to: Party::Target, milliseconds: Some(7), ..ExchangeReport::default() };
        let step = json!({"id": "é\u{1b}", "action": "sign-in", "checks": [check], "exchanges": [exchange]});
        let Ok(steps) = serde_json::from_value(json!([step, step])) else { unreachable!("these are steps") };
        steps
    }

    fn text(steps: &Steps) -> String {
        serde_json::to_string(steps).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn what_was_written_reads_the_same() -> Result<(), StepFileError> {
        let file = StepFile::create()?;
        let all = ["a", "b", "c"].map(|path| steps(path, true));
        let mut written = all.clone();
        written.iter_mut().try_for_each(|steps| steps.write_to(&file))?;
        assert!(written.iter().all(|steps| matches!(steps, Steps::Written(_)) && steps.held().is_empty()));
        for (steps, written) in all.iter().zip(&written).rev() {
            assert_eq!(text(steps), text(written));
        }
        Ok(())
    }

    /// Problems and baselines look for it without a way to fail.
    #[test]
    fn what_did_not_hold_stays() -> Result<(), StepFileError> {
        let mut steps = steps("a", false);
        steps.write_to(&StepFile::create()?)?;
        assert_eq!(steps.held().len(), 2);
        Ok(())
    }

    /// A run judges failed tests alike, whether or not a report shows those that passed.
    #[test]
    fn what_is_left_out_still_shows_a_sign_in() {
        let authorization = json!({"to": "provider", "endpoint": "authorization", "status": 302, "from": "user-agent"});
        let callback = json!({"to": "target", "status": 201});
        let exchange = |mut one: Value| {
            let rest = json!({"method": "GET", "url": "http://a.test/", "request_headers": [], "request_body": "",
                              "response_headers": [], "response_body": ""});
            if let (Value::Object(one), Value::Object(rest)) = (&mut one, rest) {
                one.extend(rest);
            }
            one
        };
        let check = json!({"path": "outcome", "level": "must", "held": true, "expected": null, "actual": null});
        let exchanges = [authorization, callback].map(exchange);
        let step = json!([{"id": "in", "action": "sign-in", "checks": [check], "exchanges": exchanges}]);
        let Ok(mut steps) = serde_json::from_value::<Steps>(step) else { unreachable!("these are steps") };
        let before = steps.sign_in().is_accepted;
        steps.leave_out();
        assert_eq!((before, steps.sign_in().is_accepted, steps.held().len()), (true, true, 0));
    }

    #[test]
    fn steps_stay_where_they_cannot_be_written() -> Result<(), Box<dyn std::error::Error>> {
        let name = tempfile::NamedTempFile::new()?;
        let file = StepFile::of(File::open(name.path())?, "/full".into());
        let mut steps = steps("a", true);
        let before = text(&steps);
        let error = steps.write_to(&file).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with("the temporary file in /full cannot be written: "), "{error}");
        assert_eq!((steps.held().len(), text(&steps)), (2, before));
        Ok(())
    }

    /// Passes on so many bytes, and then empties the file of steps.
    struct Emptying {
        file: Arc<StepFile>,
        left: usize,
    }

    impl Write for Emptying {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.left = self.left.saturating_sub(bytes.len());
            if self.left == 0 {
                self.file.file.lock().unwrap_or_else(PoisonError::into_inner).file.set_len(0)?;
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A test is read when its turn comes, and is passed on before the next one.
    #[test]
    fn json_reads_test_by_test() -> Result<(), Box<dyn std::error::Error>> {
        let file = StepFile::create()?;
        let mut report = Report::sample(&["a/a", "b/b", "c/c", "d/d"].map(|name| (name, Outcome::Passed)));
        report.results.iter_mut().try_for_each(|test| {
            test.steps = steps("a", true);
            test.steps.write_to(&file)
        })?;
        let json = format("json").ok_or("there is no such format")?;
        let Rendering::Stream(render) = json.rendering else { return Err("it is one text".into()) };
        let third = json.text(&report, Style::default())?.find("c/c").ok_or("a test is missing")?;
        let read =
            |left| render(&report, &mut Emptying { file: Arc::clone(&file), left }).map_err(|one| one.to_string());
        assert_eq!(read(usize::MAX), Ok(()));
        let error = read(third).err().unwrap_or_default();
        assert!(error.contains("the temporary file in "), "{error}");
        Ok(())
    }

    #[test]
    fn a_report_without_its_steps_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
        let file = StepFile::of(tempfile::tempfile()?, "/gone".into());
        let mut steps = steps("a", true);
        steps.write_to(&file)?;
        file.file.lock().unwrap_or_else(PoisonError::into_inner).file.set_len(9)?;
        let error = serde_json::to_string(&steps).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with("the temporary file in /gone cannot be read: "), "{error}");
        Ok(())
    }
}

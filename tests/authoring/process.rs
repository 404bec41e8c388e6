//! A program in a process of its own, whose output is read line by line.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::environment::harness;

/// Runs it to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    harness(folder).args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// All that it said.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// One that goes on until it is asked to end.
pub struct Process {
    child: Child,
    output: BufReader<std::io::PipeReader>,
}

impl Process {
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut command = harness(folder);
        // Both into one pipe, so that they come in order.
        command.args(arguments).current_dir(folder).stdout(writer.try_clone().unwrap()).stderr(writer);
        let child = command.spawn().unwrap();
        Self { child, output: BufReader::new(reader) }
    }

    /// Reads on to a line that contains `word`; all until there.
    pub fn until(&mut self, word: &str) -> String {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "it ended before `{word}`: {text}");
            text.push_str(&line);
            if line.contains(word) {
                return text;
            }
        }
    }

    /// Asks it to end, as Ctrl-C does; what else it said, and its exit code.
    pub fn interrupt(mut self) -> (String, Option<i32>) {
        let signal = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(signal.unwrap().success());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (rest, self.child.wait().unwrap().code())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The dialect of a server, as the command line names its file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::UsageProblem;
use crate::diagnostic::{Broken, DiagnosticLook, Source};
use crate::dialect_file::parse;
use crate::immich::Dialect;

/// The variable of `--dialect`.
pub(super) const VARIABLE: &str = "OIDC_HARNESS_DIALECT";

#[derive(Debug, Args)]
pub(super) struct DialectFile {
    /// A file with the routes, settings and members that differ from Immich's
    ///
    /// `oidc-harness generate schema dialect` prints its schema.
    #[arg(long, value_name = "FILE", env = VARIABLE, hide_short_help = true)]
    dialect: Option<PathBuf>,
}

impl DialectFile {
    /// Where it is.
    pub(super) fn path(&self) -> Option<&Path> {
        self.dialect.as_deref()
    }

    /// Whether one is given.
    pub(super) fn is_given(&self) -> bool {
        self.dialect.is_some()
    }

    /// Reads it; Immich's own where none is given.
    pub(super) fn read(&self) -> Result<Arc<Dialect>, UsageProblem> {
        let Some(path) = &self.dialect else { return Ok(Arc::default()) };
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read the dialect {}: {error}", path.display()))?;
        let dialect = parse(Source { path: path.clone(), text }).map_err(|Broken { source, problems }| {
            let problems: Vec<String> =
                problems.iter().map(|problem| problem.render(&source, DiagnosticLook::PLAIN)).collect();
            format!("the dialect {} has mistakes\n\n{}", path.display(), problems.join("\n\n"))
        })?;
        Ok(Arc::new(dialect))
    }
}

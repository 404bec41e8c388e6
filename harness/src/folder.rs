//! The folder that a file is in.

use std::path::Path;

/// Of a bare name, it is the one that we are in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_in_the_folder_that_we_are_in() {
        assert_eq!(folder_of(Path::new("journal")), Path::new("."));
        assert_eq!(folder_of(Path::new("a/journal")), Path::new("a"));
    }
}

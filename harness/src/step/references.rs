//! What a step of a scenario refers to.

/// What a step refers to, for validation.
#[derive(Debug, Clone, Copy, Default)]
pub struct References<'a> {
    /// The key and the end-user that it names.
    pub end_user: Option<(&'static str, &'a str)>,
    /// The key and the earlier step that it names.
    pub step: Option<(&'static str, &'a str)>,
    /// The same for a second one.
    pub other_step: Option<(&'static str, &'a str)>,
}

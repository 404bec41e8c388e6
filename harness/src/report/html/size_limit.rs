//! Keeps the page below two mebibytes: which scenarios it shows in full, which in
//! outline, and which only by name. The page is put together in
//! [`super::report_page`].

use maud::{Markup, PreEscaped};

use super::scenario::{Depth, article};
use super::tone::Tone;
use super::topics::Group;
use crate::escape;
use crate::report::shape::Report;

/// How large a page may be, in bytes.
pub(super) const LIMIT: usize = 2 * 1024 * 1024 - 1;

/// Returns the scenarios in so many bytes, in the order of `groups`. Where there is
/// no room to show all in full, the first go first.
pub(super) fn articles(report: &Report, groups: &[Group<'_>], room: usize) -> Vec<Markup> {
    let written = |group: &Group<'_>, depth: Depth| PreEscaped(escape::html(&article(report, group, depth).0));
    let mut articles: Vec<Markup> = groups.iter().map(|group| written(group, Depth::Brief)).collect();
    let mut room = room.saturating_sub(articles.iter().map(|article| article.0.len()).sum());
    for depth in [Depth::Outline, Depth::Whole] {
        let deeper = |group: &Group<'_>| depth == Depth::Outline || group.tone(report.strict) != Tone::Good;
        let mut order: Vec<usize> = (0..groups.len()).filter(|index| deeper(&groups[*index])).collect();
        order.sort_by_key(|index| groups[*index].tone(report.strict));
        for index in order {
            let fuller = written(&groups[index], depth);
            let more = fuller.0.len().saturating_sub(articles[index].0.len());
            if more <= room {
                room -= more;
                articles[index] = fuller;
            }
        }
    }
    articles
}

//! Keeps the page below two mebibytes: which scenarios it shows in full, and
//! which only in outline. The page is put together in [`super::report_page`].

use super::scenario::{Depth, article};
use super::tone::Tone;
use super::topics::Group;
use crate::report::shape::Report;

/// How large the scenarios may be together, in bytes; the page stays below
/// two mebibytes.
const ROOM: usize = 1_900_000;

/// All scenarios; where there are too many to show in full, those that are
/// red go first.
pub(super) fn articles(report: &Report, groups: &[Group<'_>]) -> Vec<maud::Markup> {
    let mut articles: Vec<_> = groups.iter().map(|group| article(report, group, Depth::Outline)).collect();
    let mut room = ROOM.saturating_sub(articles.iter().map(|article| article.0.len()).sum());
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by_key(|index| groups[*index].tone(report.strict));
    for index in order {
        if groups[index].tone(report.strict) == Tone::Good {
            continue;
        }
        let whole = article(report, &groups[index], Depth::Whole);
        let more = whole.0.len().saturating_sub(articles[index].0.len());
        if more <= room {
            room -= more;
            articles[index] = whole;
        }
    }
    articles
}

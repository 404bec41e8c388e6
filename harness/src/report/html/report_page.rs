//! The page of one report.

use maud::html;

use super::scenario::{Depth, article};
use super::tone::Tone;
use super::topics::{self, Group, groups};
use super::{first_screen, matrix, page};
use crate::report::format::{Format, FormatError, Style};
use crate::report::shape::Report;

pub static PAGE: Format = Format { name: "html", text: "a page for people, in one file", render, after_live: None };

/// How large the scenarios may be together, in bytes; the page stays below
/// two mebibytes.
const ROOM: usize = 1_900_000;

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn render(report: &Report, _: Style) -> Result<String, FormatError> {
    let groups = groups(report);
    let articles = articles(report, &groups);
    let body = html! {
        (first_screen::first_screen(report, &groups))
        (matrix::matrix(report, &groups))
        (matrix::filter(report, &groups))
        section #scenarios aria-labelledby="scenarios-title" {
            h2 #scenarios-title.unseen { "Scenarios" }
            @for topic in topics::topics(&groups) {
                section.topic {
                    h3 id={ "topic-" (topic) } { (topic) }
                    @for (group, article) in groups.iter().zip(&articles).filter(|(group, _)| group.topic() == topic) {
                        (group.anchored(article))
                    }
                }
            }
            p.empty #nothing hidden { "No scenario fits the filter." }
        }
    };
    Ok(page::shell(&format!("{}: {}", report.verdict(), page::target(report)), &body))
}

/// All scenarios; where there are too many to show in full, those that are
/// red go first.
fn articles(report: &Report, groups: &[Group<'_>]) -> Vec<maud::Markup> {
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

//! The report as a page: one file that needs no network and no script, made
//! from the report alone.
//!
//! [`first_screen`] says what came of it, [`matrix`] where, [`scenario`] shows
//! each test with its file ([`toml`]) and what went over the wire
//! ([`swim_lane`], [`hop`]). A little script filters; without it, everything
//! is there all the same.

mod difference;
mod first_screen;
mod hop;
mod matrix;
mod members;
mod page;
mod scenario;
mod swim_lane;
mod toml;
mod tone;
mod topics;

pub use difference::difference_page;

use maud::html;

use super::format::{Format, FormatError, Style};
use super::record::Report;
use scenario::{Depth, article};
use tone::Tone;
use topics::{Group, groups};

pub(super) static FORMAT: Format =
    Format { name: "html", text: "a page for people, in one file", render, after_live: None };

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
    Ok(page::shell(&format!("{}: {}", report.verdict(), target(report)), &body))
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

/// The target and its version.
fn target(report: &Report) -> String {
    let target = report.target.as_ref();
    target.map_or_else(
        || "no server".to_owned(),
        |target| match target.url.as_str() {
            "reference" => format!("the reference server {}", target.version),
            url => format!("{url}, version {}", target.version),
        },
    )
}

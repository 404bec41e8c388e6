//! The page of one report.

use maud::{Markup, html};

use super::first_screen::first_screen;
use super::problem_list::problem_list;
use super::reasons::reasons;
use super::size_limit::{LIMIT, articles};
use super::topics::{self, Group, groups};
use super::{matrix, page};
use crate::report::format::{Format, FormatError, Style};
use crate::report::problem::problems;
use crate::report::shape::Report;

pub static PAGE: Format = Format { name: "html", text: "a page for people, in one file", render, after_live: None };

#[expect(clippy::unnecessary_wraps, reason = "formats are written alike")]
fn render(report: &Report, _: Style) -> Result<String, FormatError> {
    let groups = groups(report);
    let summary = html! {
        (first_screen(report))
        (problem_list(report, &problems(report)))
        (reasons(report))
        (matrix::matrix(report, &groups))
        (matrix::filter(report, &groups))
    };
    let empty = vec![html! {}; groups.len()];
    let room = LIMIT.saturating_sub(written(report, &summary, &groups, &empty).len());
    Ok(written(report, &summary, &groups, &articles(report, &groups, room)))
}

fn written(report: &Report, summary: &Markup, groups: &[Group<'_>], articles: &[Markup]) -> String {
    let body = html! {
        (summary)
        section #scenarios aria-labelledby="scenarios-title" {
            h2 #scenarios-title.unseen { "Scenarios" }
            @for topic in topics::topics(groups) {
                section.topic {
                    h3 id={ "topic-" (topic) } { (topic) }
                    @for (group, article) in groups.iter().zip(articles).filter(|(group, _)| group.topic() == topic) {
                        (group.anchored(article))
                    }
                }
            }
            p.empty #nothing hidden { "No scenario fits the filter." }
        }
    };
    page::shell(&format!("{}: {}", report.verdict(), page::target(report)), &body)
}

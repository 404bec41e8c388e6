//! The page of one report.

use maud::html;

use super::size_limit::articles;
use super::topics::{self, groups};
use super::{first_screen, matrix, page};
use crate::report::format::{Format, FormatError, Style};
use crate::report::shape::Report;

pub static PAGE: Format = Format { name: "html", text: "a page for people, in one file", render, after_live: None };

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

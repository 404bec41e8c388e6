//! The page of one report, kept below two mebibytes: it shows some scenarios in
//! full, some in outline, and others only by name.

use maud::{Markup, PreEscaped, html};

use super::first_screen::first_screen;
use super::problem_list::problem_list;
use super::reasons::reasons;
use super::scenario::{Depth, article};
use super::sign_in::sign_ins;
use super::tone::Tone;
use super::topics::{self, Group, groups};
use super::{matrix, page};
use crate::escape;
use crate::report::format::{Format, FormatError, Rendering, Style};
use crate::report::problem::problems;
use crate::report::shape::Report;
use crate::report::steps::StepFileError;

/// How large a page may be, in bytes.
const LIMIT: usize = 2 * 1024 * 1024 - 1;

pub static PAGE: Format = Format {
    name: "html",
    text: "a web page in one file",
    rendering: Rendering::Text(page_of),
    ending: Some("html"),
    after_live: None,
    shows_steps: true,
};

fn page_of(report: &Report, _: Style) -> Result<String, FormatError> {
    let groups = groups(report);
    let summary = html! {
        (first_screen(report))
        (sign_ins(report))
        (problem_list(report, &problems(report)))
        (reasons(report))
        @if !groups.is_empty() {
            (matrix::matrix(report, &groups))
            (matrix::filter(report, &groups))
        }
    };
    let empty = vec![html! {}; groups.len()];
    let room = LIMIT.saturating_sub(written(report, &summary, &groups, &empty).len());
    Ok(written(report, &summary, &groups, &articles(report, &groups, room)?))
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

/// Returns the scenarios in so many bytes, in the order of `groups`. Where there is
/// no room to show all in full, the first go first.
fn articles(report: &Report, groups: &[Group<'_>], room: usize) -> Result<Vec<Markup>, StepFileError> {
    let written = |group: &Group<'_>, depth: Depth| Ok(PreEscaped(escape::html(&article(report, group, depth)?.0)));
    let mut articles: Vec<Markup> =
        groups.iter().map(|group| written(group, Depth::Brief)).collect::<Result<_, _>>()?;
    let mut room = room.saturating_sub(articles.iter().map(|article| article.0.len()).sum());
    for depth in [Depth::Outline, Depth::Whole] {
        let deeper = |group: &Group<'_>| depth == Depth::Outline || group.tone(report.strict) != Tone::Good;
        let mut order: Vec<usize> = (0..groups.len()).filter(|index| deeper(&groups[*index])).collect();
        order.sort_by_key(|index| groups[*index].tone(report.strict));
        for index in order {
            let fuller = written(&groups[index], depth)?;
            let more = fuller.0.len().saturating_sub(articles[index].0.len());
            if more <= room {
                room -= more;
                articles[index] = fuller;
            }
        }
    }
    Ok(articles)
}

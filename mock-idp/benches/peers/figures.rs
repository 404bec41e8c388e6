//! What was measured of each peer, its medians, and the table of targets.

use std::collections::BTreeMap;

/// Figures by measure and peer, one for each round.
#[derive(Default)]
pub struct Figures(BTreeMap<(Measure, &'static str), Vec<f64>>);

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Milliseconds of one raw signature.
    Signature,
    /// Milliseconds of the server's CPU time for a code flow.
    FlowCpu,
    /// Code flows per second.
    Flows,
    /// Discovery requests per second.
    Discovery,
    /// Microseconds of the server's CPU time for a discovery request.
    DiscoveryCpu,
    /// Milliseconds from the spawn to the first discovery answer.
    Start,
    /// Mebibytes resident before any load.
    Idle,
    /// Mebibytes resident after the load.
    Loaded,
}

impl Measure {
    const fn title(self) -> &'static str {
        match self {
            Self::Signature => "one raw signature, ms",
            Self::FlowCpu => "CPU time per code flow, ms",
            Self::Flows => "code flows per second",
            Self::Discovery => "discovery requests per second",
            Self::DiscoveryCpu => "CPU time per discovery request, µs",
            Self::Start => "start to first discovery answer, ms",
            Self::Idle => "memory idle, MiB",
            Self::Loaded => "memory after load, MiB",
        }
    }

    const fn digits(self) -> usize {
        match self {
            Self::Signature | Self::FlowCpu => 3,
            Self::Flows | Self::Discovery => 0,
            Self::DiscoveryCpu | Self::Start | Self::Idle | Self::Loaded => 1,
        }
    }
}

const PER_PEER: &[Measure] = &[
    Measure::FlowCpu,
    Measure::Flows,
    Measure::Discovery,
    Measure::DiscoveryCpu,
    Measure::Start,
    Measure::Idle,
    Measure::Loaded,
];

/// A figure that is wanted; `aim` is what it might become.
struct Target {
    measure: &'static str,
    value: fn(&Figures) -> Option<f64>,
    required: f64,
    aim: f64,
    is_at_most: bool,
}

/// The targets, in the order of the issue that set them.
const TARGETS: &[Target] = &[
    Target {
        measure: "CPU time per code flow, in raw signatures",
        value: |figures| Some(figures.of(Measure::FlowCpu, OURS)? / figures.of(Measure::Signature, OURS)?),
        required: 1.35,
        aim: 1.18,
        is_at_most: true,
    },
    Target {
        measure: "code flows per second, in those of oauth2-mock-server",
        value: |figures| figures.times(Measure::Flows, "oauth2-mock-server"),
        required: 2.8,
        aim: 3.5,
        is_at_most: false,
    },
    Target {
        measure: "code flows per second, in those of oidc-provider",
        value: |figures| figures.times(Measure::Flows, "oidc-provider"),
        required: 2.1,
        aim: 2.6,
        is_at_most: false,
    },
    Target {
        measure: "discovery requests per second, in those of oauth2-mock-server",
        value: |figures| figures.times(Measure::Discovery, "oauth2-mock-server"),
        required: 3.0,
        aim: 4.4,
        is_at_most: false,
    },
    Target {
        measure: "start to first discovery answer, ms",
        value: |figures| figures.of(Measure::Start, OURS),
        required: 10.0,
        aim: 4.0,
        is_at_most: true,
    },
    Target {
        measure: "memory idle, MiB",
        value: |figures| figures.of(Measure::Idle, OURS),
        required: 12.0,
        aim: 6.0,
        is_at_most: true,
    },
    Target {
        measure: "memory after 100,000 code flows, MiB",
        value: |figures| figures.of(Measure::Loaded, OURS),
        required: 24.0,
        aim: 16.0,
        is_at_most: true,
    },
];

/// The peer that the targets are about.
pub const OURS: &str = "mock-idp";

impl Figures {
    /// Notes the figure of a round.
    pub fn note(&mut self, measure: Measure, peer: &'static str, figure: f64) {
        self.0.entry((measure, peer)).or_default().push(figure);
    }

    /// The median of all rounds.
    fn of(&self, measure: Measure, peer: &'static str) -> Option<f64> {
        let mut sorted = self.0.get(&(measure, peer))?.clone();
        sorted.sort_by(f64::total_cmp);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(f64::midpoint(lower, upper))
    }

    fn times(&self, measure: Measure, peer: &'static str) -> Option<f64> {
        Some(self.of(measure, OURS)? / self.of(measure, peer)?)
    }

    /// The targets, and what became of them, in Markdown.
    pub fn targets(&self) -> String {
        let head = ["measure", "measured", "required", "aim", "result"].map(ToOwned::to_owned).to_vec();
        let rows = TARGETS.iter().map(|target| row(target, self));
        table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
    }

    /// Every measure of every peer, in Markdown.
    pub fn peers(&self, peers: &[&'static str]) -> String {
        let mut rows = vec![std::iter::once("").chain(peers.iter().copied()).map(ToOwned::to_owned).collect()];
        for measure in PER_PEER {
            let cell = |peer: &&'static str| self.cell(*measure, peer);
            rows.push(std::iter::once(measure.title().to_owned()).chain(peers.iter().map(cell)).collect());
        }
        table(&rows)
    }

    /// The median and, in brackets, the least and the greatest.
    fn cell(&self, measure: Measure, peer: &'static str) -> String {
        let (Some(median), Some(all)) = (self.of(measure, peer), self.0.get(&(measure, peer))) else {
            return "-".to_owned();
        };
        let digits = measure.digits();
        if all.len() == 1 {
            return format!("{median:.digits$}");
        }
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        format!("{median:.digits$} [{least:.digits$} to {greatest:.digits$}]")
    }
}

/// The target, the figure, and whether it is reached.
fn row(target: &Target, figures: &Figures) -> Vec<String> {
    let value = (target.value)(figures);
    let reaches = |limit| value.map(|value| if target.is_at_most { value <= limit } else { value >= limit });
    let result = match (reaches(target.required), reaches(target.aim)) {
        (_, Some(true)) => "aim reached",
        (Some(true), _) => "met",
        (Some(false), _) => "NOT MET",
        (None, _) => "not measured",
    };
    let measured = value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    vec![target.measure.to_owned(), measured, target.required.to_string(), target.aim.to_string(), result.to_owned()]
}

/// A table whose columns line up; the first row is its head.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} |"));
        format!("|{}\n", padded.collect::<String>())
    };
    let rule: String = widths.iter().map(|width| format!("{}|", "-".repeat(width + 2))).collect();
    let mut lines: Vec<String> = rows.iter().map(|row| line(row)).collect();
    lines.insert(1, format!("|{rule}\n"));
    lines.concat()
}

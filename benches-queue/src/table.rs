//! What was measured, as tables.

use comfy_table::{Table, presets::ASCII_MARKDOWN};

/// A rate of jobs.
pub(crate) struct Rate {
    pub(crate) what: String,
    pub(crate) settings: String,
    pub(crate) jobs: u64,
    pub(crate) seconds: f64,
}

impl Rate {
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn per_second(&self) -> f64 {
        self.jobs as f64 / self.seconds
    }

    /// Says it at once, so that a long run shows how far it is.
    pub(crate) fn say(&self) {
        println!(
            "{}: {} jobs in {:.2} s, {:.0} jobs/s ({})",
            self.what,
            self.jobs,
            self.seconds,
            self.per_second(),
            self.settings
        );
    }
}

/// The rates, each also as a ratio to the first one.
pub(crate) fn rates(rates: &[Rate]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header([
        "what",
        "with",
        "jobs",
        "seconds",
        "jobs/s",
        "ratio to the first",
    ]);
    let first = rates.first().map_or(f64::NAN, Rate::per_second);
    for rate in rates {
        table.add_row([
            rate.what.clone(),
            rate.settings.clone(),
            rate.jobs.to_string(),
            format!("{:.2}", rate.seconds),
            format!("{:.0}", rate.per_second()),
            format!("{:.2}", rate.per_second() / first),
        ]);
    }
    table
}

/// Figures that aren't rates of jobs.
pub(crate) fn figures(figures: &[(String, String)]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(["what", "measured"]);
    for (what, measured) in figures {
        table.add_row([what, measured]);
    }
    table
}

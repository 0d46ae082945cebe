//! The terminal: language, headings, colours, tables.

use std::io::{Write, stdout};
use std::process::exit;

use calendar_publish::message::{
    Formatter, Lang, MessageContext, Tone, error_text, finding_text, tile_label,
};
use calendar_publish::model::{
    CalendarEntry, Channel, Finding, ReadinessState, Tile, Timestamp, Zone,
};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use console::{Style, Term, style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::Arguments;

/// Where the tour is shown, if it is shown at all.
pub(crate) struct Screen {
    pub(crate) lang: Lang,
    zone: Zone,
    silent: bool,
    width: u16,
}

impl Screen {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let terminal = Term::stdout();
        // Without a terminal there is no width to ask for.
        let columns = match terminal.is_term() {
            true => terminal.size().1,
            false => 110,
        };
        Self {
            lang: arguments.lang,
            zone: arguments.zone,
            silent: arguments.json,
            width: columns.clamp(80, 140),
        }
    }

    /// The text in the reader's language.
    pub(crate) fn say<'a>(&self, es: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Es => es,
            Lang::En => en,
        }
    }

    /// Whether nothing is shown, because a program reads.
    pub(crate) const fn is_silent(&self) -> bool {
        self.silent
    }

    pub(crate) fn heading(&self, number: u32, title: &str) {
        self.line("");
        self.line(&style(format!("{number}. {title}")).bold().to_string());
        self.line(&style("─".repeat(usize::from(self.width))).dim().to_string());
    }

    pub(crate) fn line(&self, text: &str) {
        if !self.silent && writeln!(stdout(), "{text}").is_err() {
            // Whoever read this has read enough.
            exit(0);
        }
    }

    /// A line of lesser weight.
    pub(crate) fn aside(&self, text: &str) {
        self.line(&style(text).dim().to_string());
    }

    /// A table without frame, as wide as the terminal, whose columns at most take so many characters.
    pub(crate) fn table(&self, rows: Vec<Vec<String>>, widths: &[Option<u16>]) {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(self.width);
        for row in rows {
            table.add_row(row);
        }
        for (column, width) in table.column_iter_mut().zip(widths) {
            column.set_padding((0, 2));
            if let Some(width) = width {
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(*width)));
            }
        }
        self.line(&table.to_string());
    }

    pub(crate) fn progress(&self) -> ProgressBar {
        let target = match self.silent {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(look) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(look);
        }
        bar
    }

    pub(crate) fn formatter(&self, zone: Zone) -> Formatter {
        Formatter::new(self.lang, zone)
    }

    pub(crate) fn instant(&self, at: Timestamp) -> String {
        self.formatter(self.zone).instant(at)
    }

    /// A tile's badge, in the colour the host gives it.
    pub(crate) fn badge(&self, tile: Tile) -> String {
        let badge = tile_label(tile, self.lang);
        let colour = match badge.tone {
            Tone::Success => Style::new().green(),
            Tone::Warning => Style::new().yellow(),
            Tone::Error => Style::new().red(),
            Tone::Amber => Style::new().yellow().bold(),
            Tone::Neutral => Style::new().cyan(),
        };
        colour.apply_to(format!("● {}", badge.label)).to_string()
    }

    /// A readiness by the name of the tile it gives.
    pub(crate) fn state(&self, state: ReadinessState) -> String {
        self.badge(match state {
            ReadinessState::Ready => Tile::Ready,
            ReadinessState::MissingMedia => Tile::MissingMedia,
            ReadinessState::TokenExpired => Tile::TokenExpired,
            ReadinessState::FailedRetry => Tile::FailedRetry,
            ReadinessState::Published => Tile::Published,
            ReadinessState::NeedsAttention => Tile::NeedsAttention,
        })
    }

    /// What a finding says about an entry, and what to do.
    pub(crate) fn finding(&self, finding: &Finding, entry: &CalendarEntry) -> (String, String) {
        self.finding_on(finding, Some(entry.piece.channel))
    }

    /// The same, where only the channel is known, or not even that.
    pub(crate) fn finding_on(
        &self,
        finding: &Finding,
        channel: Option<Channel>,
    ) -> (String, String) {
        let context = MessageContext {
            channel,
            zone: Some(self.zone),
            field: None,
        };
        let text = finding_text(finding, self.lang, &context);
        (text.message, text.action)
    }

    pub(crate) fn error(&self, error: &calendar_publish::Error) -> String {
        let text = error_text(error, self.lang, &MessageContext::default());
        format!("{} {}", text.message, text.action)
    }

    /// The end of a tour that couldn't be completed.
    pub(crate) fn failure(&self, error: &anyhow::Error) {
        let ours = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<calendar_publish::Error>());
        if let Some(ours) = ours {
            eprintln!("{}", self.error(ours));
        }
        eprintln!("{}: {error:#}", style("error").red().bold());
    }
}

/// Foreign text for a terminal: without control characters, which could move the cursor, and without
/// those that turn the direction of what follows.
pub(super) fn plain(text: &str) -> String {
    let turns = |letter| matches!(letter, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|letter| !letter.is_control() && !turns(*letter))
        .collect()
}

//! A progress bar for each upload.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use calendar_publish::model::JobId;
use calendar_publish_adapters::tiktok::UploadObserver;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Bars by job, each with its post's title.
pub(super) struct Bars {
    titles: HashMap<JobId, String>,
    group: MultiProgress,
    bars: Mutex<HashMap<JobId, ProgressBar>>,
}

impl Bars {
    pub(super) fn new(titles: HashMap<JobId, String>, silent: bool) -> Self {
        let target = match silent {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        Self {
            titles,
            group: MultiProgress::with_draw_target(target),
            bars: Mutex::default(),
        }
    }

    fn bar(&self, job: JobId, total: u64) -> ProgressBar {
        let bar = self.group.add(ProgressBar::new(total));
        let look = "{bar:30} {bytes:>10}/{total_bytes:<10} {bytes_per_sec:>12} {wide_msg}";
        if let Ok(look) = ProgressStyle::with_template(look) {
            bar.set_style(look);
        }
        bar.set_message(self.titles.get(&job).cloned().unwrap_or_default());
        bar
    }
}

impl UploadObserver for Bars {
    fn confirmed(&self, job_id: JobId, bytes: u64, total: u64) {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bars
            .entry(job_id)
            .or_insert_with(|| self.bar(job_id, total));
        bar.set_position(bytes);
        if bytes >= total {
            bar.finish();
        }
    }
}

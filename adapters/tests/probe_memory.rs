//! Measuring a video of 4 GB takes no more memory than measuring a small one.
//!
//! The allocator counts for the whole process, so this file is one test of its own.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::alloc::System;

use calendar_publish_adapters::probe::probe;
use futures_executor::block_on;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[allow(dead_code)]
#[path = "probe/sparse.rs"]
mod sparse;
#[allow(dead_code)]
#[path = "probe/tools.rs"]
mod tools;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Everything that is allocated, whether or not it is given back in between.
const ALLOWED_BYTES: usize = 2 * 1024 * 1024;

#[test]
fn a_video_of_4_gb_takes_the_memory_of_a_few_reads() {
    let arguments = "{picture} {sound} -c:v libx264 -c:a aac";
    let file = sparse::huge(&tools::make("memory.mp4", arguments));
    let region = Region::new(ALLOCATOR);
    let facts = block_on(probe(&file, "https://cdn.example/memory.mp4")).unwrap();
    let allocated = region.change().bytes_allocated;
    assert_eq!(facts.size_bytes, Some(file.total));
    assert_eq!(facts.video_codec.as_deref(), Some("h264"));
    assert!(allocated > 0, "nothing was counted");
    assert!(
        allocated < ALLOWED_BYTES,
        "{allocated} bytes were allocated"
    );
}

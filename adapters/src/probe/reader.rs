//! Bounded reads: a window that moves over the file.

use calendar_publish::ports::{MediaError, MediaRange, MediaSource};

use super::ProbeError;

/// The most bytes asked for in one read.
pub const MAX_READ: u64 = 256 * 1_024;

/// The most bytes held at once: the largest single table of a video's index that is read.
pub(super) const MAX_HELD: u64 = 4 * 1_024 * 1_024;

/// The most reads of one file. Videos in thousands of fragments and hostile files would go on for ever.
const MAX_READS: u32 = 256;

/// What a read brings along, so that the headers after it need no reads of their own.
const AHEAD: u64 = 64 * 1_024;

pub(super) struct Reader<'a> {
    from: From<'a>,
    total: Option<u64>,
    window: Vec<u8>,
    start: u64,
    reads: u32,
}

enum From<'a> {
    Bytes(&'a [u8]),
    Source(&'a dyn MediaSource, &'a str),
}

impl<'a> Reader<'a> {
    pub(super) fn of_bytes(head: &'a [u8], total: Option<u64>) -> Self {
        Self {
            from: From::Bytes(head),
            // There can't be fewer bytes than are in hand.
            total: total.map(|total| total.max(head.len() as u64)),
            window: Vec::new(),
            start: 0,
            reads: 0,
        }
    }

    pub(super) fn of_source(source: &'a dyn MediaSource, url: &'a str) -> Self {
        Self {
            from: From::Source(source, url),
            total: None,
            window: Vec::new(),
            start: 0,
            reads: 0,
        }
    }

    /// The file's size, once it is known.
    pub(super) const fn total(&self) -> Option<u64> {
        self.total
    }

    /// How many reads there were.
    pub(super) const fn reads(&self) -> u32 {
        self.reads
    }

    /// The first bytes, as many as there are in hand or come with one read; at most `length`.
    pub(super) async fn first(&mut self, length: u64) -> Result<&[u8], ProbeError> {
        if let From::Bytes(head) = self.from
            && !head.is_empty()
        {
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            return Ok(head.get(..length).unwrap_or(head));
        }
        self.up_to(0, length).await
    }

    /// Exactly `length` bytes from `offset` on.
    pub(super) async fn exactly(&mut self, offset: u64, length: u64) -> Result<&[u8], ProbeError> {
        let total = self.total;
        let bytes = self.up_to(offset, length).await?;
        if (bytes.len() as u64) < length {
            let actual = total.unwrap_or(offset.saturating_add(bytes.len() as u64));
            return Err(ProbeError::CutOff {
                expected: offset.saturating_add(length),
                actual,
            });
        }
        Ok(bytes)
    }

    /// At most `length` bytes from `offset` on; fewer only where the file ends.
    pub(super) async fn up_to(&mut self, offset: u64, length: u64) -> Result<&[u8], ProbeError> {
        let length = length.min(MAX_HELD);
        match self.from {
            From::Bytes(head) => match part(head, 0, offset, length) {
                Some(bytes) => Ok(bytes),
                None if self.ends_within(offset, length, head.len() as u64) => {
                    Ok(usize::try_from(offset)
                        .ok()
                        .and_then(|offset| head.get(offset..))
                        .unwrap_or_default())
                }
                None => Err(ProbeError::NeedsMore { offset, length }),
            },
            From::Source(source, url) => {
                let held = self.window.len() as u64;
                if part(&self.window, self.start, offset, length).is_none()
                    && !(self.start <= offset
                        && self.ends_within(offset, length, self.start + held))
                {
                    self.load(source, url, offset, length.max(AHEAD)).await?;
                }
                let from = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
                let bytes = self.window.get(from..).unwrap_or_default();
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Ok(bytes.get(..length).unwrap_or(bytes))
            }
        }
    }

    /// Whether the file ends before `offset + length`, and what is held reaches to that end.
    fn ends_within(&self, offset: u64, length: u64, held_to: u64) -> bool {
        self.total
            .is_some_and(|total| offset.saturating_add(length) > total && held_to >= total)
            || self.total.is_some_and(|total| offset >= total)
    }

    /// Moves the window to `offset`.
    async fn load(
        &mut self,
        source: &dyn MediaSource,
        url: &str,
        offset: u64,
        length: u64,
    ) -> Result<(), ProbeError> {
        self.window = Vec::new();
        self.start = offset;
        loop {
            let at = offset + self.window.len() as u64;
            let wanted = (length - self.window.len() as u64).min(MAX_READ).min(
                self.total
                    .map_or(u64::MAX, |total| total.saturating_sub(at)),
            );
            if wanted == 0 {
                return Ok(());
            }
            if self.reads >= MAX_READS {
                return Err(ProbeError::Damaged {
                    mime_type: "application/octet-stream",
                    reason: "it is scattered over too many places",
                });
            }
            self.reads += 1;
            let range = MediaRange {
                url: url.to_owned(),
                offset: at,
                length: wanted,
            };
            let mut chunk = source.read(range).await?;
            if *self.total.get_or_insert(chunk.total_bytes) != chunk.total_bytes {
                return Err(unavailable("the file changed while it was read"));
            }
            // A server that ignores ranges would send the whole file.
            chunk
                .bytes
                .truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
            if chunk.bytes.is_empty() {
                if at < chunk.total_bytes {
                    return Err(unavailable("it answered without bytes before the end"));
                }
                return Ok(());
            }
            self.window.append(&mut chunk.bytes);
        }
    }
}

fn unavailable(reason: &str) -> ProbeError {
    ProbeError::Source(MediaError::Unavailable {
        reason: reason.to_owned(),
    })
}

/// `length` bytes from the file's `offset` on, where `bytes` begins at `start`.
fn part(bytes: &[u8], start: u64, offset: u64, length: u64) -> Option<&[u8]> {
    let from = usize::try_from(offset.checked_sub(start)?).ok()?;
    let to = from.checked_add(usize::try_from(length).ok()?)?;
    bytes.get(from..to)
}

//! From box to box.

use crate::probe::ProbeError;
use crate::probe::reader::Reader;

/// The most boxes beside each other. A film in fragments has two for each, some thousand an hour.
const MAX_BOXES: u32 = 16_384;

/// A box: its kind and where its content lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    pub(super) length: u64,
}

/// The boxes of a file, or of a box, in their order.
pub(super) struct Walk {
    at: u64,
    end: Option<u64>,
    passed: u32,
}

impl Walk {
    pub(super) const fn over_file() -> Self {
        Self {
            at: 0,
            end: None,
            passed: 0,
        }
    }

    pub(super) const fn inside(part: Part) -> Self {
        Self {
            at: part.start,
            end: Some(part.start.saturating_add(part.length)),
            passed: 0,
        }
    }

    /// The next box. In a file, one that reaches beyond its end is an error; in a box, what doesn't fit
    /// ends the walk: writers leave padding.
    pub(super) async fn next(
        &mut self,
        reader: &mut Reader<'_>,
    ) -> Result<Option<Part>, ProbeError> {
        let file = self.end.is_none();
        let end = self.end.or(reader.total());
        // Where no end is known, nothing may reach beyond what a number can say.
        let left = end.unwrap_or(u64::MAX).saturating_sub(self.at);
        if left < 8 || self.passed >= MAX_BOXES {
            return Ok(None);
        }
        self.passed += 1;
        let header = reader.up_to(self.at, left.min(16)).await?;
        let Some(header) = Header::read(header, left) else {
            return Ok(None);
        };
        if header.size > left {
            return match reader.total() {
                Some(actual) if file => Err(ProbeError::CutOff {
                    expected: self.at.saturating_add(header.size),
                    actual,
                }),
                _ => Ok(None),
            };
        }
        let part = Part {
            kind: header.kind,
            start: self.at + header.length,
            length: header.size - header.length,
        };
        self.at += header.size;
        Ok(Some(part))
    }
}

struct Header {
    kind: [u8; 4],
    /// The header's own length.
    length: u64,
    /// The whole box's.
    size: u64,
}

impl Header {
    fn read(bytes: &[u8], left: u64) -> Option<Self> {
        let size = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
        let kind = bytes.get(4..8)?.try_into().ok()?;
        let (length, size) = match size {
            0 => (8, left),
            1 => (16, u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)),
            size => (8, u64::from(size)),
        };
        (size >= length).then_some(Self { kind, length, size })
    }
}

//! MP4 and MOV: the index (`moov`), wherever it stands, and of it only the tables that say something.
//!
//! Walking from box to box is done here, by ranged reads that skip the data and the tables of places. What
//! the tables mean is read by `mp4-atom`, box by box, so that one odd box costs one fact and not the file.

mod boxes;
mod edits;
mod fragments;
mod index;
mod sample_entry;
mod track;

use calendar_publish::model::MediaKind;

use self::boxes::Walk;
use self::index::Index;
use super::facts::shown;
use super::reader::Reader;
use super::{MediaFacts, ProbeError};

/// Measures a film whose brands say `mime_type`.
pub(super) async fn measure(
    reader: &mut Reader<'_>,
    mime_type: &'static str,
) -> Result<MediaFacts, ProbeError> {
    let damaged = |reason| ProbeError::Damaged { mime_type, reason };
    let mut walk = Walk::over_file();
    let mut data_seen = false;
    let mut index = loop {
        let part = walk.next(reader).await?;
        let part = part.ok_or_else(|| damaged("it has no index"))?;
        match &part.kind {
            b"moov" => break Index::read(reader, part).await?,
            b"mdat" | b"moof" => data_seen = true,
            _ => {}
        }
    };
    let moov_first = !data_seen;
    if moov_first {
        look_behind(reader, &mut walk, &mut index).await?;
    }
    Ok(facts(&index, mime_type, moov_first))
}

/// Looks behind an index that comes first: fragments say how long the film is, and the data may have been
/// cut off. Who has only the first bytes needn't have these.
async fn look_behind(
    reader: &mut Reader<'_>,
    walk: &mut Walk,
    index: &mut Index,
) -> Result<(), ProbeError> {
    loop {
        let part = match walk.next(reader).await {
            Err(ProbeError::NeedsMore { .. }) | Ok(None) => return Ok(()),
            Err(error) => return Err(error),
            Ok(Some(part)) => part,
        };
        if index.fragments.is_some() {
            return fragments::read(reader, walk, part, index).await;
        }
        if &part.kind == b"mdat" {
            return Ok(());
        }
    }
}

fn facts(index: &Index, mime_type: &'static str, moov_first: bool) -> MediaFacts {
    let (video, audio) = (index.video(), index.audio());
    let Some(video) = video else {
        let mime_type = match mime_type {
            "video/mp4" => "audio/mp4",
            other => other,
        };
        return MediaFacts::recognised(None, mime_type);
    };
    let size = video.size().map(|stored| shown(stored, video.rotation));
    MediaFacts {
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        rotation: video.rotation,
        duration_ms: index.duration_ms(),
        frame_rate: video.frame_rate(),
        video_codec: video.codec(),
        audio_codec: audio.and_then(|audio| audio.codec()),
        audio_sample_rate: audio.and_then(|audio| audio.entry.sample_rate),
        audio_channels: audio.and_then(|audio| audio.entry.channels),
        moov_first: Some(moov_first),
        edit_list: index.edited(),
        measured: true,
        ..MediaFacts::recognised(Some(MediaKind::Video), mime_type)
    }
}

//! MP4 and MOV: the index (`moov`), wherever it stands, and of it only the tables that say something.
//!
//! Walking from box to box is done here, by ranged reads that skip the data and the tables of places. What
//! the tables mean is read by `mp4-atom`, box by box, so that one odd box costs one fact and not the file.

mod boxes;
mod edits;
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
    let mut found = None;
    while let Some(part) = walk.next(reader).await? {
        match &part.kind {
            b"moov" if found.is_none() => {
                found = Some((part, !data_seen));
                // Where the data came first, everything that can be cut off has been passed.
                if data_seen {
                    break;
                }
            }
            b"mdat" | b"moof" => {
                data_seen = true;
                if found.is_some() {
                    break;
                }
            }
            _ => {}
        }
    }
    let (moov, moov_first) = found.ok_or_else(|| damaged("it has no index"))?;
    let index = Index::read(reader, moov).await?;
    Ok(facts(&index, mime_type, moov_first))
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

//! What TikTok checks once it has the bytes: each check has its reason.

use std::process::Command;

use calendar_publish_simulators::ShelvedFile;
use calendar_publish_simulators::sample::{Film, UPRIGHT, jpeg};
use serde_json::{Value, json};

use crate::desk::{BAKER, Desk};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.tiktok.knobs(|knobs| knobs.checks_media = true);
    desk
}

/// How a video ends: posted, or why not.
fn end_of(desk: &Desk, video: &[u8]) -> String {
    let id = desk.post_video(video);
    let before = desk.tiktok.posts().len();
    desk.pass(60);
    end(desk, &id, before)
}

fn end(desk: &Desk, id: &str, before: usize) -> String {
    let data = desk.status(id).body["data"].clone();
    let is_out = desk.tiktok.posts().len() > before;
    assert_eq!(is_out, data["status"] == "PUBLISH_COMPLETE", "{data}");
    let Value::String(reason) = data["fail_reason"].clone() else {
        return String::new();
    };
    reason
}

#[test]
fn videos_are_judged_by_format_length_rate_and_size() {
    for (film, expected) in [
        (UPRIGHT, ""),
        (
            Film {
                rate: 23,
                ..UPRIGHT
            },
            "",
        ),
        (
            Film {
                rate: 22,
                ..UPRIGHT
            },
            "frame_rate_check_failed",
        ),
        (
            Film {
                rate: 70,
                ..UPRIGHT
            },
            "frame_rate_check_failed",
        ),
        (
            Film {
                width: 360,
                height: 4096,
                ..UPRIGHT
            },
            "",
        ),
        (
            Film {
                width: 358,
                ..UPRIGHT
            },
            "picture_size_check_failed",
        ),
        (
            Film {
                height: 4098,
                ..UPRIGHT
            },
            "picture_size_check_failed",
        ),
        (
            Film {
                seconds: 600,
                ..UPRIGHT
            },
            "",
        ),
        (
            Film {
                seconds: 601,
                ..UPRIGHT
            },
            "duration_check_failed",
        ),
        (
            Film {
                codec: *b"av01",
                ..UPRIGHT
            },
            "file_format_check_failed",
        ),
    ] {
        assert_eq!(end_of(&desk(), &film.mp4()), expected, "{film:?}");
    }
    assert_eq!(end_of(&desk(), b"no video"), "file_format_check_failed");
    assert_eq!(
        end_of(&desk(), &jpeg(1080, 1080)),
        "file_format_check_failed"
    );
    let desk = desk();
    desk.tiktok
        .update_creator(BAKER, |creator| creator.max_video_seconds = 180);
    let film = |seconds| Film { seconds, ..UPRIGHT }.mp4();
    assert_eq!(end_of(&desk, &film(180)), "");
    assert_eq!(end_of(&desk, &film(181)), "duration_check_failed");
}

#[test]
fn a_video_filled_up_with_zeros_is_still_a_video() {
    let desk = desk();
    let url = "https://host.example/v.mp4";
    let film = ShelvedFile::new("video/mp4", UPRIGHT.mp4());
    desk.shelf.put(url, film.padded_to(30_000_000));
    let source = json!({ "source": "PULL_FROM_URL", "video_url": url });
    let id = desk.video_init(source).publish_id();
    desk.pass(60);
    assert_eq!(end(&desk, &id, 0), "");
}

#[test]
fn photos_are_judged_by_format_and_size_and_one_spoils_all() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x02\0\x08\x02\0\0\0\0\0\0\0";
    for (photo, expected) in [
        (jpeg(1080, 1920), ""),
        (jpeg(1920, 1080), ""),
        // Seen to pass, and seen to fail.
        (jpeg(941, 1672), ""),
        (jpeg(1086, 1448), "picture_size_check_failed"),
        (jpeg(1254, 1254), "picture_size_check_failed"),
        (png.to_vec(), "file_format_check_failed"),
        (UPRIGHT.mp4(), "file_format_check_failed"),
    ] {
        let desk = desk();
        let urls = ["https://host.example/1.jpg", "https://host.example/2.jpg"];
        desk.shelf
            .put(urls[0], ShelvedFile::new("image/jpeg", jpeg(1080, 1080)));
        desk.shelf
            .put(urls[1], ShelvedFile::new("image/jpeg", photo));
        let init = desk.post(
            "/v2/post/publish/content/init/",
            &json!({
                "media_type": "PHOTO", "post_mode": "DIRECT_POST",
                "post_info": { "privacy_level": "SELF_ONLY" },
                "source_info": { "source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": urls }
            }),
        );
        desk.pass(60);
        assert_eq!(end(&desk, &init.publish_id(), 0), expected);
    }
}

#[test]
fn a_photo_over_20_mb_is_refused() {
    let desk = desk();
    let url = "https://host.example/1.jpg";
    let photo = ShelvedFile::new("image/jpeg", jpeg(1080, 1080));
    desk.shelf.put(url, photo.padded_to(20_000_001));
    let init = desk.post(
        "/v2/post/publish/content/init/",
        &json!({
            "media_type": "PHOTO", "post_mode": "DIRECT_POST",
            "post_info": { "privacy_level": "SELF_ONLY" },
            "source_info": { "source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": [url] }
        }),
    );
    desk.pass(60);
    assert_eq!(
        end(&desk, &init.publish_id(), 0),
        "file_format_check_failed"
    );
}

#[test]
fn real_videos_are_judged_wherever_their_index_stands() {
    let folder = tempfile::tempdir().unwrap();
    for (size, flags, expected) in [
        ("640x360", "", ""),
        ("640x360", "-movflags +faststart", ""),
        ("640x358", "", "picture_size_check_failed"),
        (
            "640x358",
            "-movflags +faststart",
            "picture_size_check_failed",
        ),
    ] {
        let file = folder.path().join("film.mp4");
        // Noise doesn't compress: the file is larger than what is kept of it, and the index stands at one of its ends.
        let source = format!("color=gray:size={size}:rate=30:duration=1,noise=alls=100:allf=t+u");
        let output = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-y", "-f", "lavfi", "-i", &source])
            .args([
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-qp",
                "10",
                "-pix_fmt",
                "yuv420p",
            ])
            .args(flags.split_whitespace())
            .arg(&file)
            .output()
            .unwrap_or_else(|error| panic!("ffmpeg: {error}; apt-get install -y ffmpeg"));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let video = std::fs::read(&file).unwrap();
        assert!(video.len() > 5 << 20, "{}", video.len());
        assert_eq!(end_of(&desk(), &video), expected, "{size} {flags}");
    }
}

//! Small media files that hold what a platform looks at, and no picture: for tests that need an image of a size or
//! a video of a length.

/// A baseline JPEG of that size, as far as its frame header.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let [w1, w2] = width.to_be_bytes();
    let [h1, h2] = height.to_be_bytes();
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    bytes.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    bytes.extend([0xFF, 0xC0, 0, 17, 8, h1, h2, w1, w2, 3]);
    bytes.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

/// A video without sound: its index is whole, its data are zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Film {
    /// Pixels from left to right.
    pub width: u16,
    /// Pixels from top to bottom.
    pub height: u16,
    /// How long it runs.
    pub seconds: u32,
    /// Frames per second.
    pub rate: u32,
    /// `avc1` is H.264.
    pub codec: [u8; 4],
}

/// An upright video of ten seconds, as phones make it.
pub const UPRIGHT: Film = Film {
    width: 1080,
    height: 1920,
    seconds: 10,
    rate: 30,
    codec: *b"avc1",
};

impl Film {
    /// The file (ISO 14496-12), its index first.
    pub fn mp4(self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
        let moov = boxed(b"moov", &[self.mvhd(), self.trak()].concat());
        [ftyp, moov, boxed(b"mdat", &[0; 4096])].concat()
    }

    /// Units of a thousandth of a second.
    fn duration(self) -> [u8; 4] {
        (self.seconds * 1000).to_be_bytes()
    }

    fn mvhd(self) -> Vec<u8> {
        let mut body = [
            [0; 4],
            [0; 4],
            [0; 4],
            1000_u32.to_be_bytes(),
            self.duration(),
        ]
        .concat();
        body.extend([0, 1, 0, 0, 1, 0]);
        body.extend([0; 10]);
        body.extend(matrix());
        body.extend([0; 24]);
        body.extend(2_u32.to_be_bytes());
        boxed(b"mvhd", &body)
    }

    fn trak(self) -> Vec<u8> {
        let mut tkhd = [
            [0, 0, 0, 3],
            [0; 4],
            [0; 4],
            [0, 0, 0, 1],
            [0; 4],
            self.duration(),
        ]
        .concat();
        tkhd.extend([0; 16]);
        tkhd.extend(matrix());
        for side in [self.width, self.height] {
            tkhd.extend((u32::from(side) << 16).to_be_bytes());
        }
        let mdhd = [
            [0; 4],
            [0; 4],
            [0; 4],
            self.rate.to_be_bytes(),
            (self.seconds * self.rate).to_be_bytes(),
            [0x55, 0xC4, 0, 0],
        ];
        let hdlr = [&[0; 8], &b"vide"[..], &[0; 12], b"film\0"].concat();
        let mdia = [
            boxed(b"mdhd", &mdhd.concat()),
            boxed(b"hdlr", &hdlr),
            boxed(b"minf", &self.minf()),
        ];
        let parts = [boxed(b"tkhd", &tkhd), boxed(b"mdia", &mdia.concat())];
        boxed(b"trak", &parts.concat())
    }

    fn minf(self) -> Vec<u8> {
        let vmhd = boxed(b"vmhd", &[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        let url = boxed(b"url ", &[0, 0, 0, 1]);
        let dref = boxed(b"dref", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &url].concat());
        let frames = self.seconds * self.rate;
        let numbers = |numbers: &[u32]| {
            let words = numbers.iter().flat_map(|number| number.to_be_bytes());
            words.collect::<Vec<u8>>()
        };
        let stbl = [
            boxed(
                b"stsd",
                &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &self.sample_entry()].concat(),
            ),
            boxed(b"stts", &numbers(&[0, 1, frames, 1])),
            boxed(b"stsc", &numbers(&[0, 1, 1, frames, 1])),
            boxed(b"stsz", &numbers(&[0, 1, frames])),
            boxed(b"stco", &numbers(&[0, 1, 0])),
        ];
        [vmhd, boxed(b"dinf", &dref), boxed(b"stbl", &stbl.concat())].concat()
    }

    fn sample_entry(self) -> Vec<u8> {
        let mut body = vec![0, 0, 0, 0, 0, 0, 0, 1];
        body.extend([0; 16]);
        body.extend(self.width.to_be_bytes());
        body.extend(self.height.to_be_bytes());
        body.extend([0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1]);
        body.extend([0; 32]);
        body.extend([0, 0x18, 0xFF, 0xFF]);
        let avc = [
            1, 0x42, 0xC0, 30, 0xFF, 0xE1, 0, 4, 0x67, 0x42, 0xC0, 30, 1, 0, 2, 0x68, 0xCE,
        ];
        body.extend(boxed(b"avcC", &avc));
        boxed(&self.codec, &body)
    }
}

fn matrix() -> Vec<u8> {
    [0x1_0000_u32, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000]
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .collect()
}

fn boxed(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 8).to_be_bytes();
    [&length[..], name, body].concat()
}

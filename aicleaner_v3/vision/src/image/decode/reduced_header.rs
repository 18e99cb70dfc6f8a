//! The headers of the one kind of JPEG that cameras send: baseline, in one scan (ITU-T T.81, annex B). Must never
//! accept what the reduced decoder can't decode.

use super::huffman::Huffman;
use super::markers::{next_marker, segment};

/// One colour component: Y, Cb or Cr.
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks in one MCU, across and down.
    pub(super) across: usize,
    pub(super) down: usize,
    pub(super) quantization: usize,
    pub(super) dc: usize,
    pub(super) ac: usize,
}

/// All that stands before the scan's data.
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<Component>,
    /// MCUs between two restart markers; 0 is none.
    pub(super) restart: usize,
    /// In the order in which they come.
    pub(super) quantization: [Option<[i32; 64]>; 4],
    pub(super) dc: [Option<Huffman>; 4],
    pub(super) ac: [Option<Huffman>; 4],
    /// Where the data begins.
    pub(super) data: usize,
}

impl Header {
    /// None for every other kind of JPEG, and for a damaged header: the full decoder reads these, and says what is
    /// wrong.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut header = Self {
            width: 0,
            height: 0,
            components: Vec::new(),
            restart: 0,
            quantization: [None; 4],
            dc: [const { None }; 4],
            ac: [const { None }; 4],
            data: 0,
        };
        let mut at = 2;
        loop {
            let (marker, after) = next_marker(bytes, at)?;
            if bytes[at..after - 1].iter().any(|&byte| byte != 0xFF) {
                return None;
            }
            let body = segment(bytes, after).ok()?;
            at = after + 2 + body.len();
            match marker {
                0xC0 | 0xC1 => header.read_frame(body)?,
                0xC4 => header.read_huffman(body)?,
                0xDB => header.read_quantization(body)?,
                0xDD => header.restart = u16::from_be_bytes(*body.first_chunk()?).into(),
                // Adobe's note that the colours are not what they usually are.
                0xEE if body.starts_with(b"Adobe") && body.get(11) != Some(&1) => return None,
                0xE0..=0xEF | 0xFE => {}
                0xDA => {
                    header.read_scan(body)?;
                    header.data = at;
                    return Some(header);
                }
                _ => return None,
            }
        }
    }

    fn read_frame(&mut self, body: &[u8]) -> Option<()> {
        let (&[precision, h1, h0, w1, w0, count], components) = body.split_first_chunk()?;
        let is_usual = precision == 8 && (count == 1 || count == 3) && self.components.is_empty();
        if !is_usual || components.len() != usize::from(count) * 3 {
            return None;
        }
        (self.width, self.height) = (
            u16::from_be_bytes([w1, w0]).into(),
            u16::from_be_bytes([h1, h0]).into(),
        );
        for component in components.chunks_exact(3) {
            let factors = [component[1] >> 4, component[1] & 0x0F];
            // A scan of one component has MCUs of one block, whatever its factors say (T.81, A.2.2).
            let [across, down] = if count == 1 { [1, 1] } else { factors };
            self.components.push(Component {
                id: component[0],
                across: across.into(),
                down: down.into(),
                quantization: component[2].into(),
                dc: 0,
                ac: 0,
            });
        }
        let (first, others) = self.components.split_first()?;
        let fits = |own: usize, most: usize| [1, 2, 4].contains(&own) && most.is_multiple_of(own);
        let is_rgb = self.components.iter().map(|c| c.id).eq(*b"RGB");
        let is_usual = fits(first.across, first.across)
            && fits(first.down, first.down)
            && others
                .iter()
                .all(|c| fits(c.across, first.across) && fits(c.down, first.down))
            && others.windows(2).all(|two| two[0].across == two[1].across);
        (is_usual && !is_rgb && self.width > 0 && self.height > 0).then_some(())
    }

    fn read_quantization(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let bytes = if kind >> 4 == 0 { 1 } else { 2 };
            let (values, rest) = rest.split_at_checked(64 * bytes)?;
            let mut table = [0; 64];
            for (value, bytes) in table.iter_mut().zip(values.chunks_exact(bytes)) {
                *value = bytes.iter().fold(0, |value, &b| value << 8 | i32::from(b));
            }
            *self.quantization.get_mut(usize::from(kind & 0x0F))? = Some(table);
            body = rest;
        }
        Some(())
    }

    fn read_huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let length = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(length)?;
            let tables = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *tables.get_mut(usize::from(kind & 0x0F))? = Some(Huffman::new(counts, symbols)?);
            body = rest;
        }
        Some(())
    }

    fn read_scan(&mut self, body: &[u8]) -> Option<()> {
        let (&count, rest) = body.split_first()?;
        let (components, frequencies) = rest.split_at_checked(usize::from(count) * 2)?;
        if self.components.is_empty()
            || self.components.len() != usize::from(count)
            || frequencies != [0, 63, 0]
        {
            return None;
        }
        for (component, scan) in self.components.iter_mut().zip(components.chunks_exact(2)) {
            if component.id != scan[0] {
                return None;
            }
            (component.dc, component.ac) = ((scan[1] >> 4).into(), (scan[1] & 0x0F).into());
            self.quantization.get(component.quantization)?.as_ref()?;
            self.dc.get(component.dc)?.as_ref()?;
            self.ac.get(component.ac)?.as_ref()?;
        }
        Some(())
    }
}

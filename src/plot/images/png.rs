//! A figure as pixels.

use ::png::{BitDepth, ColorType, Compression, Encoder, EncodingError, FilterType, PixelDimensions, Unit};
use resvg::tiny_skia::{Pixmap, Transform};

use super::tree::tree;
use crate::error::{Error, Problem};
use crate::format::grouped;
use crate::plot::figure::{Colour, Figure};

/// CSS pixels, in which figures are measured, that make an inch.
const CSS_PER_INCH: f64 = 96.0;
/// The most pixels of a figure: they take four bytes each while it is drawn.
const MOST_PIXELS: f64 = 2e8;
const METRES_PER_INCH: f64 = 0.0254;

/// The figure with this many pixels an inch, which the file states too.
pub(in crate::plot) fn png(figure: &Figure, dpi: u32) -> Result<Vec<u8>, Error> {
    let tree = tree(figure)?;
    let scale = f64::from(dpi) / CSS_PER_INCH;
    let [width, height] = [figure.width, figure.height].map(|length| (length * figure.unit * scale).ceil());
    if width * height > MOST_PIXELS {
        return Err(too_large(width, height, dpi));
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(|| too_large(width, height, dpi))?;
    // What a last pixel that is not whole shows of what lies behind the figure.
    let Colour(red, green, blue) = figure.paper;
    pixels.fill(resvg::tiny_skia::Color::from_rgba8(red, green, blue, 255));
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    encoded(&pixels, dpi)
        .map_err(|error| Error::usage(format!("the figure cannot be written as PNG: {error}")))
}

fn too_large(width: f64, height: f64, dpi: u32) -> Error {
    let [width, height, most] = [width, height, MOST_PIXELS].map(|number| grouped(number as u64));
    let what =
        format!("the figure has {width} × {height} pixels with {dpi} an inch; at most {most} are drawn");
    Error::Usage(vec![
        Problem::new(what).help("fewer dots an inch (--dpi), or a .pdf or .svg file, which have none"),
    ])
}

/// Red, green and blue: the paper covers everything, so nothing shows through.
fn encoded(pixels: &Pixmap, dpi: u32) -> Result<Vec<u8>, EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    // Most rows of pixels are the row above or one colour: as they are, they take a third of the bytes.
    encoder.set_filter(FilterType::NoFilter);
    encoder.set_compression(Compression::Best);
    let per_metre = (f64::from(dpi) / METRES_PER_INCH).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    let rgb: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(file)
}

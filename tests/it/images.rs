//! Figures as PNG and PDF: of the right size, with their fonts, the same bytes each time; and what a build without the
//! feature says.

use crate::common::program::Bench;
use metaprop::plot::figure::Figure;
use metaprop::{Dataset, Spec, fit};

fn figure() -> Figure {
    let data = [("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66), ("Delta 2004", 8, 18)];
    let data = Dataset::proportions(data).expect("counts");
    fit(&data, &Spec::default()).expect("a result").forest().title("Regrowth").figure()
}

#[test]
fn an_extension_that_is_not_drawn_is_refused_with_those_that_are() {
    let bench = Bench::with(&[]);
    for arguments in [&["pool", "counts.csv"][..], &["plot", "forest", "counts.csv"], &["bias", "counts.csv"]]
    {
        let said = bench.complains(2, &[arguments, &["-o", "x.gif"]].concat());
        assert!(said.contains("'.gif' is not a format that is written"), "{said}");
        assert!(said.contains("the extension decides: ") && said.contains(".svg .png .pdf"), "{said}");
    }
    let said = figure().save(bench.path().join("x.gif")).unwrap_err().to_string();
    assert!(said.contains("the extension decides: .svg .png .pdf"), "{said}");
}

#[cfg(not(feature = "images"))]
#[test]
fn a_build_without_the_feature_names_it_and_what_does_without() {
    let bench = Bench::with(&[]);
    for file in ["x.png", "x.pdf"] {
        let said = bench.complains(2, &["pool", "counts.csv", "-q", "-o", file]);
        for word in [file, "'images'", "cargo install metaprop --features images", ".svg"] {
            assert!(said.contains(word), "{said}");
        }
        assert!(!bench.path().join(file).exists());
    }
    assert!(figure().to_png(96).unwrap_err().to_string().contains("'images'"));
    assert!(figure().to_pdf().unwrap_err().to_string().contains("'images'"));
}

#[cfg(feature = "images")]
mod drawn {
    use super::{Bench, figure};
    use metaprop::plot::Theme;
    use metaprop::plot::figure::{Colour, Node};

    /// Width, height, red, green and blue of every pixel, and pixels a metre.
    fn decoded(file: &[u8]) -> (usize, usize, Vec<u8>, u32) {
        let mut reader = png::Decoder::new(file).read_info().expect("a PNG file");
        let info = reader.info();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        let resolution = info.pixel_dims.expect("a resolution");
        assert_eq!((resolution.xppu, resolution.unit), (resolution.yppu, png::Unit::Meter));
        let (width, height) = (info.width as usize, info.height as usize);
        let mut pixels = vec![0; reader.output_buffer_size()];
        reader.next_frame(&mut pixels).expect("pixels");
        (width, height, pixels, resolution.xppu)
    }

    #[test]
    fn a_png_file_has_the_size_and_the_resolution_that_were_asked_for_and_shows_the_figure() {
        let figure = figure();
        for (dpi, per_metre) in [(96, 3780), (150, 5906)] {
            let (width, height, pixels, stated) = decoded(&figure.to_png(dpi).expect("a PNG file"));
            let scale = f64::from(dpi) / 96.0;
            let size = [figure.width, figure.height].map(|length| (length * scale).ceil() as usize);
            assert_eq!(([width, height], stated), (size, per_metre));
            let at = |x: f64, y: f64| {
                let place = 3 * (width * (y * scale) as usize + (x * scale) as usize);
                Colour(pixels[place], pixels[place + 1], pixels[place + 2])
            };
            assert_eq!(at(1.0, 1.0), figure.paper);
            let mut squares = 0;
            figure.walk(&mut |node| match node {
                Node::Rect(area, ink) if *ink == Theme::DEFAULT.square && area.height > 6.0 => {
                    // Below the line of the interval.
                    let below = at(area.x + area.width / 2.0, area.y + area.height * 0.85);
                    assert_eq!(Some(below), ink.fill);
                    squares += 1;
                }
                _ => {}
            });
            assert_eq!(squares, 4);
        }
    }

    #[test]
    fn the_same_figure_gives_the_same_bytes_without_a_date() {
        let (png, pdf) = (figure().to_png(96).expect("a PNG file"), figure().to_pdf().expect("a PDF file"));
        assert!(png == figure().to_png(96).expect("a PNG file"));
        assert!(pdf == figure().to_pdf().expect("a PDF file"));
        let text = String::from_utf8_lossy(&pdf);
        for word in ["/CreationDate", "/ModDate", "xmp:CreateDate", "xmp:ModifyDate"] {
            assert!(!text.contains(word), "{word}");
        }
    }

    #[test]
    fn a_pdf_file_has_one_page_of_the_figures_size_and_both_fonts() {
        let figure = figure();
        let pdf = figure.to_pdf().expect("a PDF file");
        let text = String::from_utf8_lossy(&pdf);
        let size = format!("/MediaBox [0 0 {} {}]", 0.75 * figure.width, 0.75 * figure.height);
        assert!(text.starts_with("%PDF-") && text.contains(&size), "{size}");
        assert!(text.contains("/Count 1") && text.contains("Regrowth"));
        for font in ["+LiberationSans\n", "+LiberationSans-Bold\n"] {
            assert!(text.contains(font), "{font}");
        }
        assert_eq!(text.matches("/FontFile2").count(), 2);
    }

    #[test]
    fn dots_an_inch_have_bounds_and_so_have_pixels() {
        for dpi in [0, 9, 2401, u32::MAX] {
            let said = figure().to_png(dpi).unwrap_err().to_string();
            assert!(said.contains("from 10 to 2400"), "{said}");
        }
        let mut figure = figure();
        figure.height = 1e6;
        let said = figure.to_png(300).unwrap_err().to_string();
        assert!(said.contains("at most 200,000,000") && said.contains(".pdf"), "{said}");
    }

    #[test]
    fn every_command_with_a_figure_writes_it_as_png_and_pdf() {
        let series = "study,events,total,dose\nA,8,12,1\nB,9,13,2\nC,21,66,3\nD,8,18,4\nE,12,30,6\n";
        let bench = Bench::with(&[("series.csv", series)]);
        let files = ["-o", "x.png", "-o", "x.pdf", "-o", "x.svg", "--dpi", "30"];
        for arguments in [
            &["pool", "series.csv", "-q"][..],
            &["subgroup", "series.csv", "--subgroup", "dose", "-q"],
            &["plot", "funnel", "series.csv"],
            &["plot", "specification", "series.csv", "--measure", "logit", "--model", "random"],
            &["multiverse", "series.csv", "--measure", "logit", "--model", "random"],
            &["leave-one-out", "series.csv"],
            &["cumulative", "series.csv"],
            &["influence", "series.csv"],
            &["gosh", "series.csv"],
            &["regress", "series.csv", "--mods", "dose"],
            &["bias", "series.csv"],
        ] {
            bench.ends(0, &[arguments, &files].concat());
            let read = |name: &str| {
                let path = bench.path().join(name);
                let bytes = std::fs::read(&path).expect("a file");
                std::fs::remove_file(path).expect("a file");
                bytes
            };
            let (_, _, pixels, stated) = decoded(&read("x.png"));
            assert!(
                stated == 1181 && pixels.iter().any(|part| *part < 128),
                "{arguments:?}: nothing is drawn"
            );
            assert!(read("x.pdf").starts_with(b"%PDF-"), "{arguments:?}");
            assert!(read("x.svg").starts_with(b"<svg "), "{arguments:?}");
        }
    }

    #[test]
    fn three_hundred_dots_an_inch_where_nothing_is_said() {
        let bench = Bench::with(&[("one.csv", "study,events,total\nA,8,12\n")]);
        bench.ends(0, &["plot", "radial", "counts.csv", "-o", "x.PNG"]);
        let file = std::fs::read(bench.path().join("x.PNG")).expect("a file");
        assert_eq!(decoded(&file).3, 11811);
        assert!(
            bench.complains(2, &["pool", "one.csv", "-o", "x.png", "--dpi", "5"]).contains("from 10 to 2400")
        );
    }

    /// A machine without a font that has them refuses; one with such a font draws.
    #[test]
    fn characters_that_the_fonts_of_the_program_lack_come_from_the_machine_or_are_named() {
        let table = "study,events,total\n山田 2019,8,12\nنتائج,9,13\n";
        let bench = Bench::with(&[("names.csv", table)]);
        let output = bench.run(&["pool", "names.csv", "-q", "-o", "x.pdf"]);
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => {
                let file = std::fs::read(bench.path().join("x.pdf")).expect("a file");
                assert!(String::from_utf8_lossy(&file).matches("/FontFile").count() > 2);
            }
            code => {
                assert_eq!(code, Some(2), "{said}");
                assert!(said.contains("no font of this machine has") && said.contains(".svg"), "{said}");
                assert!(!bench.path().join("x.pdf").exists());
            }
        }
    }
}

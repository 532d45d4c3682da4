use metaprop::study::read::{ReadOptions, read_bytes};
#[test]
fn messy() {
    let text = "\u{feff}Study;Events;Total\r\n\"A, et al.\";8;12\r\n B ;9;13 \r\nC;NA;20\r\nD;21;1,066\r\n\r\nTotal;38;1091\r\n";
    let table = read_bytes(text.as_bytes(), "messy.csv", &ReadOptions::default()).unwrap();
    println!("{table:#?}");
    for text in ["study,events,total\nA,3,10\nB,24,20\nC,17,5\n", "name,x\nA,3\n", "", "study,events,total\n", "study,events,total\nA,-3,10\nA,3.5,10\nA,three,1.000\nB,1,10,20\n"] {
        println!("{}", read_bytes(text.as_bytes(), "bad.csv", &ReadOptions::default()).unwrap_err());
    }
    println!("{}", read_bytes(b"study,events,total\n\xff\xfe\xfa,1,2\n", "bad.csv", &ReadOptions::default()).unwrap_err());
}

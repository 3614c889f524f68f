import Tabular
import Testing

@testable import traintui

@Suite struct LoadingLineTests {
    private func line(_ bytes: Int, of total: Int?, _ seconds: Double, _ columns: Int, _ name: String = "big.csv")
        -> String
    {
        LoadingLine.text(name, ReadingProgress(bytes: bytes, total: total), seconds: seconds, columns: columns)
    }

    @Test func showsHowMuchHowFastAndHowLong() {
        #expect(
            line(102_760_448, of: 227_798_363, 0.25, 100)
                == "big.csv   45% [=============>................] 103/228 MB  411 MB/s  0.2 s")
        #expect(
            line(227_798_363, of: 227_798_363, 61.5, 100)
                == "big.csv  100% [==============================] 228/228 MB  3.7 MB/s  1:01")
        #expect(line(8_388_608, of: nil, 1.5, 100) == "big.csv  8.4 MB  5.6 MB/s  1.5 s")
    }

    @Test func isAlwaysShorterThanTheTerminal() {
        let full = line(50_000_000, of: 100_000_000, 0.5, 80)
        #expect(full == "big.csv   50% [===============>..............] 50.0/100 MB  100 MB/s  0.5 s")
        #expect(
            line(50_000_000, of: 100_000_000, 0.5, 60) == "big.csv   50% [=======>......] 50.0/100 MB  100 MB/s  0.5 s")
        #expect(line(50_000_000, of: 100_000_000, 0.5, 50) == "big.csv   50% 50.0/100 MB  100 MB/s  0.5 s")
        #expect(line(50_000_000, of: 100_000_000, 0.5, 38) == " 50% 50.0/100 MB  100 MB/s  0.5 s")
        #expect(line(50_000_000, of: 100_000_000, 0.5, 30) == " 50% 50.0/100 MB  100 MB/s")
        #expect(line(50_000_000, of: 100_000_000, 0.5, 20) == " 50% 50.0/100 MB")
        #expect(line(50_000_000, of: 100_000_000, 0.5, 10) == " 50%")
        for columns in 0...90 {
            for name in ["big.csv", "表表表表表表表表.csv", ""] {
                for total in [nil, 0, 100_000_000] {
                    let text = line(50_000_000, of: total, 0.5, columns, name)
                    let extra = name.unicodeScalars.count { $0.value > 0x1000 } * (text.contains("表") ? 1 : 0)
                    #expect(text.count + extra < max(1, columns), "\(columns): \(text)")
                }
            }
        }
    }

    @Test func survivesAnyNumbers() {
        for seconds in [0, -1, .nan, .infinity, 1e300] {
            for total in [nil, 0, 1, Int.max] {
                for bytes in [0, 1, Int.max] { _ = line(bytes, of: total, seconds, 80) }
            }
        }
    }
}

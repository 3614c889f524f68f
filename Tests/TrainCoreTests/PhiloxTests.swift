import Testing
import TrainCore

@Suite struct PhiloxTests {
    /// The "philox4x32 10" lines of Random123's kat_vectors.
    @Test func givesThePublishedVectors() {
        let zeros = Philox(seed: 0, stream: 0).block(0, 0, 0, 0)
        #expect(zeros == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let ones = UInt32.max
        #expect(
            Philox(seed: .max, stream: 0).block(ones, ones, ones, ones)
                == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox(seed: 0x299f_31d0_a409_3822, stream: 0).block(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
                == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func everyStreamOfASeedIsAnother() {
        let words = (0..<100).map { Philox(seed: 42, stream: UInt32($0)).block(0, 0, 0, 0).0 }
        #expect(Set(words).count == 100)
        #expect(Philox(seed: 42, stream: .batches) == Philox(seed: 42, stream: 0))
        #expect(Philox(seed: 42, stream: .split) != Philox(seed: 42, stream: .batches))
    }
}

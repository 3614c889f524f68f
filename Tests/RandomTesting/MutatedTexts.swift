/// Texts as a slip of a hand or a flipped bit leaves them: one to three small changes to one of some good texts. The same
/// number gives the same texts anywhere.
package struct MutatedTexts {
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SplitMix

    /// - Parameters:
    ///   - seeds: the good texts.
    ///   - words: what is put in here and there.
    package init(of seeds: [[UInt8]], words: [[UInt8]], seed: UInt64) {
        self.seeds = seeds
        self.words = words
        random = SplitMix(state: seed)
    }

    package mutating func next() -> [UInt8] {
        var text = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...text.count, using: &random)
            let end = min(text.count, place + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0 where place < text.count: text[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 1 where place < text.count: text[place] = UInt8.random(in: 0...255, using: &random)
            case 2: text.removeSubrange(place..<end)
            case 3: text.insert(contentsOf: text[place..<end], at: place)
            case 4: text.replaceSubrange(place..<end, with: words.randomElement(using: &random) ?? [])
            case 5:
                let other = seeds.randomElement(using: &random) ?? []
                let from = Int.random(in: 0...other.count, using: &random)
                let length = Int.random(in: 0...40, using: &random)
                text.insert(contentsOf: other[from..<min(other.count, from + length)], at: place)
            default: text.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
            }
        }
        return text
    }
}

import TrainProtocol

extension Control {
    /// The target times a factor as a key means it: tidy; at least 1 further where it counts something; the other
    /// way round where it is a flag; the next name or the one before where it stands for names.
    func scaled(by factor: Double) -> SettingValue {
        switch target {
        case .choice(let name):
            let index = choices.firstIndex(of: name) ?? 0
            return .choice(choices[(index + (factor > 1 ? 1 : choices.count - 1)) % max(1, choices.count)])
        case .flag(let isOn): return .flag(!isOn)
        case .number(let number):
            let product = (number * factor).tidied()
            guard isWhole, product.isFinite else { return .number(product) }
            let rounded = product.rounded()
            if rounded != number { return .number(rounded) }
            return .number(factor > 1 ? number + 1 : number - 1)
        }
    }
}

/// The paces that `<` and `>` go through, in steps a second: 1, 2, 5, 10, ... 1,000,000, then as fast as it goes.
enum PaceLadder {
    /// No limit.
    static let unlimited = 0.0
    /// Rising.
    static let rungs: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
        1_000_000,
    ]

    /// The next faster pace.
    static func faster(than pace: Double) -> Double {
        pace == unlimited ? unlimited : rungs.first { $0 > pace } ?? unlimited
    }

    /// The next slower pace; from no limit, the rung below what was observed.
    static func slower(than pace: Double, observed: Double?) -> Double {
        let present = pace == unlimited ? observed ?? rungs[rungs.count - 1] : pace
        return rungs.last { $0 < present } ?? rungs[0]
    }
}

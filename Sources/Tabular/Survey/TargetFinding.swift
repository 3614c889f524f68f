import Wording

/// What a target is found to be: classes or values, and which.
struct TargetFinding {
    /// What is predicted.
    var task: LearningTask
    /// Why, in a few words that are safe to print.
    var reason: String
    /// The classes in the order of their numbers, empty for values.
    var classNames: [String] = []
    /// What each row's text becomes: a class or NaN. Empty where the numbers are looked up in `numbers`.
    var classOfText: [Float] = []
    /// The number of each class, where classes are told from numbers.
    var classNumbers: [Float] = []

    /// What a training needs of its target, by its loss.
    enum Need {
        /// Nobody asks yet.
        case anything
        /// Classes.
        case classes
        /// Values, of which the two classes 0 and 1 are some.
        case values
    }

    /// A network tells no more classes apart: more are rather names, taken for classes by mistake.
    static let mostClasses = 1000
    /// Whole numbers are classes where they are no more than this.
    static let mostNumberClasses = 10
    /// And where each has as many rows on average.
    static let leastRowsOfNumberClass = 5

    /// Classes or values? The rules, the first one that applies:
    ///
    /// 1. What `task` and the loss say.
    /// 2. Text, and yes or no, is classes.
    /// 3. Two different numbers are classes, and so are at most 10 different whole numbers without a hole between them,
    ///    where there are 5 rows for each on average. (AutoGluon takes whole numbers for classes by their share of the
    ///    rows; a hole between them is rather that of a scale.)
    /// 4. All else is values.
    init(
        _ judge: ColumnJudge, _ judgement: ColumnJudgement, task: LearningTask?, need: Need, numbers: NumberFacts,
        file: String
    ) throws(DataError) {
        let name = visible(judge.name)
        func failure(_ what: String) -> DataError { DataError(.badData, "\(file): the target '\(name)' \(what)") }
        switch judgement.role {
        case .empty: throw failure("has no values")
        case .constant: throw failure("is \(judgement.reason); there is nothing to predict")
        case .date where task != .classification:
            throw failure("holds dates; expected numbers or classes, or task = \"classification\"")
        default: break
        }
        let isNumeric = judgement.role == .number || (judgement.role == .yesNo && judgement.isOfNumbers)
        let values = numbers.values ?? []
        if task == .regression {
            if need == .classes { throw failure("is to be values, but the loss is one for classes") }
            guard isNumeric else { throw failure("is no number; expected numbers for a regression") }
            self.init(task: .regression, reason: "as was said")
            return
        }
        let (isClasses, why) = Self.areClasses(judgement, isNumeric: isNumeric, numbers: numbers)
        if isNumeric, task == nil, need != .classes, !isClasses || (need == .values && values.count > 2) {
            self.init(task: .regression, reason: isClasses ? "the loss is one for values" : why)
            return
        }
        self.init(
            task: .classification,
            reason: task != nil ? "as was said" : need == .classes && !isClasses ? "the loss is one for classes" : why)
        if isNumeric {
            guard numbers.isWhole || values.count == 2 else {
                throw failure(
                    "has values from \(numbers.minimum) to \(numbers.maximum), not all whole; expected classes: text or "
                        + "whole numbers")
            }
            guard !values.isEmpty, values.count <= Self.mostClasses else { throw failure(Self.tooMany) }
            classNumbers = values
            classNames = values.map { LevelKey.of($0) }
        } else {
            guard let texts = judge.texts else { preconditionFailure("texts that are classes are read") }
            let isGap = judgement.role == .yesNo ? GapWords.isGapAmongValues : GapWords.isGap
            let levels = Levels(texts.texts, counts: texts.counts, isGap: isGap)
            guard levels.levels.count <= Self.mostClasses else { throw failure(Self.tooMany) }
            let isRare = [.text, .identifier].contains(judgement.role)
            if isRare, task != .classification {
                throw failure("holds text that differs from row to row; expected classes or numbers")
            }
            guard levels.levels.count > 1 else {
                throw failure("is '\(visible(levels.levels[0].name))' or missing; there is nothing to tell apart")
            }
            var ordered = levels.levels
            if ordered.count == 2, LevelKey.no(of: Set(ordered.map(\.key))) == ordered[1].key { ordered.reverse() }
            classNames = ordered.map(\.name)
            let places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1.key, Float($0)) })
            classOfText = levels.keys.map { $0.flatMap { places[$0] } ?? .nan }
        }
        if need == .values, classNames.count > 2 {
            throw failure(
                "has \(classNames.count) classes; expected numbers, or a loss for classes such as "
                    + "sparse_categorical_crossentropy")
        }
    }

    private init(task: LearningTask, reason: String) {
        self.task = task
        self.reason = reason
    }

    private static let tooMany = "has more than \(mostClasses) different values; expected classes"

    private static func areClasses(
        _ judgement: ColumnJudgement, isNumeric: Bool, numbers: NumberFacts
    ) -> (Bool, String) {
        guard isNumeric else { return (true, judgement.reason) }
        guard let values = numbers.values, let least = values.first, let greatest = values.last else {
            return (false, judgement.reason)
        }
        if judgement.role == .yesNo { return (true, judgement.reason) }
        if values.count == 2, numbers.count >= 2 * leastRowsOfNumberClass {
            return (true, "only \(LevelKey.of(least)) and \(LevelKey.of(greatest))")
        }
        let span = "\(values.count) different \(numbers.isWhole ? "whole " : "")numbers"
        guard numbers.isWhole, values.count <= mostNumberClasses else { return (false, judgement.reason) }
        guard greatest - least == Float(values.count - 1) else { return (false, "\(span) with holes between them") }
        guard numbers.count >= leastRowsOfNumberClass * values.count else { return (false, "\(span) in few rows") }
        return (true, "\(span) without a hole")
    }
}

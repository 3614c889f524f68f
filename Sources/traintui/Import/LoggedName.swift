import TrainCore

/// What a logged number is, by the words of its name: `epoch_loss`, `Loss/val`, `train_loss_step`, `val_accuracy`.
struct LoggedName: Equatable {
    /// Which rows it was measured on.
    var rows = Rows.training
    /// How its steps count.
    var count = Count.unsaid
    /// What it is, without the words for rows and counting: "loss", "learning_rate", "accuracy"; "" for the number of an
    /// epoch or another number that is none of a training's.
    var meaning = ""

    enum Rows: Equatable { case training, validation, test }
    enum Count: Equatable {
        /// As Keras counts: epochs, from 0.
        case epochs
        /// Steps.
        case steps
        /// Nobody says.
        case unsaid
    }

    static let loss = "loss"
    static let learningRate = "learning_rate"

    private static let training: Set<Substring> = ["train", "training"]
    private static let validation: Set<Substring> = ["val", "valid", "validation", "eval", "evaluation", "dev"]
    private static let counting: Set<Substring> = ["batch", "step", "steps", "iteration", "iterations", "vs", "epoch"]
    private static let higher: Set<Substring> = [
        "acc", "accuracy", "auc", "f1", "precision", "recall", "score", "r2", "map", "iou", "dice", "bleu", "top1",
        "top5",
    ]

    /// - Parameters:
    ///   - name: a tag or a column's name.
    ///   - folder: the folder's that it was in, where that says which rows it is of.
    init(_ name: String, in folder: String = "") {
        let words = Self.words(name)
        for word in Self.words(folder) + words {
            if Self.validation.contains(word) { rows = .validation }
            if word == "test", rows == .training { rows = .test }
        }
        // Keras's; elsewhere the word stands at the end, and steps count steps.
        if words.first == "epoch" {
            count = .epochs
        } else if words.contains(where: { Self.counting.contains($0) && $0 != "epoch" }) {
            count = .steps
        }
        // How fast it went is no number of the training's.
        if words.suffix(2) == ["per", "second"] { return }
        let rest = words.filter {
            !Self.training.contains($0) && !Self.validation.contains($0) && !Self.counting.contains($0) && $0 != "test"
        }
        meaning = rest.first == "lr" ? Self.learningRate : rest.joined(separator: "_")
    }

    /// Words in small letters: of letters and digits, and a new one at each capital after a small letter.
    static func words(_ name: String) -> [Substring] {
        var text = ""
        var last: Character = " "
        for character in name {
            if character.isUppercase, last.isLowercase { text += " " }
            text += character.isLetter || character.isNumber ? character.lowercased() : " "
            last = character
        }
        return text.split(separator: " ")
    }

    /// Whether more of such a metric is better.
    static func isHigherBetter(_ metric: String) -> Bool {
        if let known = Catalogue.metrics.first(where: { $0.name == metric }) { return known.higherIsBetter }
        return words(metric).contains { higher.contains($0) }
    }
}

import TrainCore

/// A job to measure, on made-up rows: what is in them costs the same as any other.
struct BenchCase {
    let name: String
    private(set) var job: TrainingJob
    let data: Dataset

    init(_ name: String, _ job: TrainingJob, features: Int, rows: Int) {
        self.name = name
        self.job = job
        let targets = type(of: job.loss).targetsAreClasses ? 1 : job.model.layers.last?.units ?? 1
        // A fixed pattern of small numbers; classes are 0.
        let x = (0..<rows * features).map { Float(($0 &* 7919) % 2003) / 1001 - 1 }
        let isClass = type(of: job.loss).targetsAreClasses
        let y = (0..<rows * targets).map { isClass ? 0 : Float(($0 &* 104_729) % 1009) / 504 - 1 }
        data = Dataset(rows: rows, features: features, targets: targets, x: x, y: y)
    }

    /// Somebody's own job and rows. It goes on for as long as it is measured.
    init(_ name: String, _ job: TrainingJob, data: Dataset) {
        self.name = name
        self.job = job
        self.data = data
        self.job.epochs = Self.endless
        self.job.earlyStopping = nil
    }

    /// Epochs that no measurement comes to the end of.
    private static let endless = 1_000_000_000

    /// A few of the rows, to validate on.
    var validation: Dataset {
        let rows = min(256, data.rows)
        return Dataset(
            rows: rows, features: data.features, targets: data.targets, x: Array(data.x.prefix(rows * data.features)),
            y: Array(data.y.prefix(rows * data.targets)))
    }

    /// Floating-point operations of a step's matrix products: two for each weight and row forward, two for its
    /// gradient, and two for the gradient of the layer's inputs where there is a layer below.
    var operationsPerStep: Double {
        var inputs = data.features
        var operations = 0.0
        for (index, layer) in job.model.layers.enumerated() {
            operations += Double((index == 0 ? 4 : 6) * job.batchSize) * Double(inputs) * Double(layer.units)
            inputs = layer.units
        }
        return operations
    }

    /// The book's network for `features` inputs.
    static func book(batchSize: Int = 32) -> TrainingJob {
        TrainingJob(
            model: Sequential([
                Dense(30, activation: .elu, kernelInitializer: .heNormal, kernelRegularizer: .l2(0.05)),
                Dense(1, kernelRegularizer: .l2(0.05)),
            ]),
            epochs: endless, batchSize: batchSize)
    }

    static let book = BenchCase("book", book(), features: 8, rows: 10_989)

    static let builtins = [
        book,
        BenchCase("batch-1", book(batchSize: 1), features: 8, rows: 10_989),
        BenchCase("wide", wide, features: 784, rows: 4096),
    ]

    /// One million weights, 36 MB with the optimizer's moments and the best weights.
    static let million = BenchCase(
        "million",
        TrainingJob(
            model: Sequential([Dense(1024, activation: .relu), Dense(256, activation: .relu), Dense(1)]),
            optimizer: .adam(), epochs: endless, batchSize: 128),
        features: 784, rows: 4096)

    private static let wide = TrainingJob(
        model: Sequential([Dense(512, activation: .relu), Dense(256, activation: .relu), Dense(1)]),
        optimizer: .adam(), epochs: endless, batchSize: 128)

    /// One hidden layer of growing width, batches of growing size: how cost grows.
    static let sweep: [BenchCase] = [8, 32, 128, 512, 2048].flatMap { width in
        [1, 32, 1024].map { batch in
            BenchCase(
                "\(width) units, batch \(batch)",
                TrainingJob(
                    model: Sequential([Dense(width, activation: .relu), Dense(1)]), optimizer: .adam(),
                    epochs: endless, batchSize: batch),
                features: 64, rows: 2048)
        }
    }
}

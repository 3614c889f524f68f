package import TrainProtocol
import Wording

/// The first line of a journal: what the run began with.
package struct JournalHeader: Sendable, Equatable {
    /// The format that this program writes. Format 1, which it reads too, has numbers in the place of switches and names.
    package static let format = 2

    /// The format that the journal is written in.
    package private(set) var format = Self.format

    /// The program that wrote it: "traintui 0.1.0".
    package var program: String
    /// When the run began, in ISO 8601: "2026-03-01T09:30:00Z".
    package var began: String
    /// The job in a word or two.
    package var title: String
    /// The seed.
    package var seed: UInt64
    /// The CPU level whose kernels were in use: "x86-64-v4". All give the same bits; it is here for the day they do not.
    package var kernels: String
    /// Where the rows came from.
    package var data: Source
    /// The SHA-256 of the data's bytes in hexadecimal; nil where they could be read only once, as from a pipe.
    package var dataSHA256: String?
    /// The file of the weights that the run began with; nil where the initializers gave them.
    package var initialWeights: InitialWeights?
    /// The journal of the run that this one went on from, an absolute path; nil where it went on from none. This journal
    /// has all that is in that one.
    package var origin: String?
    /// Where the run was imported from; nil for one that this program trained. An imported run has no job, and cannot be
    /// taken again.
    package var imported: Import?
    /// The job file's text, with all options in it; "" where the run was imported.
    package var job: String

    /// What another program logged of a run.
    package struct Import: Sendable, Equatable {
        /// The kind of log: "tensorboard" or "csv".
        package var format: String
        /// The metrics that are in it.
        package var metrics: [RunDescription.Metric]

        /// An import.
        package init(format: String, metrics: [RunDescription.Metric]) {
            self.format = format
            self.metrics = metrics
        }
    }

    /// Where rows come from.
    package enum Source: Sendable, Equatable {
        /// A table inside the program, by its name.
        case builtin(String)
        /// A file's absolute path.
        case path(String)
    }

    /// A file of weights.
    package struct InitialWeights: Sendable, Equatable {
        /// The file's absolute path.
        package var path: String
        /// The SHA-256 of its bytes in hexadecimal; nil where they could be read only once.
        package var sha256: String?

        /// A file of weights.
        package init(path: String, sha256: String?) {
            self.path = path
            self.sha256 = sha256
        }
    }

    /// A header.
    package init(
        program: String, began: String, title: String, seed: UInt64, kernels: String, data: Source,
        dataSHA256: String?, initialWeights: InitialWeights? = nil, origin: String? = nil,
        imported: Import? = nil, job: String
    ) {
        self.program = program
        self.began = began
        self.title = title
        self.seed = seed
        self.kernels = kernels
        self.data = data
        self.dataSHA256 = dataSHA256
        self.initialWeights = initialWeights
        self.origin = origin
        self.imported = imported
        self.job = job
    }
}

extension JournalHeader {
    /// The header as a line, without its end.
    package var line: String {
        var line = LineWriter(event: "begin")
        line.add("format", Self.format)
        line.add("program", program)
        line.add("began", began)
        line.add("title", title)
        // As a string: many readers of JSON keep no more than 53 bits of a number.
        line.add("seed", "\(seed)")
        line.add("kernels", kernels)
        line.add("data", data.object(dataSHA256))
        if let initialWeights {
            line.add("initial_weights", Source.path(initialWeights.path).object(initialWeights.sha256))
        }
        if let origin { line.add("origin", origin) }
        if let imported { line.add("imported", imported.object) }
        line.add("job", job)
        return line.text
    }

    init(_ line: inout LineReader) throws(JournalFileError) {
        let event = try line.string("event")
        guard event == "begin" else {
            throw line.error("expected the journal's header, not '\(visible(event, limit: 40))'")
        }
        let format = try line.count("format")
        guard (1...Self.format).contains(format) else {
            throw line.error("is written in format \(format); this program reads formats 1 to \(Self.format)")
        }
        self.format = format
        program = try line.string("program")
        began = try line.string("began")
        title = try line.string("title")
        guard let seed = UInt64(try line.string("seed")) else {
            throw line.error("'seed' must be a whole number of 0 or more, in quotes")
        }
        self.seed = seed
        kernels = try line.string("kernels")
        var data = try line.object("data")
        if let name = try data.optionalString("builtin") {
            self.data = .builtin(name)
        } else {
            self.data = .path(try data.string("path"))
        }
        dataSHA256 = try data.optionalSHA256("sha256")
        try data.finish()
        if var weights = try line.optionalObject("initial_weights") {
            initialWeights = InitialWeights(
                path: try weights.string("path"), sha256: try weights.optionalSHA256("sha256"))
            try weights.finish()
        }
        if format > 1 { origin = try line.optionalString("origin") }
        if format > 1, var object = try line.optionalObject("imported") { imported = try Import(&object) }
        job = try line.string("job")
        try line.finish()
    }
}

extension JournalHeader.Source {
    fileprivate func object(_ sha256: String?) -> LineWriter {
        var object = LineWriter()
        switch self {
        case .builtin(let name): object.add("builtin", name)
        case .path(let path): object.add("path", path)
        }
        if let sha256 { object.add("sha256", sha256) }
        return object
    }
}

extension JournalHeader.Import {
    fileprivate var object: LineWriter {
        var object = LineWriter()
        object.add("format", format)
        object.add(
            "metrics",
            metrics.map { metric in
                var object = LineWriter()
                object.add("name", metric.name)
                object.add("higher_is_better", .flag(metric.higherIsBetter))
                return object
            })
        return object
    }

    fileprivate init(_ object: inout LineReader) throws(JournalFileError) {
        format = try object.string("format")
        metrics = []
        for var metric in try object.objects("metrics") {
            let name = try metric.string("name")
            let value = try metric.value("higher_is_better")
            guard case .flag(let isHigher) = value else {
                throw metric.error("'higher_is_better' must be true or false")
            }
            metrics.append(RunDescription.Metric(name: name, higherIsBetter: isHigher))
            try metric.finish()
        }
        try object.finish()
    }
}

import Canvas
import CanvasTesting
import RunModel
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("Looks at errors and layers")
struct LookTests {
    private func screen(_ state: DashboardState, _ name: String, _ width: Int, _ height: Int) {
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: .braille),
            named: "\(name)-\(width)x\(height)")
    }

    /// Values that are predicted with an error that grows with them, and one that is far off.
    static let values: InspectedErrors = {
        let points = (0..<600).map { index -> ValueErrors.Point in
            let truth = 60_000 + Double(index * 7919 % 600) * 900
            let noise = Double(index * index * 31 % 1009) / 1009 - 0.5
            return .init(truth: truth, predicted: index == 17 ? 2_400_000 : truth * (0.95 + 0.3 * noise) + 12_000)
        }
        let residuals = Histogram(points.map { $0.predicted - $0.truth }, bins: 48, share: 0.98)
        let errors = ValueErrors(
            r2: 0.8731, rootMeanSquare: 52_310.25, meanAbsolute: 31_020.5, bias: -1_204.75, residuals: residuals,
            points: points)
        return InspectedErrors(use: .validation, rows: 600, targets: [.init(name: "price", errors: .values(errors))])
    }()

    static let classes: InspectedErrors = {
        let errors = ClassErrors(
            names: ["setosa", "versicolor", "virginica"], accuracy: 0.9133, confusion: [50, 0, 0, 0, 44, 6, 0, 7, 43],
            calibration: [0.45, 0.55, 0.66, 0.74, 0.86, 0.97].enumerated().map {
                .init(probability: $1, share: min(1, $1 - 0.08 + 0.03 * Double($0)), rows: 5 + 20 * $0)
            })
        return InspectedErrors(use: .training, rows: 150, targets: [.init(name: "species", errors: .classes(errors))])
    }()

    static let sizes = [(80, 24), (120, 36), (200, 55), (44, 12)]

    @Test("values, predicted against true", arguments: sizes)
    func ofValues(width: Int, height: Int) throws {
        let state = try InsideTests.state(.character("8"), found: .errors(Self.values))
        screen(state, "errors-values", width, height)
    }

    @Test("the same on the whole screen", arguments: [(80, 24), (120, 36)])
    func zoomed(width: Int, height: Int) throws {
        let state = try InsideTests.state(.character("8"), .character("8"), found: .errors(Self.values))
        screen(state, "errors-values-zoomed", width, height)
    }

    @Test("classes, and which is taken for which", arguments: sizes)
    func ofClasses(width: Int, height: Int) throws {
        let state = try InsideTests.state(.character("8"), .character("8"), found: .errors(Self.classes))
        screen(state, "errors-classes-zoomed", width, height)
    }

    @Test("more classes than there is room for: those with the most errors are told")
    func manyClasses() throws {
        let count = 30
        let confusion = (0..<count * count).map { place in
            let (truth, predicted) = (place / count, place % count)
            return truth == predicted ? 100 + truth : predicted == (truth + 1) % count ? truth * 3 : 0
        }
        let errors = ClassErrors(
            names: (0..<count).map { "variety \($0)" }, accuracy: 0.71, confusion: confusion, calibration: [])
        let found = InspectedErrors(
            use: .validation, rows: 4000, targets: [.init(name: "variety", errors: .classes(errors))])
        screen(try InsideTests.state(.character("8"), found: .errors(found)), "errors-many-classes", 100, 30)
    }

    /// Layers at a step; their norms change with it.
    static func layers(_ count: Int, step: Int) -> InspectedLayers {
        func spread(_ norm: Double, _ width: Double) -> InspectedLayers.Spread {
            .init(
                norm: norm,
                histogram: Histogram(
                    lower: -width, upper: width,
                    counts: (0..<32).map { max(0, 200 - ($0 - 15) * ($0 - 15) * (1 + step % 2)) })
            )
        }
        return InspectedLayers(
            layers: (0..<count).map { index in
                let isLast = index == count - 1
                let norm = 5.6 / Double(index + 1) + Double(step) / 1000
                return .init(
                    units: isLast ? 1 : 30, activation: isLast ? "linear" : "relu", weights: spread(norm, 0.82),
                    gradients: spread(0.81 / (1 + Double(step) / 400), 0.0213), updates: spread(norm * 0.0023, 3.1e-4),
                    dead: isLast ? nil : index * 2, saturated: isLast ? nil : 0, penalty: isLast ? 0 : 0.0321)
            }, loss: 1.0031, rows: 1024)
    }

    /// A dashboard that looked at layers several times.
    private func state(_ keys: Key..., layers count: Int) throws -> DashboardState {
        var state = try InsideTests.state(.character("7"), found: .layers(Self.layers(count, step: 0)), step: 0)
        for key in keys { state.press(key) }
        for step in stride(from: 20, through: 1100, by: 20) {
            let findings = Findings(.layers, branch: .first, step: step, .layers(Self.layers(count, step: step)))
            state.receive(EngineUpdate(events: [.inspected(findings)], progress: state.progress!))
        }
        return state
    }

    @Test("layers: their norms, their units, the penalties", arguments: sizes)
    func layers(width: Int, height: Int) throws {
        screen(try state(layers: 3), "layers", width, height)
    }

    @Test("the same on the whole screen, with what the selected layer's numbers are like", arguments: sizes)
    func layersZoomed(width: Int, height: Int) throws {
        var state = try state(.character("7"), layers: 12)
        state.press(.down, .down)
        screen(state, "layers-zoomed", width, height)
    }

    @Test("looks at steps that were left are forgotten")
    func history() throws {
        var state = try state(layers: 2)
        #expect(state.run.layerHistory.map(\.step) == Array(stride(from: 0, through: 1100, by: 20)))
        let findings = Findings(.layers, branch: .first, step: 500, .layers(Self.layers(2, step: 500)))
        state.receive(EngineUpdate(events: [.inspected(findings)], progress: state.progress!))
        #expect(state.run.layerHistory.map(\.step) == Array(stride(from: 0, through: 480, by: 20)) + [500])
    }

    @Test("numbers that are none harm nobody", arguments: [(40, 10), (80, 24), (200, 55)])
    func hostile(width: Int, height: Int) throws {
        let text = "\u{1B}[31m" + String(repeating: "wide 表", count: 40)
        let nothing = InspectedLayers.Spread(
            norm: .nan, histogram: Histogram(lower: .nan, upper: .infinity, counts: []))
        let values = ValueErrors(
            r2: .nan, rootMeanSquare: .infinity, meanAbsolute: .nan, bias: .nan,
            residuals: Histogram([Double](), bins: 0),
            points: [.init(truth: .nan, predicted: 1), .init(truth: 1, predicted: .infinity)])
        let one = ValueErrors(
            r2: 1, rootMeanSquare: 0, meanAbsolute: 0, bias: 0, residuals: Histogram([0.0, 0], bins: 3),
            points: [.init(truth: 7, predicted: 7)])
        let contents: [(Character, Findings.Content)] = [
            ("7", .layers(InspectedLayers(layers: [], loss: .nan, rows: 0))),
            (
                "7",
                .layers(
                    InspectedLayers(
                        layers: Array(
                            repeating: .init(
                                units: .max, activation: text, weights: nothing, gradients: nothing, updates: nil,
                                dead: .max,
                                saturated: nil, penalty: .infinity), count: 1000), loss: .nan, rows: .max))
            ),
            ("8", .errors(InspectedErrors(use: .test, rows: 0, targets: []))),
            (
                "8",
                .errors(
                    InspectedErrors(use: .training, rows: .max, targets: [.init(name: text, errors: .values(values))]))
            ),
            (
                "8",
                .errors(InspectedErrors(use: .training, rows: 2, targets: [.init(name: text, errors: .values(one))]))
            ),
            (
                "8",
                .errors(
                    InspectedErrors(
                        use: .training, rows: 1,
                        targets: [
                            .init(
                                name: text,
                                errors: .classes(
                                    ClassErrors(
                                        names: [text, ""], accuracy: .nan, confusion: [.max / 4, 0, 1, 0],
                                        calibration: [.init(probability: .nan, share: 2, rows: 0)])))
                        ]))
            ),
        ]
        for (key, content) in contents {
            var state = FakeRun.state(after: 40)
            state.press(.character(key))
            let inspection = try #require(state.requests.inspection)
            state.receive(
                EngineUpdate(
                    events: [.inspected(Findings(inspection, branch: .first, step: 3, content))],
                    progress: state.progress!))
            for _ in 0..<2 {
                for glyphs in GlyphSet.allCases {
                    let frame = render(state, size: Size(width: width, height: height), glyphs: glyphs)
                    #expect(!frame.snapshot.contains("\u{1B}"))
                }
                state.press(.character(key))
            }
        }
    }
}

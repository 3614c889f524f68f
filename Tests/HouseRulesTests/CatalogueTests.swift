import Canvas
import Foundation
import Testing
import ThemeFile
import TrainCore

@testable import Dashboard

/// Whatever has its own file in a catalogue's folder is in the catalogue, and the other way round.
@Suite("Catalogues and their folders agree")
struct CatalogueTests {
    private let tree = SourceTree.ofThisPackage

    private static let catalogues: [(folder: String, conformance: String, types: [Any.Type])] = [
        ("Sources/TrainCore/Activations", "Activation", Catalogue.activations),
        ("Sources/TrainCore/Initializers", "Initializer", Catalogue.initializers),
        ("Sources/TrainCore/Losses", "Loss", Catalogue.losses),
        ("Sources/TrainCore/Metrics", "Metric", Catalogue.metrics),
        ("Sources/TrainCore/Optimizers", "Optimizer", Catalogue.optimizers),
        ("Sources/TrainCore/Schedules", "LearningRateSchedule", Catalogue.schedules),
        ("Sources/Dashboard/Panes", "Pane", Panes.all.map { type(of: $0) }),
    ]

    @Test("of types", arguments: catalogues.indices)
    func types(index: Int) throws {
        let (folder, conformance, types) = Self.catalogues[index]
        let declaration = try Regex("(?m)^(?:public |package )?struct (\\w+)\\b[^{\\n]*: [^{\\n]*\\b\(conformance)\\b")
        let declared = try tree.files(in: folder, ending: "swift").flatMap { file in
            try tree.text(of: file).matches(of: declaration).map { String($0.output[1].substring ?? "") }
        }
        let listed = types.map { "\($0)" }
        #expect(!listed.isEmpty)
        #expect(Set(declared) == Set(listed))
        // Of panes there may be several of a type, as charts.
        #expect(Set(listed).count == listed.count || conformance == "Pane")
        // One idea, one file: a newcomer finds it by its name.
        if folder.hasPrefix("Sources/TrainCore") {
            #expect(Set(listed).isSubset(of: try tree.names(in: folder, ending: "swift")))
        }
    }

    @Test(
        "of records",
        arguments: [
            ("Sources/Dashboard/Bindings", "KeyBinding", "KeyTable.swift"),
            ("Sources/Dashboard/Commands", "TypedCommand", "TypedCommand.swift"),
        ])
    func records(folder: String, type: String, list: String) throws {
        let declaration = try Regex("(?m)^    static let (\\w+): \\[\(type)\\] = \\[$")
        let lists = try tree.files(in: folder, ending: "swift").flatMap { file in
            try tree.text(of: file).matches(of: declaration).map { String($0.output[1].substring ?? "") }
        }
        let sum = try #require(
            try Regex("static let \\w+: \\[\(type)\\] =\\s+(\\w+(?:\\s+\\+ \\w+)+)\\n")
                .firstMatch(in: tree.text(of: "\(folder)/\(list)"))?.output[1].substring)
        #expect(Set(lists) == Set(sum.split { !$0.isLetter }.map(String.init)))
    }

    @Test("of themes")
    func themes() throws {
        #expect(Set(ThemeLibrary.builtins.map(\.name)) == (try tree.names(in: "Themes", ending: "toml")))
    }
}

import FileAccess
import Foundation
import Tabular
import Wording

/// Shows how far the loading of a table is.
///
/// All of it happens on the thread that loads, between two of the table's windows.
struct LoadingDisplay {
    private let name: String
    private var line: PassingLine

    init(_ source: TableRecipe.Source, _ errors: StandardError) {
        line = PassingLine(errors)
        name =
            switch source {
            case .builtin(let name): name
            case .path(let path): visible(URL(filePath: path).lastPathComponent, limit: 40)
            }
    }

    mutating func show(_ progress: ReadingProgress) {
        line.show { LoadingLine.text(name, progress, seconds: $0, columns: $1) }
    }

    /// Erases the line.
    mutating func end() { line.end() }
}

extension PreparedData {
    /// Loads a recipe's table, and shows how far it is.
    static func loadVisibly(
        _ recipe: TableRecipe, seed: UInt64, targetsAreClasses: Bool, _ errors: StandardError
    ) throws(Failure) -> PreparedData {
        var display = LoadingDisplay(recipe.source, errors)
        defer { display.end() }
        do throws(DataError) {
            return try load(recipe, seed: seed, targetsAreClasses: targetsAreClasses) { display.show($0) }
        } catch {
            throw Failure(error)
        }
    }
}

extension SurveyedTable {
    /// Reads a recipe's table and finds out what it holds, and shows how far it is.
    static func readVisibly(
        _ recipe: TableRecipe, targetsAreClasses: Bool? = nil, _ errors: StandardError
    ) throws(Failure) -> SurveyedTable {
        var display = LoadingDisplay(recipe.source, errors)
        defer { display.end() }
        do throws(DataError) {
            return try read(recipe, targetsAreClasses: targetsAreClasses) { display.show($0) }
        } catch {
            throw Failure(error)
        }
    }
}

extension FeatureSpace {
    /// Turns a table into a network's input, and shows how far it is.
    func applyVisibly(
        to source: TableRecipe.Source, withTargets: Bool = false, _ errors: StandardError
    ) throws(Failure) -> AppliedTable {
        var display = LoadingDisplay(source, errors)
        defer { display.end() }
        do throws(DataError) {
            return try apply(to: source, withTargets: withTargets) { display.show($0) }
        } catch {
            throw Failure(error)
        }
    }
}

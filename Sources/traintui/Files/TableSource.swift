import Tabular

/// Where a table comes from that was named on the command line.
enum TableSource {
    /// `-` is standard input.
    static func named(_ path: String) -> TableRecipe.Source { .path(path == "-" ? "/dev/stdin" : path) }
}

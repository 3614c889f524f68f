import CEmbedded

extension TableRecipe.Source {
    /// The CSV file of a table inside the program, with a name to write it under; nil where it is another source.
    public var builtinFile: (name: String, bytes: [UInt8])? {
        switch self {
        case .builtin("storms"):
            let bytes = UnsafeBufferPointer(start: embedded_storms_csv_start(), count: embedded_storms_csv_count)
            return ("storms.csv", Array(bytes))
        case .builtin, .path:
            return nil
        }
    }
}

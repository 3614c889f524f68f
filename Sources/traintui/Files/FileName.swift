/// Names of files that are made of titles, which come from files themselves.
enum FileName {
    /// A title as part of a file's name: it leads to no other folder and hides nothing.
    static func tame(_ title: String) -> String {
        let letters = title.unicodeScalars.prefix(40).map { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar)
                ? Character(scalar) : "_"
        }
        // What begins with a dot is hidden, what begins with a dash is taken for an option.
        let name = String(letters.drop { $0 == "." || $0 == "-" })
        return name.isEmpty ? "run" : name
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The folders of the person who runs the program, by the XDG Base Directory Specification.
package enum HomeFolder {
    /// `$XDG_STATE_HOME`, or `~/.local/state`; nil where nobody knows the person's home.
    package static var state: String? { folder("XDG_STATE_HOME", else: ".local/state") }

    /// `$XDG_CONFIG_HOME`, or `~/.config`; nil where nobody knows the person's home.
    package static var configuration: String? { folder("XDG_CONFIG_HOME", else: ".config") }

    /// The specification has relative paths ignored; an empty one is none.
    private static func folder(_ variable: String, else place: String) -> String? {
        absolute(variable) ?? home.map { "\($0)/\(place)" }
    }

    private static var home: String? {
        if let home = absolute("HOME") { return home }
        guard let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir else { return nil }
        let path = String(cString: folder)
        return path.hasPrefix("/") ? path : nil
    }

    private static func absolute(_ variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        let path = String(cString: value)
        return path.hasPrefix("/") ? path : nil
    }
}
